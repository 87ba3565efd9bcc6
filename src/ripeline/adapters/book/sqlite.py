"""The book in SQLite: one writer, durable at every commit, migrated when opened."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path

from ripeline.adapters.book.erasures import generation, tombstones
from ripeline.intake.erased import Tombstones
from ripeline.ports.history import COMPACTION, Cut, HistoryFile
from ripeline.vocabulary.issues import InputError

MOST_NUMBERED = 2**63 - 1
"""No row has a greater number; SQLite cannot be asked for one."""


class SqliteBook:
    """The book of one workspace."""

    def __init__(self, path: Path) -> None:
        """Open or make the book, and bring it to the current form."""
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_private(path)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")
            migrate(self._db)
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise InputError(f"{path} is not a book of Ripeline: {error}") from error

    def close(self) -> None:
        """Close the book."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the book alone; commit at the end, or nothing where an error leaves."""
        with transaction(self._db):
            yield

    def cut(self) -> Cut:
        """Return the current state of the history."""
        return last_cut(self._db)

    def cut_number(self) -> int:
        """Return the number of the current state."""
        return _last_manifest(self._db)[0]

    def imported_since(self, number: int) -> bool:
        """Say whether a manifest after this one brought something that was not in the inbox before."""
        query = "SELECT EXISTS (SELECT 1 FROM manifests WHERE number > ? AND cause <> ?)"
        return bool(self._db.execute(query, (number, COMPACTION)).fetchone()[0])

    def add(
        self,
        new: Sequence[HistoryFile],
        cause: str,
        at_us: int,
        counters: dict[str, int],
        position: int | None = None,
        without: Sequence[HistoryFile] = (),
    ) -> int:
        """Make the next manifest with further files and advanced counters; return its number.

        position: where in the inbox the files end, None for where they ended before. without: files that it names
        no more.
        """
        last, ended = _last_manifest(self._db)
        number = last + 1
        self._db.execute(
            "INSERT INTO manifests VALUES (?, ?, ?, ?)", (number, cause, at_us, ended if position is None else position)
        )
        for file in new:
            self._db.execute(
                "INSERT INTO files (kind, path, rows, least_ts, columns, from_manifest) VALUES (?, ?, ?, ?, ?, ?)",
                (file.kind, file.path, file.rows, file.least_ts, json.dumps(file.columns), number),
            )
        for file in without:
            self._db.execute("UPDATE files SET until_manifest = ? WHERE path = ?", (number, file.path))
        for name, following in counters.items():
            self._db.execute("UPDATE counters SET next = ? WHERE name = ?", (following, name))
        return number

    def outlived(self, before_us: int) -> list[str]:
        """Return the paths of files that no manifest names since an instant."""
        query = "SELECT path FROM files JOIN manifests ON number = until_manifest WHERE at_us <= ? ORDER BY file_id"
        return [path for (path,) in self._db.execute(query, (before_us,))]

    def forget_file(self, path: str) -> None:
        """Forget a file that is gone."""
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))

    def tombstones(self) -> Tombstones:
        """Return who was erased."""
        return tombstones(self._db)

    def generation(self) -> int:
        """Return how many erasures there were: files that an earlier one left are not read by now."""
        return generation(self._db)

    def counters(self) -> dict[str, int]:
        """Return the next free numbers by their names."""
        return dict(self._db.execute("SELECT name, next FROM counters").fetchall())


def _make_private(path: Path) -> None:
    """Make a new book readable by its owner alone: keys and what people did stand in it."""
    if not path.exists():
        with suppress(OSError):  # what cannot be made cannot be opened either, which tells more
            path.touch(mode=0o600)


def last_cut(db: sqlite3.Connection) -> Cut:
    """Return the current state of the history that a book of the current form tells."""
    number, position = _last_manifest(db)
    rows = db.execute(
        "SELECT kind, path, rows, least_ts, columns FROM files WHERE from_manifest <= ? "
        "AND (until_manifest IS NULL OR until_manifest > ?) ORDER BY file_id",
        (number, number),
    ).fetchall()
    return Cut(number, tuple(_history_file(*row) for row in rows), position)


def _last_manifest(db: sqlite3.Connection) -> tuple[int, int]:
    query = "SELECT number, position FROM manifests ORDER BY number DESC LIMIT 1"
    number, position = db.execute(query).fetchone()
    return number, position


def form_of(db: sqlite3.Connection) -> int:
    """Return how many migrations made a book what it is."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def known_form() -> int:
    """Return the form that this Ripeline brings books to."""
    return len(_scripts())


def migrate(db: sqlite3.Connection) -> None:
    """Bring a book to the current form, or raise InputError where it is of a newer one."""
    done, scripts = form_of(db), _scripts()
    if done > len(scripts):
        raise InputError(f"the book was written by a newer Ripeline (form {done}, known {len(scripts)})")
    for number, script in enumerate(scripts[done:], start=done + 1):
        with transaction(db):
            for statement in _statements(script):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {number}")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Hold a book alone; commit at the end, or nothing where an error leaves."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # SQLite ends a transaction itself where the disk fails; else the book would stay held.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _scripts() -> list[str]:
    folder = files("ripeline.adapters.book") / "migrations"
    named = sorted((entry.name, entry.read_text()) for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [script for _, script in named]


def _history_file(kind: str, path: str, rows: int, least_ts: int | None, columns: str) -> HistoryFile:
    return HistoryFile(kind, path, rows, least_ts, json.loads(columns))


def _statements(script: str) -> list[str]:
    lines = (line for line in script.splitlines() if not line.lstrip().startswith("--"))
    return [statement for part in "\n".join(lines).split(";") if (statement := part.strip())]
