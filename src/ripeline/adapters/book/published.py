"""Which version of each definition is published, drafts of further ones, and who signed them."""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace

from ripeline.adapters.book.sqlite import transaction
from ripeline.ports.definitions import Draft, Published, PublishedMeanwhileError, Signature

_COLUMNS = "name, fingerprint, text, at_us, comment, number, position, by"


def versions(db: sqlite3.Connection, name: str | None = None) -> list[Published]:
    """Return everything that was published, of one definition or of all, in order."""
    query = f"SELECT {_COLUMNS} FROM published WHERE name = coalesce(?, name) ORDER BY number"
    return [Published(*row) for row in db.execute(query, (name,))]


def live(db: sqlite3.Connection) -> dict[str, Published]:
    """Return the version of each definition that is live, by name."""
    query = f"SELECT {_COLUMNS} FROM published WHERE number IN (SELECT max(number) FROM published GROUP BY name)"
    return {one.name: one for one in (Published(*row) for row in db.execute(query))}


def last_number(db: sqlite3.Connection) -> int:
    """Return the number of what was published last, 0 where nothing was."""
    (number,) = db.execute("SELECT max(number) FROM published").fetchone()
    return number or 0


def publish(db: sqlite3.Connection, new: Published, instead_of: int, put_in_place: Callable[[], object]) -> Published:
    """Make a version live and return it with its number.

    instead_of: the number of the version that it was previewed against, 0 for none. put_in_place: done last,
    so that it happens exactly where the book is going to say so.

    Raises PublishedMeanwhileError where another version is live by now.
    """
    with transaction(db):
        before = live(db).get(new.name)
        if (0 if before is None else before.number) != instead_of:
            raise PublishedMeanwhileError(new.name)
        row = (new.name, new.fingerprint, new.text, new.at_us, new.comment, new.by)
        query = "INSERT INTO published (name, fingerprint, text, at_us, comment, by) VALUES (?, ?, ?, ?, ?, ?)"
        number = db.execute(query, row).lastrowid
        db.execute("DELETE FROM drafts WHERE name = ? AND text = ?", (new.name, new.text))
        put_in_place()
    return replace(new, number=number or 0)


def note_live(db: sqlite3.Connection, numbers: Iterable[int], position: int) -> None:
    """Write down from which position on versions are scored by, where that is not known yet."""
    rows = [(position, number) for number in numbers]
    with transaction(db):
        db.executemany("UPDATE published SET position = ? WHERE number = ? AND position IS NULL", rows)


def draft(db: sqlite3.Connection, name: str) -> Draft | None:
    """Return the draft of a definition."""
    row = db.execute("SELECT name, text, at_us, by FROM drafts WHERE name = ?", (name,)).fetchone()
    return None if row is None else Draft(*row)


def save_draft(db: sqlite3.Connection, draft: Draft) -> None:
    """Keep a draft in the place of the one before."""
    row = (draft.name, draft.text, draft.at_us, draft.by)
    db.execute("INSERT OR REPLACE INTO drafts (name, text, at_us, by) VALUES (?, ?, ?, ?)", row)


def drop_draft(db: sqlite3.Connection, name: str) -> None:
    """Keep no draft of a definition any more."""
    db.execute("DELETE FROM drafts WHERE name = ?", (name,))


def sign(db: sqlite3.Connection, signature: Signature) -> None:
    """Write down that somebody agreed to a text for a team, in the place of who did before."""
    db.execute(
        "INSERT OR REPLACE INTO signatures (definition, digest, side, login, by, at_us) VALUES (?, ?, ?, ?, ?, ?)",
        (signature.definition, signature.digest, signature.side, signature.login, signature.by, signature.at_us),
    )


def unsign(db: sqlite3.Connection, definition: str, digest: str, side: str) -> None:
    """Take a team's signature back."""
    db.execute("DELETE FROM signatures WHERE (definition, digest, side) = (?, ?, ?)", (definition, digest, side))


def signatures(db: sqlite3.Connection, definition: str) -> list[Signature]:
    """Return who signed which texts of a definition, by text and team."""
    query = (
        "SELECT definition, digest, side, login, by, at_us FROM signatures WHERE definition = ? ORDER BY digest, side"
    )
    return [Signature(*row) for row in db.execute(query, (definition,))]
