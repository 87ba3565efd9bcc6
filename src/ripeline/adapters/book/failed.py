"""Events that do not count: looked at, sent again once they are repaired, or dismissed."""

import sqlite3

from ripeline.adapters.book.inbox import insert
from ripeline.adapters.book.sqlite import transaction
from ripeline.ports.intake import FailedEvent, Request
from ripeline.vocabulary.issues import InputError

_SELECT = (
    "SELECT position, place, received_us, f.key_id, f.kind, reason, detail, event, failed_id, source, state "
    "FROM failed_events f JOIN write_keys USING (key_id)"
)


def failed_events(db: sqlite3.Connection, before: int, most: int) -> list[FailedEvent]:
    """Return failed events that nobody has dealt with, with smaller numbers than one, the youngest first."""
    query = f"{_SELECT} WHERE failed_id < ? AND state = 'failed' ORDER BY failed_id DESC LIMIT ?"
    return [FailedEvent(*row) for row in db.execute(query, (before, most))]


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
    """Put a failed event into the inbox again; return its new position."""
    with transaction(db):
        position = insert(db, request)
        _set_state(db, failed.id, "replayed")
    return position


def dismiss(db: sqlite3.Connection, failed: FailedEvent) -> None:
    """Leave a failed event out for good; it is kept."""
    _set_state(db, failed.id, "dismissed")


def _set_state(db: sqlite3.Connection, failed_id: int, state: str) -> None:
    db.execute("UPDATE failed_events SET state = ? WHERE failed_id = ?", (state, failed_id))
