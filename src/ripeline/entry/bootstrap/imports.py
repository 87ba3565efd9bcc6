"""Imports files into a workspace and undoes imports, also while its server runs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ripeline.adapters.book.imports import ImportingBook
from ripeline.adapters.history.importer import FileImporter
from ripeline.adapters.history.undoing import Undo
from ripeline.adapters.history.writer import HistoryWriter, writing_history
from ripeline.adapters.sources.files import open_source
from ripeline.entry.bootstrap.history import connection
from ripeline.entry.workspace import Workspace
from ripeline.ports.files import SourceFile
from ripeline.ports.imports import Import, Undoing
from ripeline.vocabulary.issues import InputError


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
