"""A book looked at as it is, without changing it, and a copy of one moment of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ripeline.adapters.book.erasures import backups_before, erasures, outlived_by
from ripeline.adapters.book.sqlite import form_of, known_form, last_cut, migrate
from ripeline.ports.scores import Progress
from ripeline.ports.workspace import BookLook, BookState
from ripeline.vocabulary.issues import InputError

PAGES_AT_ONCE = 2_000
MOST_PROBLEMS = 5
Shape = dict[tuple[str, str], list[tuple[str, str, int]]]


@contextmanager
def looked_at(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a book for reading alone, at one moment: what others write meanwhile is not seen, and nobody waits."""
    if not path.is_file():
        raise InputError(f"{path} does not exist")
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)) as db:
        try:
            db.execute("PRAGMA trusted_schema = OFF")
            db.execute("BEGIN")
            db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.DatabaseError as error:
            raise InputError(f"{path} is not a book of Ripeline: {error}") from error
        yield db


def copy_book(source: Path, target: Path, progress: Progress) -> None:
    """Write one moment of a book to a new file of its own; writers go on meanwhile."""
    with looked_at(source) as book, closing(sqlite3.connect(target, isolation_level=None)) as copy:

        def report(_: int, remaining: int, total: int) -> None:
            progress("copying the book", 1 - remaining / max(total, 1))

        # It is thrown away where the machine fails: waiting for the disk would only make others wait for it too.
        copy.execute("PRAGMA synchronous = OFF")
        book.backup(copy, pages=PAGES_AT_ONCE, progress=report)
        # One file that needs no others beside it.
        copy.execute("PRAGMA journal_mode = DELETE")


def look_at(path: Path) -> BookLook:
    """Return how a book is, also where somebody or something made it unreadable."""
    try:
        with looked_at(path) as db:
            form, known, broken = form_of(db), known_form(), tuple(_damage(db))
            if form != known or broken:
                return BookLook(damage=broken, form=form, known_form=known)
            wrong = tuple(_misshapen(db))
            return BookLook(form=form, known_form=known, misshapen=wrong, state=None if wrong else _state(db))
    except InputError as error:
        return BookLook(unopened=str(error))
    except (sqlite3.Error, ValueError, TypeError) as error:
        return BookLook(damage=(str(error),))


def _damage(db: sqlite3.Connection) -> list[str]:
    """Return what SQLite finds broken in a book's file, the first few."""
    rows = db.execute(f"PRAGMA quick_check({MOST_PROBLEMS})").fetchall()
    return [str(row[0]) for row in rows if row[0] != "ok"]


def _misshapen(db: sqlite3.Connection) -> list[str]:
    """Return the tables, indexes, views and triggers of a book of the current form that are not as it says."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrate(fresh)
        wanted = _shape(fresh)
    found = _shape(db)
    return sorted(
        {name for kind, name in wanted.keys() | found.keys() if wanted.get((kind, name)) != found.get((kind, name))}
    )


def _shape(db: sqlite3.Connection) -> Shape:
    names = db.execute("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'").fetchall()
    columns = "SELECT name, type, hidden FROM pragma_table_xinfo(?)"
    return {(kind, name): db.execute(columns, (name,)).fetchall() for kind, name in names}


def _state(db: sqlite3.Connection) -> BookState:
    """Return what a book of the current form tells of history and inbox."""
    cut = last_cut(db)
    behind = "FROM inbox WHERE position > ?"
    count, oldest_us = db.execute(f"SELECT count(*), min(received_us) {behind}", (cut.position,)).fetchone()
    accepted = db.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'inbox'").fetchone()[0]
    applied = db.execute("SELECT position FROM progress WHERE reader = 'apply'").fetchone()[0]
    unapplied_us = db.execute(f"SELECT min(received_us) {behind}", (applied,)).fetchone()[0]
    youngest = (
        "SELECT max(at) FROM (SELECT max(received_us) AS at FROM inbox UNION ALL SELECT max(at_us) FROM manifests)"
    )
    keyless = "SELECT count(*) FROM inbox WHERE key_id NOT IN (SELECT key_id FROM write_keys)"
    named = db.execute("SELECT path FROM files").fetchall()
    last = next(iter(erasures(db)), None)
    return BookState(
        cut=cut,
        accepted=accepted,
        applied=applied,
        waiting=count,
        oldest_us=oldest_us,
        unapplied_us=unapplied_us,
        youngest_us=db.execute(youngest).fetchone()[0],
        keyless=db.execute(keyless).fetchone()[0],
        named=frozenset(path for (path,) in named),
        erased_us=None if last is None else last.at_us,
        unremoved=() if last is None else tuple(outlived_by(db, last.manifest)),
        backups=() if last is None else tuple(backups_before(db, last.at_us)),
    )
