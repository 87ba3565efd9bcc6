"""The only place that chooses adapters."""

import sqlite3
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from ripeline.adapters import templates
from ripeline.adapters.book.failed import dismiss, failed_event, failed_events, replay
from ripeline.adapters.book.inbox import InboxWriter, SqliteInbox, connected, last_position
from ripeline.adapters.book.keys import (
    KeyRing,
    create_token,
    create_write_key,
    listed_keys,
    revoke_write_key,
    scopes_of,
)
from ripeline.adapters.book.sqlite import COMPACTION, SqliteBook
from ripeline.adapters.columnar.store import Store, connect
from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.leads import StoredHistory
from ripeline.adapters.engines.live_scores import LiveScores
from ripeline.adapters.engines.python import PythonEngine
from ripeline.adapters.engines.results import format_of
from ripeline.adapters.history.called import store_calls
from ripeline.adapters.history.from_records import store_histories
from ripeline.adapters.history.importer import FileImporter
from ripeline.adapters.history.tail import Tail
from ripeline.adapters.history.writer import HistoryWriter, writing_history
from ripeline.adapters.sources.demo_company import DemoFiles, write_demo_company
from ripeline.adapters.sources.files import open_source, text_rows
from ripeline.adapters.tables.references import ShippedReferences
from ripeline.entry.workspace import Workspace
from ripeline.intake.calls import Call
from ripeline.plan.nodes import Plan
from ripeline.ports import Engine, FailedEvent, References, SourceFile
from ripeline.usecases.apply_inbox import NO_END, InboxReader
from ripeline.usecases.replay import replayed
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
def opened_store(workspace: Workspace, position: int = NO_END) -> Iterator[Store]:
    """Open a workspace's history: the files of its last cut, and what was accepted behind them up to a position."""
    live = LiveHistory(workspace)
    try:
        live.advance(position)
        yield live.store
    finally:
        live.close()


class LiveHistory:
    """The files of the last cut and, in memory, what was accepted since; for one thread.

    touched, imported: the identifiers that took part since somebody emptied it, and whether files came by import.
    """

    def __init__(
        self, workspace: Workspace, *, keeps_failed: bool = False, fields: Container[str] | None = None
    ) -> None:
        """Open it at the last cut.

        keeps_failed: events that do not count are written down on the way. fields: the fields of events that
        anybody will ask for, None for all.
        """
        self._workspace, self._keeps_failed, self._fields = workspace, keeps_failed, fields
        self._book = SqliteBook(workspace.book)
        self._inbox = SqliteInbox(workspace.book)
        self._con = _connection(workspace)
        self.touched = set[str]()
        self.imported = False
        self._open()

    def _open(self) -> None:
        self._tail = Tail(self._con, self._book, self._workspace.root)
        self._reader = InboxReader(self._inbox, self._tail.known, self._tail.cut.position)
        self.behind = 0

    @property
    def store(self) -> Store:
        """What there is, as tables."""
        return Store(self._con, self._workspace.root, self._tail.whole)

    @property
    def position(self) -> int:
        """How far was read."""
        return self._reader.position

    def advance(self, until: int = NO_END) -> int:
        """Read what was accepted since, and imported; return the position reached."""
        while self.step(until):
            pass
        return self.position

    def step(self, until: int = NO_END) -> bool:
        """Read a stretch of what was accepted since; say whether there was anything to do.

        What was read once stays readable after it: the position never goes back.
        """
        reached, before = self.position, self._tail.cut.number
        found = self._reader.read_on(until)
        if self._book.cut_number() != before:
            # Files were written meanwhile and requests may have left the inbox unread: start from these files.
            self.imported |= self._book.imported_since(before)
            self._open()
            self.advance(reached)
            return True
        if found is not None:
            self._take(*found)
        return found is not None

    def _take(self, calls: Sequence[Call], failed: Sequence[FailedEvent]) -> None:
        self._tail.append(calls, self._fields)
        self.behind += len(calls)
        self.touched.update(one for call in calls for one in (call.user, call.device, call.previous) if one)
        if self._keeps_failed:
            self._inbox.note_applied(self.position, failed)

    def start_over(self) -> None:
        """Read everything behind the last cut anew, where something went wrong on the way; all scores are due."""
        reached, self.imported = self.position, True
        self._open()
        self.advance(reached)

    def close(self) -> None:
        """Close it."""
        self._con.close()
        self._inbox.close()
        self._book.close()


def live_scores(plan: Plan, number: int) -> LiveScores:
    """Return the place of everybody's current scores by a plan."""
    return LiveScores(plan, f"live_{number}")


def compact(workspace: Workspace, until: int, at_us: int) -> None:
    """Write what was accepted up to a position to files of history, and take it out of the inbox."""
    con, inbox = _connection(workspace), SqliteInbox(workspace.book)
    try:
        with writing_history(workspace.root), opened_book(workspace) as book:
            writer = HistoryWriter(con, book, workspace.root)
            reader, calls = InboxReader(inbox, writer.known, writer.cut.position), list[Call]()
            while found := reader.read_on(until):
                calls.extend(found[0])
            store_calls(writer, calls)
            writer.commit(COMPACTION, at_us, reader.position)
        inbox.forget(reader.position)
    finally:
        con.close()
        inbox.close()


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
    with writing_history(workspace.root), opened_book(workspace) as book:
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


@contextmanager
def opened_server_book(workspace: Workspace) -> Iterator["BookOfServer"]:
    """Open what the server asks of the book, for a command."""
    with _book_connection(workspace) as db:
        yield BookOfServer(db)


class BookOfServer:
    """The book as the server's own thread uses it: keys, tokens, positions, failed events."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Take the connection of this thread."""
        self._db = db
        self.keys = KeyRing(db)

    def scopes_of(self, token: str) -> frozenset[str]:
        """Return what an API token allows."""
        return scopes_of(self._db, token)

    def accepted(self) -> int:
        """Return the position of the last request that is safe."""
        return last_position(self._db)

    def failed_events(self, before: int, most: int) -> list[FailedEvent]:
        """Return failed events, the youngest first."""
        return failed_events(self._db, before, most)

    def replay(self, failed_id: int, repaired: Mapping[str, Any] | None, now_us: int) -> int:
        """Send a failed event again, as it was or repaired; return its new position."""
        failed = failed_event(self._db, failed_id)
        return replay(self._db, failed, replayed(failed, repaired, now_us))

    def dismiss(self, failed_id: int) -> None:
        """Leave a failed event out for good."""
        dismiss(self._db, failed_event(self._db, failed_id))


def open_inbox(workspace: Workspace) -> InboxWriter:
    """Start the thread that writes requests down."""
    return InboxWriter(workspace.book)


def make_write_key(workspace: Workspace, kind: str, source: str, origins: Sequence[str], at_us: int) -> str:
    """Make a write key and return it."""
    with _book_connection(workspace) as db:
        return create_write_key(db, kind, source, origins, at_us)


def list_write_keys(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the write keys in use, web keys with what they are."""
    with _book_connection(workspace) as db:
        return listed_keys(db)


def take_back_write_key(workspace: Workspace, key_id: int, at_us: int) -> None:
    """Take a write key out of use, or raise InputError where there is none."""
    with _book_connection(workspace) as db:
        revoke_write_key(db, key_id, at_us)


def make_token(workspace: Workspace, name: str, scopes: Sequence[str], at_us: int) -> str:
    """Make an API token and return it."""
    with _book_connection(workspace) as db:
        return create_token(db, name, scopes, at_us)


@contextmanager
def _book_connection(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    with opened_book(workspace):
        pass  # brought to its current form
    db = connected(workspace.book)
    try:
        yield db
    finally:
        db.close()
