"""Imports files into a workspace and undoes imports, also while its server runs."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread
from typing import Final

import duckdb

from ripeline.adapters.book.imports import ImportingBook
from ripeline.adapters.history.importer import FileImporter
from ripeline.adapters.history.undoing import Undo
from ripeline.adapters.history.writer import HistoryWriter, writing_history
from ripeline.adapters.sources.files import open_source, text_rows
from ripeline.entry.bootstrap.history import connection
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.workspace import Workspace
from ripeline.ports.files import EventFile, Imported, LeadFile, OutcomeFile, SourceFile
from ripeline.ports.imports import Import, Undoing
from ripeline.ports.scores import Progress, unwatched
from ripeline.vocabulary.issues import InputError

SAMPLE: Final = 1_000
"""Rows by which columns are guessed."""

SHOWN: Final = 8
LOOKS_EVERY_S: Final = 0.1


@contextmanager
def opened_imports(workspace: Workspace) -> Iterator[ImportingBook]:
    """Open the book of a workspace to import."""
    book = ImportingBook(workspace.book)
    try:
        yield book
    finally:
        book.close()


@contextmanager
def opened_importer(workspace: Workspace, at_us: int, *, by: str = "", dry: bool = False) -> Iterator[FileImporter]:
    """Open what imports files into a workspace; at_us and by go into the log. dry: nothing is stored."""
    with writing_history(workspace.root), opened_imports(workspace) as book:
        con = connection(workspace)
        try:
            yield FileImporter(con, book, workspace.root, at_us, by=by, dry=dry)
        finally:
            con.close()


def open_file(importer: FileImporter, file: Path) -> SourceFile:
    """Read a file for an importer, or raise InputError."""
    return open_source(importer.con, file)


@dataclass(frozen=True, slots=True)
class Look:
    """What a file holds: how many rows, its first ones, values of each column that are not empty, and refused lines."""

    rows: int
    first: Sequence[Sequence[str]]
    columns: Mapping[str, Sequence[str]]
    refused: Sequence[tuple[int, str, str]]


def look_into(workspace: Workspace, file: Path) -> Look:
    """Read a file to guess what it is, or raise InputError."""
    con = connection(workspace)
    try:
        opened = open_source(con, file)
        rows = text_rows(con, opened, tuple(opened.kinds), SAMPLE) if opened.kinds else []
    finally:
        con.close()
    columns = {name: [row[place] for row in rows if row[place]] for place, name in enumerate(opened.kinds)}
    return Look(opened.rows, rows[:SHOWN], columns, sorted(opened.rejects)[:SHOWN])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be imported: which file, what it is called, how it is read, and by whom.

    dry: nothing is stored, only told what would be.
    """

    file: Path
    name: str
    how: LeadFile | EventFile | OutcomeFile | None
    source: str
    zone: str
    at_us: int
    by: str
    dry: bool = False


def bring_in(workspace: Workspace, wanted: Wanted, progress: Progress) -> Imported:
    """Import a file. how: None where it holds calls."""
    progress("waiting until nobody else writes", None)
    with opened_importer(workspace, wanted.at_us, by=wanted.by, dry=wanted.dry) as importer:
        progress("reading the file", None)
        opened = replace(open_file(importer, wanted.file), file=wanted.name)
        with _stoppable(importer, progress if wanted.dry else unwatched, "comparing it with what is there"):
            return _brought_in(importer, opened, wanted)


def _brought_in(importer: FileImporter, opened: SourceFile, wanted: Wanted) -> Imported:
    source, zone = wanted.source, references().zone(wanted.zone)
    match wanted.how:
        case LeadFile() as how:
            return importer.leads(opened, how, source, zone)
        case EventFile() as how:
            return importer.events(opened, how, source, zone)
        case OutcomeFile() as how:
            return importer.outcomes(opened, how, source, zone)
        case None:
            return importer.calls(opened, source, zone)


@contextmanager
def _stoppable(importer: FileImporter, progress: Progress, doing: str) -> Iterator[None]:
    """Stop what the engine does once progress is answered by InputError: it says nothing for as long as a query takes."""
    over = Event()

    def watch() -> None:
        is_stopped = False
        while not over.wait(LOOKS_EVERY_S):
            try:
                progress(doing, None)
            except InputError:
                is_stopped = True
            if is_stopped:
                importer.con.interrupt()

    watching = Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    except (duckdb.Error, InputError):
        progress(doing, None)
        raise
    finally:
        over.set()
        watching.join()


def rejects_of(workspace: Workspace, number: int) -> Path | None:
    """Return the file of rows that an import refused, None where there is none."""
    name = next((one.rejects for one in list_imports(workspace) if one.number == number), None)
    found = None if name is None else workspace.root / "rejects" / name
    return found if found is not None and found.is_file() else None


def list_imports(workspace: Workspace) -> Sequence[Import]:
    """Return all imports, the youngest first."""
    with opened_imports(workspace) as book:
        return book.imports()


def what_undoing_takes(workspace: Workspace, number: int) -> tuple[Import, Undoing]:
    """Return an import, and what undoing it would take away. InputError where there is nothing to undo."""
    with _opened_undo(workspace, number) as (one, undo):
        return one, undo.told


def undo_import(workspace: Workspace, number: int, at_us: int, by: str = "") -> tuple[Import, Undoing]:
    """Leave an import out of history from here on, as if it had never been. InputError where there is nothing to undo.

    Everything is as before where this breaks off. A server that runs notices, as it notices an import.
    """
    with writing_history(workspace.root), _opened_undo(workspace, number) as (one, undo):
        undo.carry_out(at_us, by)
        return one, undo.told


@contextmanager
def _opened_undo(workspace: Workspace, number: int) -> Iterator[tuple[Import, Undo]]:
    with opened_imports(workspace) as book:
        imports, con = book.imports(), connection(workspace)
        try:
            one = _to_undo(imports, number)
            yield one, Undo(HistoryWriter(con, book, workspace.root), book, imports, one)
        finally:
            con.close()


def _to_undo(imports: Sequence[Import], number: int) -> Import:
    found = next((one for one in imports if one.number == number), None)
    if found is None:
        raise InputError(f"there is no import {number}; `ripeline import list` shows them")
    if found.undone_us is not None:
        raise InputError(f"import {number} was undone before")
    return found
