"""What people have still to be told of handoffs, and the secret that their links are signed with."""

import json
import secrets
import sqlite3

from ripeline.adapters.book.sqlite import transaction
from ripeline.vocabulary.happenings import Telling

SECRET_BYTES = 32


def add_telling(db: sqlite3.Connection, new: Telling) -> None:
    """Write down that people have to be told, inside the transaction that makes it true."""
    row = (new.type, new.number, new.at_us, new.sequence, json.dumps(new.to))
    db.execute("INSERT INTO tellings (type, number, at_us, sequence, told) VALUES (?, ?, ?, ?, ?)", row)


def tellings(db: sqlite3.Connection, most: int) -> list[Telling]:
    """Return what people have still to be told, in order."""
    rows = db.execute("SELECT type, number, at_us, sequence, told, entry FROM tellings ORDER BY entry LIMIT ?", (most,))
    return [
        Telling(type_, number, at_us, sequence, tuple(json.loads(told)), entry)
        for type_, number, at_us, sequence, told, entry in rows.fetchall()
    ]


def take_telling(db: sqlite3.Connection, entry: int) -> bool:
    """Cross out what is told now, inside the transaction that puts it into the outbox; say whether it still stood."""
    return db.execute("DELETE FROM tellings WHERE entry = ?", (entry,)).rowcount == 1


def link_secret(db: sqlite3.Connection) -> bytes:
    """Return what links are signed with; it is made when it is asked for first."""
    found = db.execute("SELECT secret FROM link_secret").fetchone()
    if found is None:
        with transaction(db):
            made = "INSERT INTO link_secret SELECT ? WHERE NOT EXISTS (SELECT 1 FROM link_secret)"
            db.execute(made, (secrets.token_bytes(SECRET_BYTES),))
        found = db.execute("SELECT secret FROM link_secret").fetchone()
    return bytes(found[0])
