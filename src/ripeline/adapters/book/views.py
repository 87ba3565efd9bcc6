"""Saved views of the list of leads."""

import sqlite3
from urllib.parse import parse_qsl

from ripeline.intake.erased import Tombstones
from ripeline.vocabulary.saved_views import SavedView

_VIEW = "v.number, v.login, l.name, v.name, v.address, v.shared FROM saved_views v JOIN logins l ON l.number = v.login"


def views_for(db: sqlite3.Connection, login: int) -> list[SavedView]:
    """Return the views that somebody may use, their own first."""
    rows = db.execute(
        f"SELECT {_VIEW} WHERE v.login = ? OR v.shared ORDER BY v.login <> ?, v.name, v.number", (login, login)
    )
    return [SavedView(number, whose, by, name, kept, bool(shared)) for number, whose, by, name, kept, shared in rows]


def save_view(db: sqlite3.Connection, view: SavedView, at_us: int) -> None:
    """Write a view down in place of another one of theirs that has its name, inside a transaction."""
    db.execute(
        "INSERT INTO saved_views (login, name, address, shared, made_us) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (login, name) DO UPDATE SET address = excluded.address, shared = excluded.shared",
        (view.login, view.name, view.address, view.shared, at_us),
    )


def change_view(db: sqlite3.Connection, number: int, name: str, *, shared: bool) -> None:
    """Give a view another name, and share it or no more, inside a transaction."""
    db.execute("UPDATE saved_views SET name = ?, shared = ? WHERE number = ?", (name, shared, number))


def delete_view(db: sqlite3.Connection, number: int) -> None:
    """Delete a view, inside a transaction."""
    db.execute("DELETE FROM saved_views WHERE number = ?", (number,))


def remove_views(db: sqlite3.Connection, stones: Tombstones) -> None:
    """Remove views that name somebody who was erased."""
    for number, name, address in db.execute("SELECT number, name, address FROM saved_views").fetchall():
        said = [name, *(text for _, text in parse_qsl(address))]
        if any(stones.told_in(one) for one in said):
            delete_view(db, number)
