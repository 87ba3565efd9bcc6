"""Notes about leads, and who is to see them."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from ripeline.intake.erased import Tombstones
from ripeline.vocabulary.notes import Note

_COLUMNS = "n.number, n.lead, n.login, n.by, n.at_us, n.text"


def add_note(db: sqlite3.Connection, note: Note, mentions: Iterable[int]) -> Note:
    """Keep a note, for those to see who are named in it, inside a transaction; return it with its number."""
    row = (note.lead, note.login, note.by, note.at_us, note.text)
    number = db.execute("INSERT INTO notes (lead, login, by, at_us, text) VALUES (?, ?, ?, ?, ?)", row).lastrowid or 0
    db.executemany("INSERT INTO mentions VALUES (?, ?)", [(number, login) for login in mentions])
    return replace(note, number=number)


def notes_of(db: sqlite3.Connection, leads: Collection[str]) -> list[Note]:
    """Return the notes about some names of a lead, the youngest first."""
    found: list[Note] = []
    for lead in leads:
        found += [Note(*row) for row in db.execute(f"SELECT {_COLUMNS} FROM notes n WHERE lead = ?", (lead,))]
    return sorted(found, key=lambda one: (-one.at_us, -one.number))


def note_of(db: sqlite3.Connection, number: int) -> Note | None:
    """Return a note, None where there is none."""
    row = db.execute(f"SELECT {_COLUMNS} FROM notes n WHERE number = ?", (number,)).fetchone()
    return None if row is None else Note(*row)


def mentions_of(db: sqlite3.Connection, login: int, most: int) -> list[Note]:
    """Return the notes in which somebody is named who has not seen them, the youngest first."""
    query = f"SELECT {_COLUMNS} FROM mentions m JOIN notes n ON n.number = m.note WHERE m.login = ? ORDER BY n.number DESC LIMIT ?"
    return [Note(*row) for row in db.execute(query, (login, most))]


def note_seen(db: sqlite3.Connection, number: int, login: int) -> None:
    """Write down that somebody has seen a note in which they are named."""
    db.execute("DELETE FROM mentions WHERE (note, login) = (?, ?)", (number, login))


# ---- erasing ------------------------------------------------------------------------------------------------


def erased_notes(db: sqlite3.Connection, stones: Tombstones) -> Iterator[int]:
    """Yield the numbers of notes that are about somebody who was erased, or name them."""
    for number, lead, at_us, text in db.execute("SELECT number, lead, at_us, text FROM notes"):
        if stones.is_name(lead.partition(":")[2], at_us) or stones.told_in(text, at_us):
            yield number


def remove_notes(db: sqlite3.Connection, numbers: Collection[int]) -> None:
    """Remove notes, inside a transaction."""
    db.executemany("DELETE FROM mentions WHERE note = ?", [(number,) for number in numbers])
    db.executemany("DELETE FROM notes WHERE number = ?", [(number,) for number in numbers])
