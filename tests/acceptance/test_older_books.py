"""A book that an earlier release wrote is brought to the form of this one, and what it says stays."""

import re
import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest

from ripeline.adapters.book.sqlite import SqliteBook, known_form

pytestmark = pytest.mark.acceptance

MIGRATIONS = sorted((files("ripeline.adapters.book") / "migrations").iterdir(), key=lambda script: script.name)


def tables(book: Path) -> dict[str, str]:
    db = sqlite3.connect(book)
    try:
        return dict(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())
    finally:
        db.close()


@pytest.mark.parametrize("form", range(1, known_form()))
def test_a_book_of_an_earlier_form_becomes_as_a_new_one(tmp_path: Path, form: int) -> None:
    old, new = tmp_path / "old.sqlite", tmp_path / "new.sqlite"
    db = sqlite3.connect(old)
    for script in MIGRATIONS[:form]:
        # SQLite keeps comments inside a statement as part of it; a book is made without them.
        db.executescript(re.sub(r"(?m)^ *--.*\n", "", script.read_text(encoding="utf-8")))
    db.execute("UPDATE counters SET next = 42 WHERE name = 'sequence'")
    db.execute(f"PRAGMA user_version = {form}")
    db.commit()
    db.close()
    for path in (old, new):
        SqliteBook(path).close()
    assert tables(old) == tables(new)
    book = SqliteBook(old)
    assert book.counters() == {"identifier": 1, "sequence": 42}
    book.close()
