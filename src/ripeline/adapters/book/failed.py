"""Events that do not count: looked at, sent again once they are repaired, or dismissed."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from ripeline.adapters.book.inbox import insert
from ripeline.ports.intake import FailedEvent, Request
from ripeline.vocabulary.issues import InputError

LAST: Final = 2**63 - 1
"""Behind every number."""

_SELECT = (
    "SELECT position, place, received_us, f.key_id, f.kind, reason, detail, event, failed_id, source, state "
    "FROM failed_events f JOIN write_keys USING (key_id)"
)


def failed_events(db: sqlite3.Connection, before: int, most: int) -> list[FailedEvent]:
    """Return failed events that nobody has dealt with, with smaller numbers than one, the youngest first."""
    query = f"{_SELECT} WHERE failed_id < ? AND state = 'failed' ORDER BY failed_id DESC LIMIT ?"
    return [FailedEvent(*row) for row in db.execute(query, (before, most))]


def failed_at(db: sqlite3.Connection, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], FailedEvent]:
    """Return what failed of the events at some places, dealt with or not."""
    query = f"{_SELECT} WHERE position = ? AND place = ?"
    rows = (row for place in places for row in db.execute(query, place))
    return {(row[0], row[1]): FailedEvent(*row) for row in rows}


def failed_reasons(db: sqlite3.Connection, until: int = LAST) -> dict[str, int]:
    """Return how many failed events nobody has dealt with, by reason, those up to a number."""
    query = "SELECT reason, count(*) FROM failed_events WHERE state = 'failed' AND failed_id <= ? GROUP BY reason"
    return dict(db.execute(f"{query} ORDER BY 2 DESC, 1", (until,)).fetchall())


def failed_of_reason(db: sqlite3.Connection, reason: str, before: int, most: int) -> list[FailedEvent]:
    """Return those of one reason, with smaller numbers than one, the youngest first."""
    query = f"{_SELECT} WHERE failed_id < ? AND state = 'failed' AND reason = ? ORDER BY failed_id DESC LIMIT ?"
    return [FailedEvent(*row) for row in db.execute(query, (before, reason, most))]


def dismiss_reason(db: sqlite3.Connection, reason: str, until: int) -> int:
    """Leave all out for good that failed for a reason, up to a number, inside a transaction; return how many."""
    query = "UPDATE failed_events SET state = 'dismissed' WHERE state = 'failed' AND reason = ? AND failed_id <= ?"
    return db.execute(query, (reason, until)).rowcount


def failed_event(db: sqlite3.Connection, failed_id: int) -> FailedEvent:
    """Return one failed event, or raise InputError where it is none, or none any more."""
    row = db.execute(f"{_SELECT} WHERE failed_id = ?", (failed_id,)).fetchone()
    if row is None:
        raise InputError(f"there is no failed event {failed_id}")
    found = FailedEvent(*row)
    if found.state != "failed":
        raise InputError(f"failed event {failed_id} is {found.state} already")
    return found


def replay(db: sqlite3.Connection, failed: FailedEvent, request: Request) -> int:
    """Put a failed event into the inbox again, inside a transaction; return its new position."""
    position = insert(db, request)
    _set_state(db, failed.id, "replayed")
    return position


def replay_some(db: sqlite3.Connection, some: Sequence[tuple[FailedEvent, Request]]) -> int:
    """Put several failed events into the inbox again, inside a transaction; return how many."""
    for failed, request in some:
        replay(db, failed, request)
    return len(some)


def dismiss(db: sqlite3.Connection, failed: FailedEvent) -> None:
    """Leave a failed event out for good, inside a transaction; it is kept."""
    _set_state(db, failed.id, "dismissed")


def _set_state(db: sqlite3.Connection, failed_id: int, state: str) -> None:
    db.execute("UPDATE failed_events SET state = ? WHERE failed_id = ?", (state, failed_id))
