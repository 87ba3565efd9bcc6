"""The outbox: messages are written down with what they tell of, and each is seen through to its end."""

import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from ripeline.adapters.book.sqlite import transaction
from ripeline.handoff.destinations import lane
from ripeline.handoff.retry import Answer, Following, State
from ripeline.ports.outbox import Attempt, Promised, Taken
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.messages import Message

MOST_AT_ONCE = 500

_MESSAGE = "id, kind, destination, about, sequence, type, body, made_us"
_PROMISED = f"""
    SELECT o.number, o.state, o.due_us, o.tried, a.at_us, a.status, a.error, {_MESSAGE}
    FROM outbox o LEFT JOIN attempts a
        ON a.message = o.number AND a.attempt = (SELECT max(attempt) FROM attempts WHERE message = o.number)
"""
# A step for each lane, however many messages wait in it.
_WAITING_LANES = """
    WITH RECURSIVE lanes (lane) AS (
        SELECT min(lane) FROM outbox WHERE state = 'waiting'
        UNION ALL
        SELECT (SELECT min(lane) FROM outbox WHERE state = 'waiting' AND lane > lanes.lane) FROM lanes WHERE lane IS NOT NULL
    )
    SELECT lane, (SELECT min(due_us) FROM outbox o WHERE o.state = 'waiting' AND o.lane = lanes.lane)
    FROM lanes WHERE lane IS NOT NULL
"""
_DUE = f"SELECT {_MESSAGE}, tried FROM outbox WHERE state = 'waiting' AND lane = ? AND due_us <= ? ORDER BY due_us, number LIMIT ?"
_NOTE = """
    INSERT INTO attempts SELECT number, 1 + (SELECT count(*) FROM attempts WHERE message = number), ?, ?, ?
    FROM outbox WHERE id = ?
"""


# ---- written by whoever decides what is told, inside its transaction -------------------------------------------------


def put(db: sqlite3.Connection, messages: Iterable[Message]) -> list[str]:
    """Write messages down inside the caller's transaction; return their ids, made here where they have none."""
    ids = []
    for one in messages:
        ids.append(one.id or new_id())
        row = (ids[-1], one.kind, one.destination, one.about, one.sequence, one.type, one.body, one.made_us)
        db.execute(
            f"INSERT INTO outbox ({_MESSAGE}, lane, due_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, lane(one.kind, one.destination), one.made_us),
        )
    return ids


def new_id() -> str:
    """Return an id that nothing else has."""
    return f"msg_{secrets.token_hex(16)}"


def next_sequence(db: sqlite3.Connection, lead: str) -> int:
    """Return the number of the next happening that is told of a lead, inside the caller's transaction; from 1 on."""
    row = db.execute(
        "INSERT INTO message_sequences VALUES (?, 1) ON CONFLICT (lead) DO UPDATE SET last = last + 1 RETURNING last",
        (lead,),
    ).fetchone()
    return int(row[0])


# ---- the sender's ----------------------------------------------------------------------------------------------------


def waiting_lanes(db: sqlite3.Connection) -> dict[str, int]:
    """Return the lanes in which messages wait, each with the instant when the first of them is due."""
    return dict(db.execute(_WAITING_LANES).fetchall())


def due(db: sqlite3.Connection, way: str, at_us: int, most: int) -> list[Taken]:
    """Take messages of a lane that are due, the longest due first, inside a transaction: they are being sent now."""
    rows = db.execute(_DUE, (way, at_us, most)).fetchall()
    taken = [Taken(Message(*row), way, tried) for *row, tried in rows]
    for one in taken:
        db.execute("UPDATE outbox SET state = 'sending', begun = 0 WHERE id = ?", (one.message.id,))
    return taken


def begin(db: sqlite3.Connection, message_id: str) -> None:
    """Write down, for good, that a message may arrive from here on."""
    db.execute("UPDATE outbox SET begun = 1 WHERE id = ?", (message_id,))


def settle(db: sqlite3.Connection, message_id: str, at_us: int, answer: Answer, then: Following) -> None:
    """Write down what an attempt came to, inside a transaction; nothing where the message was erased meanwhile."""
    if db.execute(_NOTE, (at_us, answer.status, answer.error, message_id)).rowcount:
        db.execute(
            "UPDATE outbox SET state = ?, due_us = ?, tried = tried + 1, begun = 0 WHERE id = ?",
            (then.state, at_us if then.due_us is None else then.due_us, message_id),
        )


def take_over(db: sqlite3.Connection, at_us: int, answer: Answer) -> list[str]:
    """See to messages that somebody was sending who is no more; return the ids of those nobody knows of.

    What cannot have arrived, or may arrive twice, waits again. answer: what is noted of the others.
    """
    with transaction(db):
        rows = db.execute("SELECT id FROM outbox WHERE state = 'sending' AND begun ORDER BY number").fetchall()
        begun = [message_id for (message_id,) in rows]
        for message_id in begun:
            settle(db, message_id, at_us, answer, Following("uncertain"))
        db.execute("UPDATE outbox SET state = 'waiting' WHERE state = 'sending'")
    return begun


def give_up(db: sqlite3.Connection, way: str, at_us: int, answer: Answer) -> None:
    """Give up what waits in a lane, inside a transaction."""
    rows = db.execute("SELECT id FROM outbox WHERE state = 'waiting' AND lane = ? LIMIT ?", (way, MOST_AT_ONCE))
    for (message_id,) in rows.fetchall():
        settle(db, message_id, at_us, answer, Following("dead"))


# ---- holding back ----------------------------------------------------------------------------------------------------


def hold(db: sqlite3.Connection) -> None:
    """Hold back everything that waits, inside a transaction."""
    db.execute("UPDATE outbox SET state = 'held' WHERE state = 'waiting'")


def is_copy(db: sqlite3.Connection) -> bool:
    """Say whether this book is a copy that may not send yet."""
    return db.execute("SELECT 1 FROM outbox_holds").fetchone() is not None


def hold_copy(db: sqlite3.Connection, at_us: int, answer: Answer) -> None:
    """Let a copy of a book send nothing that the original sends, until it is released."""
    take_over(db, at_us, answer)
    with transaction(db):
        hold(db)
        db.execute("INSERT INTO outbox_holds VALUES (?)", (at_us,))


def release(db: sqlite3.Connection, *, held_too: bool) -> int:
    """Let a book send from now on; held_too: also what was held back. Return how many messages that are."""
    with transaction(db):
        db.execute("DELETE FROM outbox_holds")
        if not held_too:
            return 0
        return db.execute("UPDATE outbox SET state = 'waiting', due_us = made_us WHERE state = 'held'").rowcount


# ---- looked at, and sent again by hand -------------------------------------------------------------------------------


def promised(db: sqlite3.Connection, state: State | None, before: int, most: int) -> list[Promised]:
    """Return messages, of one state or all, with smaller numbers than one, the youngest first."""
    which, values = ("", ()) if state is None else ("AND o.state = ?", (state,))
    query = f"{_PROMISED} WHERE o.number < ? {which} ORDER BY o.number DESC LIMIT ?"
    return [_read(row) for row in db.execute(query, (before, *values, most)).fetchall()]


def promised_one(db: sqlite3.Connection, message_id: str) -> Promised:
    """Return one message, or raise InputError where there is none."""
    row = db.execute(f"{_PROMISED} WHERE id = ?", (message_id,)).fetchone()
    if row is None:
        raise InputError(f'there is no message "{message_id}"; list them with: ripeline outbox list')
    return _read(row)


def _read(row: Sequence[object]) -> Promised:
    number, state, due_us, tried, at_us, status, error, *message = row
    last = None if at_us is None else Attempt(at_us, status, error)  # type: ignore[arg-type]
    return Promised(number, Message(*message), state, due_us if state == "waiting" else None, tried, last)  # type: ignore[arg-type]


def attempts(db: sqlite3.Connection, number: int) -> list[Attempt]:
    """Return all attempts to deliver a message, in order."""
    rows = db.execute("SELECT at_us, status, error FROM attempts WHERE message = ? ORDER BY attempt", (number,))
    return [Attempt(*row) for row in rows.fetchall()]


def counts(db: sqlite3.Connection) -> Mapping[str, int]:
    """Return how many messages there are in each state."""
    return dict(db.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())


def resend(db: sqlite3.Connection, message_id: str) -> None:
    """Have a message sent again from the start of the ladder, whatever became of it; InputError where that cannot be."""
    with transaction(db):
        found = promised_one(db, message_id)
        if found.state == "sending":
            raise InputError(f"{message_id} is being sent at this moment; look again soon")
        _again(db, "id = ?", (message_id,))


def give_up_one(db: sqlite3.Connection, message_id: str, at_us: int, answer: Answer) -> Promised:
    """Give one message up that waits or is held back, inside a transaction; InputError where it cannot be."""
    found = promised_one(db, message_id)
    if found.state == "sending":
        raise InputError(f"{message_id} is being sent at this moment; look again soon")
    if found.state not in {"waiting", "held"}:
        raise InputError(f"{message_id} is {found.state}: only what is still to be sent can be given up")
    settle(db, message_id, at_us, answer, Following("dead"))
    return found


def resend_dead(db: sqlite3.Connection, destination: str | None) -> int:
    """Have everything sent again that was given up, to one destination or to all; return how many messages that are."""
    with transaction(db):
        return _again(db, "state = 'dead' AND (? IS NULL OR destination = ?)", (destination, destination))


def _again(db: sqlite3.Connection, which: str, values: tuple[object, ...]) -> int:
    # Due since it was made: whoever asks may have another clock than the server.
    again = "UPDATE outbox SET state = 'waiting', due_us = made_us, tried = 0, begun = 0"
    return db.execute(f"{again} WHERE {which}", values).rowcount
