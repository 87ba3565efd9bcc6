"""Opens history: for imports, and for what reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.adapters.columnar.store import Store, connect
from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.files import format_of
from ripeline.adapters.engines.leads import StoredHistory
from ripeline.adapters.engines.python import PythonEngine
from ripeline.adapters.history.readers import Reading
from ripeline.adapters.sources.files import open_source, text_rows
from ripeline.entry.workspace import Workspace
from ripeline.ports.scores import Engine
from ripeline.vocabulary.issues import InputError

ENGINES = ("duckdb", "python")


@contextmanager
def opened_book(workspace: Workspace) -> Iterator[SqliteBook]:
    """Open the book of a workspace."""
    book = SqliteBook(workspace.book)
    try:
        yield book
    finally:
        book.close()


@contextmanager
def opened_reading(workspace: Workspace) -> Iterator[None]:
    """Read files of a workspace that somebody may be erasing from; the book is in its current form then."""
    reading = Reading(workspace.root)
    try:
        with opened_book(workspace) as book:
            reading.follow(book.generation)
        yield
    finally:
        reading.close()


def connection(workspace: Workspace) -> duckdb.DuckDBPyConnection:
    try:
        return connect(workspace.memory_limit, workspace.threads, workspace.root / "spill")
    except duckdb.Error as error:
        raise InputError(f"ripeline.toml: the engine refuses its settings: {str(error).splitlines()[0]}") from error


def engine_of(store: Store, name: str) -> Engine:
    """Return the engine of a name in ENGINES."""
    return PythonEngine(store) if name == "python" else DuckEngine(store)


def must_be_writable(file: Path) -> None:
    """Raise InputError where scores cannot be written to such a file."""
    format_of(file)


def history_of(store: Store) -> StoredHistory:
    """Return what is stored of single leads."""
    return StoredHistory(store)


def read_moments(store: Store, file: Path) -> list[tuple[str, str]]:
    """Return the (lead, as_of) rows of a file, as text."""
    opened = open_source(store.con, file)
    missing = [name for name in ("lead", "as_of") if name not in opened.kinds]
    if missing:
        raise InputError(f"{file} has no column {' and no column '.join(missing)}; it needs lead and as_of")
    return [(lead, as_of) for lead, as_of in text_rows(store.con, opened, ("lead", "as_of"))]
