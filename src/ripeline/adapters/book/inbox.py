"""The inbox: requests are safe on disk before they are answered, many in one commit."""

import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ripeline.adapters.book.keys import all_keys
from ripeline.adapters.book.sqlite import transaction
from ripeline.intake.decisions import Decision, written
from ripeline.intake.dispositions import DISPOSITIONS, Disposition, written_dispositions
from ripeline.intake.outcomes import OUTCOMES, Outcome, written_outcomes
from ripeline.ports.intake import BY_HAND, FailedEvent, Request, UnavailableError, WriteKey

MOST_TOGETHER = 256
"""Requests in one commit."""

MOST_READ, LARGEST_READ = 1_000, 2**23
"""Requests, and bytes of them, that are read at once: well under a second's work, after which scores can follow."""

_INSERT = "INSERT INTO inbox (received_us, key_id, kind, retried, sent_at, body) VALUES (?, ?, ?, ?, ?, ?)"
_FAILED = (
    "INSERT OR IGNORE INTO failed_events (position, place, received_us, key_id, kind, reason, detail, event) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)

Done = Callable[[int | UnavailableError], None]
"""Told the position of a request that is safe, or why it is not."""


class InboxWriter:
    """One thread that commits requests in groups; whoever waits is told after the commit."""

    def __init__(self, path: Path) -> None:
        """Open the book and start."""
        self._path = path
        self._waiting: queue.SimpleQueue[tuple[Request, Done] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
        self._thread.start()

    def put(self, request: Request, done: Done) -> None:
        """Have a request written; `done` is called from another thread."""
        self._waiting.put((request, done))

    def close(self) -> None:
        """Write what waits, then stop."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        db = connected(self._path)
        while group := self._next_group():
            _write(db, group)
        db.close()

    def _next_group(self) -> list[tuple[Request, Done]]:
        first = self._waiting.get()
        group = [] if first is None else [first]
        while group and len(group) < MOST_TOGETHER and not self._waiting.empty():
            following = self._waiting.get()
            if following is None:
                self._waiting.put(None)
                break
            group.append(following)
        return group


def connected(path: Path) -> sqlite3.Connection:
    """Return a connection to a book that commits durably and waits its turn."""
    db = sqlite3.connect(path, isolation_level=None, timeout=30)
    db.execute("PRAGMA synchronous = FULL")
    # What is deleted is overwritten: requests hold what people said.
    db.execute("PRAGMA secure_delete = ON")
    return db


def _write(db: sqlite3.Connection, group: list[tuple[Request, Done]]) -> None:
    try:
        db.execute("BEGIN IMMEDIATE")
        positions = [insert(db, request) for request, _ in group]
        _note_used(db, (request for request, _ in group))
        db.execute("COMMIT")
    except sqlite3.Error as error:
        with suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        for _, done in group:
            done(UnavailableError(str(error)))
        return
    for position, (_, done) in zip(positions, group, strict=True):
        done(position)


def insert(db: sqlite3.Connection, request: Request) -> int:
    """Write a request, inside a transaction; return its position."""
    row = (request.received_us, request.key_id, request.kind, request.retried, request.sent_at, request.body)
    return int(db.execute(_INSERT, row).lastrowid or 0)


def _note_used(db: sqlite3.Connection, requests: Iterable[Request]) -> None:
    """Note when keys were used last, inside a transaction."""
    last = {one.key_id: one.received_us for one in requests}
    db.executemany("UPDATE write_keys SET last_us = ? WHERE key_id = ?", [(at, key) for key, at in last.items()])


def decide(db: sqlite3.Connection, decisions: Iterable[Decision]) -> int:
    """Write decisions, inside a transaction; return the position of the last."""
    rows = (Request(one.at_us, BY_HAND, written(one), one.kind) for one in decisions)
    return max(insert(db, row) for row in rows)


def tell_outcomes(db: sqlite3.Connection, outcomes: Sequence[Outcome], now_us: int) -> int:
    """Write outcomes that somebody told, all together; return their position."""
    with transaction(db):
        return insert(db, Request(now_us, BY_HAND, written_outcomes(outcomes), OUTCOMES))


def tell_dispositions(db: sqlite3.Connection, dispositions: Sequence[Disposition], now_us: int) -> int:
    """Write what sales answered, inside a transaction; return the position of all of it."""
    return insert(db, Request(now_us, BY_HAND, written_dispositions(dispositions), DISPOSITIONS))


def waiting(db: sqlite3.Connection, after: int, until: int) -> list[tuple[int, Request]]:
    """Return (position, request) behind a position, up to another, in order: not all, where they are many."""
    cursor = db.execute(
        "SELECT position, received_us, key_id, body, kind, retried, sent_at FROM inbox "
        "WHERE position > ? AND position <= ? ORDER BY position",
        (after, until),
    )
    found, size = [], 0
    for position, received_us, key_id, body, kind, retried, sent_at in cursor:
        found.append((position, Request(received_us, key_id, body, kind, bool(retried), sent_at)))
        size += len(body)
        if len(found) == MOST_READ or size > LARGEST_READ:
            break
    # An open cursor would keep this connection from writing.
    cursor.close()
    return found


def latest(db: sqlite3.Connection, until: int, most: int) -> list[tuple[int, Request]]:
    """Return (position, request) of what clients sent last, up to a position, the youngest first: not all, where they are large."""
    cursor = db.execute(
        "SELECT position, received_us, key_id, body, kind, retried, sent_at FROM inbox "
        "WHERE position <= ? AND key_id <> ? ORDER BY position DESC LIMIT ?",
        (until, BY_HAND, most),
    )
    found, size = [], 0
    for position, received_us, key_id, body, kind, retried, sent_at in cursor:
        found.append((position, Request(received_us, key_id, body, kind, bool(retried), sent_at)))
        size += len(body)
        if size > LARGEST_READ:
            break
    cursor.close()
    return found


def last_position(db: sqlite3.Connection) -> int:
    """Return the position of the last request that was ever accepted."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'inbox'").fetchone()
    return 0 if row is None else int(row[0])


def received_behind(db: sqlite3.Connection, position: int) -> int | None:
    """Return when the first request behind a position was received, None where there is none."""
    query = "SELECT received_us FROM inbox WHERE position > ? ORDER BY position LIMIT 1"
    row = db.execute(query, (position,)).fetchone()
    return None if row is None else int(row[0])


def note_applied(db: sqlite3.Connection, position: int, failed: Sequence[FailedEvent]) -> None:
    """Move on to a position, and keep the events up to it that do not count; once, however often it is said."""
    rows = [
        (one.position, one.place, one.received_us, one.key_id, one.kind, one.reason, one.detail, one.event)
        for one in failed
    ]
    with transaction(db):
        db.executemany(_FAILED, rows)
        db.execute("UPDATE progress SET position = max(position, ?) WHERE reader = 'apply'", (position,))


def forget(db: sqlite3.Connection, until: int, at_once: int = 200) -> None:
    """Remove requests that are history, a few in one transaction, so that nobody waits long."""
    query = "DELETE FROM inbox WHERE position IN (SELECT position FROM inbox WHERE position <= ? LIMIT ?)"
    while db.execute(query, (until, at_once)).rowcount:
        pass


class SqliteInbox:
    """The inbox as its reader sees it, over one connection."""

    def __init__(self, path: Path) -> None:
        """Open the book."""
        self.db = connected(path)

    def waiting(self, after: int, until: int) -> Sequence[tuple[int, Request]]:
        """Return (position, request) behind a position, up to another, in order: not all, where they are many."""
        return waiting(self.db, after, until)

    def keys(self) -> Mapping[int, WriteKey]:
        """Return all write keys there ever were, by their number."""
        return all_keys(self.db)

    def note_applied(self, position: int, failed: Sequence[FailedEvent]) -> None:
        """Remember how far was read, and the events up to there that do not count."""
        note_applied(self.db, position, failed)

    def decide(self, decisions: Iterable[Decision]) -> int:
        """Write decisions, all together; return the position of the last."""
        with transaction(self.db):
            return decide(self.db, decisions)

    def forget(self, until: int) -> None:
        """Remove requests that are history."""
        forget(self.db, until)

    def empty_log(self) -> None:
        """Leave nothing of removed requests in the book's write-ahead log, unless somebody is at work on it."""
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close it."""
        self.db.close()
