"""The only place that chooses adapters."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import duckdb

from ripeline.adapters import templates
from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.adapters.columnar.store import Store, connect
from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.leads import StoredHistory
from ripeline.adapters.engines.python import PythonEngine
from ripeline.adapters.engines.results import format_of
from ripeline.adapters.history.from_records import store_histories
from ripeline.adapters.history.importer import FileImporter
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.adapters.sources.demo_company import DemoFiles, write_demo_company
from ripeline.adapters.sources.files import open_source, text_rows
from ripeline.adapters.tables.references import ShippedReferences
from ripeline.entry.workspace import Workspace
from ripeline.ports import Engine, References, SourceFile
from ripeline.vocabulary.history import LeadHistory
from ripeline.vocabulary.issues import InputError

ENGINES = ("duckdb", "python")


def references() -> References:
    """Return the tables that ship."""
    return ShippedReferences()


@contextmanager
def opened_book(workspace: Workspace) -> Iterator[SqliteBook]:
    """Open the book of a workspace."""
    book = SqliteBook(workspace.book)
    try:
        yield book
    finally:
        book.close()


@contextmanager
def opened_store(workspace: Workspace) -> Iterator[Store]:
    """Open the current cut of a workspace's history."""
    with opened_book(workspace) as book:
        cut = book.cut()
    con = _connection(workspace)
    try:
        yield Store(con, workspace.root, cut)
    finally:
        con.close()


def _connection(workspace: Workspace) -> duckdb.DuckDBPyConnection:
    try:
        return connect(workspace.memory_limit, workspace.threads)
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


@contextmanager
def opened_importer(workspace: Workspace, at_us: int) -> Iterator[FileImporter]:
    """Open what imports files into a workspace; at_us goes into the log of manifests."""
    with opened_book(workspace) as book:
        con = _connection(workspace)
        try:
            yield FileImporter(con, HistoryWriter(con, book, workspace.root), workspace.root, at_us)
        finally:
            con.close()


def open_file(importer: FileImporter, file: Path) -> SourceFile:
    """Read a file for an importer, or raise InputError."""
    return open_source(importer.con, file)


def read_moments(store: Store, file: Path) -> list[tuple[str, str]]:
    """Return the (lead, as_of) rows of a file, as text."""
    opened = open_source(store.con, file)
    missing = [name for name in ("lead", "as_of") if name not in opened.kinds]
    if missing:
        raise InputError(f"{file} has no column {' and no column '.join(missing)}; it needs lead and as_of")
    return [(lead, as_of) for lead, as_of in text_rows(store.con, opened, ("lead", "as_of"))]


def template_names() -> tuple[str, ...]:
    """Return the names of the definitions to start from."""
    return tuple(templates.template_names())


def template(name: str) -> str:
    """Return the text of a definition to start from."""
    return templates.load_template(name)


def write_demo_files(folder: Path) -> DemoFiles:
    """Write the files of the invented company."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_demo_company(folder)


def demo_definition() -> str:
    """Return the definition of the invented company."""
    return resources.files("ripeline.adapters.sources.demo").joinpath("qualification.yaml").read_text(encoding="utf-8")


@contextmanager
def stored_histories(folder: Path, leads: Mapping[str, LeadHistory]) -> Iterator[Store]:
    """Store histories made in Python in an empty folder, and open them."""
    workspace = Workspace(folder)
    with opened_book(workspace) as book:
        con = connect()
        writer = HistoryWriter(con, book, folder)
        store_histories(writer, leads)
        writer.commit("cases", 0)
        con.close()
    with opened_store(workspace) as store:
        yield store
