"""Imports into history: typed, told apart from what is there already, written as sorted files.

Every import works in one DuckDB connection on the table `source_rows` and ends in one new manifest.
Nothing that exists is changed, so an import that breaks off leaves no trace.
"""

import csv
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import duckdb

from ripeline.adapters.columnar.columns import (
    ACTS,
    BASE,
    DIGEST,
    MANIFEST,
    ORDER,
    RAW_COLUMNS,
    definitions,
    described,
    quoted,
    raw_of,
    text_of,
)
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.history.addresses import load_addresses
from ripeline.intake.erased import Tombstones
from ripeline.ports.history import Book, Cut, HistoryFile
from ripeline.scoring.profile import UNDATED
from ripeline.vocabulary.issues import InputError

ROW_GROUP = 30_720
"""Rows read together: few enough that one lead's events are found without reading much else."""

LONGEST_WAIT_S = 3_600
"""How long an import waits for another one."""

DATED = -(2**61)
"""Instants above this are dates; undated statements stand far below."""

SUMMED_UP = {
    "events": ("SELECT who, min(ts) AS first, FALSE AS undated, count(*) AS events FROM {table} GROUP BY who"),
    "traits": (
        f"SELECT who, min(CASE WHEN ts > {DATED} THEN ts END) AS first, bool_or(ts <= {DATED}) AS undated, "
        "CAST(0 AS BIGINT) AS events FROM {table} GROUP BY who"
    ),
    "links": (
        "SELECT who, min(ts) AS first, FALSE AS undated, CAST(0 AS BIGINT) AS events FROM {table} "
        "WHERE decided IS NULL GROUP BY who"
    ),
    "group_links": (
        "SELECT who, min(ts) AS first, FALSE AS undated, CAST(0 AS BIGINT) AS events FROM {table} GROUP BY who"
    ),
}
"""How files are summed up by identifier, so that nobody has to read all of history to know who is there."""

SUMMARIES = ("presence", "raws")
"""Kinds of files that sum up the one they are numbered behind."""


class BusyError(InputError):
    """Somebody else is writing history."""


@contextmanager
def writing_history(root: Path, wait_s: int = LONGEST_WAIT_S) -> Iterator[None]:
    """Hold a workspace's history alone for writing; another writer waits until this one is done.

    Raises BusyError where that takes longer than one waits.
    """
    lock = sqlite3.connect(root / "history.lock", isolation_level=None, timeout=wait_s)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise BusyError(f"{root}: another import has been writing for {wait_s:,} s; try again") from error
        yield
    finally:
        lock.close()


class HistoryWriter:
    """Writes the history files of one workspace."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        book: Book,
        root: Path,
        cut: Cut | None = None,
        counters: dict[str, int] | None = None,
        *,
        imports: bool = False,
    ) -> None:
        """Take the connection imports work in, the book that names files, and the workspace's folder.

        cut, counters: those of a writer whose rows this one writes; the book's last ones where there is none. imports:
        what is stored is marked with the manifest that it comes with, so that it can be told from all else.
        """
        self.con, self._book, self._root = con, book, root
        self.cut: Cut = book.cut() if cut is None else cut
        self._new: list[HistoryFile] = []
        self._replaced: list[HistoryFile] = []
        self._counters = book.counters() if counters is None else counters
        self._numbers = count()
        self._imports = imports
        # Of user ids that were named: how many there were, and how many of them are new.
        self.named, self.new = 0, 0
        con.execute(f"CREATE OR REPLACE TABLE brought_again ({definitions(BASE['again'])})")

    @property
    def tombstones(self) -> Tombstones:
        """Who was erased, and is not to be stored again."""
        return self._book.tombstones()

    @property
    def has_news(self) -> bool:
        """Say whether anything was stored that somebody reads."""
        return any(file.kind != "again" for file in self._new)

    def view(self, kind: str) -> str:
        """Return SQL that reads what history has of a kind, a table without rows where it has nothing."""
        return self._view(kind, self.cut.files)

    def acts(self) -> str:
        """Return SQL that reads all events, those too that are set aside."""
        return f"({' UNION ALL BY NAME '.join(f'SELECT * FROM {self.view(kind)}' for kind in ACTS)})"

    def columns(self, *kinds: str) -> set[str]:
        """Return the names of all columns that some kinds of history have by now."""
        return {name for file in (*self.cut.files, *self._new) if file.kind in kinds for name in file.columns}

    def _view(self, kind: str, files: Sequence[HistoryFile]) -> str:
        own = [file for file in files if file.kind == kind]
        if own:
            return self.read(own)
        columns = ", ".join(f"CAST(NULL AS {kind_}) AS {quoted(name)}" for name, kind_ in BASE[kind].items())
        return f"(SELECT {columns} WHERE FALSE)"

    def read(self, files: Sequence[HistoryFile]) -> str:
        """Return SQL that reads some files."""
        paths = ", ".join(text_of(str(self._root / file.path)) for file in files)
        return f"read_parquet([{paths}], union_by_name = true)"

    def holds(self, file: HistoryFile, which: str) -> bool:
        """Say whether a file has rows that meet a condition."""
        found = self.con.execute(f"SELECT EXISTS (SELECT 1 FROM {self.read([file])} WHERE {which})").fetchall()
        return bool(found[0][0])

    def replace(self, file: HistoryFile, keep: str) -> None:
        """Write a file of the cut anew with those of its rows that meet a condition, and what sums it up.

        The next manifest names the new one instead; who reads by an earlier manifest still finds the old one.
        """
        self._write_anew([file], keep)

    def merge(self, files: Sequence[HistoryFile]) -> None:
        """Write several files of one kind as one, in the same way."""
        self._write_anew(files)

    def _write_anew(self, files: Sequence[HistoryFile], keep: str = "TRUE") -> None:
        self.con.execute(f"CREATE OR REPLACE VIEW kept AS SELECT * FROM {self.read(files)} WHERE {keep}")
        self.store(files[0].kind, "kept")
        self.leave_out([one for file in files for one in (file, *self._summaries(file))])

    def leave_out(self, files: Iterable[HistoryFile]) -> None:
        """Let the next manifest name some files no more."""
        self._replaced += files

    def _summaries(self, file: HistoryFile) -> Iterator[HistoryFile]:
        """Yield the files that sum one up: those that were written right after it."""
        by_name = {Path(one.path).stem: one for one in self.cut.files}
        manifest, _, number = Path(file.path).stem.partition("-")
        for following in count(int(number) + 1):
            found = by_name.get(f"{manifest}-{following}")
            if found is None or found.kind not in SUMMARIES:
                return
            yield found

    def name_identifiers(self, table: str, columns: Sequence[tuple[str, str]]) -> None:
        """Make the table `named` (kind, value, who) of the identifiers in columns, each a (kind, column).

        A user id that is an e-mail address names the address too, and is bound to it.
        """
        parts = (
            f"SELECT DISTINCT {kind} AS kind, {column} AS value FROM {table} WHERE {column} IS NOT NULL"
            for kind, column in columns
        )
        self.con.execute(f"CREATE OR REPLACE TABLE wanted AS {' UNION '.join(parts)}")
        load_addresses(self.con, "SELECT value AS raw FROM wanted WHERE kind = 'user'")
        addresses = "SELECT 'email' AS kind, address AS value FROM addresses"
        self.con.execute(f"INSERT INTO wanted {addresses} EXCEPT SELECT * FROM wanted")
        following, named = self._counters["identifier"], self.stored("identifiers")
        self.con.execute(
            f"CREATE OR REPLACE TABLE unnamed AS SELECT kind, value FROM wanted w WHERE NOT EXISTS (SELECT 1 FROM "
            f"{named} i WHERE i.kind = w.kind AND i.value = w.value) ORDER BY kind, value"
        )
        self.con.execute(f"CREATE OR REPLACE VIEW fresh AS SELECT rowid + {following} AS who, kind, value FROM unnamed")
        self.con.execute(
            "CREATE OR REPLACE TABLE named AS SELECT * FROM fresh UNION ALL "
            f"SELECT who, kind, value FROM {named} i WHERE EXISTS "
            "(SELECT 1 FROM wanted w WHERE i.kind = w.kind AND i.value = w.value)"
        )
        self._counters["identifier"] = following + self._store("identifiers", "fresh", in_order=True)
        count = "SELECT count(*) FROM {} WHERE kind = 'user'"
        self.named, self.new = (int(self.con.execute(count.format(of)).fetchall()[0][0]) for of in ("named", "fresh"))
        self._bind_addresses()

    def stored(self, kind: str) -> str:
        """Return SQL that reads what history has of a kind, with what was stored since the cut."""
        return self._view(kind, (*self.cut.files, *self._new))

    def _bind_addresses(self) -> None:
        undated = f"{UNDATED} AS ts, {UNDATED} AS known, CAST(md5(u.value) AS UUID) AS id"
        self.con.execute(
            f"CREATE OR REPLACE TABLE bound_addresses AS SELECT u.who AS one, e.who AS other, {undated}, 'user id' AS "
            "source, CAST(NULL AS BIGINT) AS decided FROM fresh u JOIN addresses a ON u.kind = 'user' AND a.raw = u.value "
            "JOIN named e ON e.kind = 'email' AND e.value = a.address"
        )
        self._store("bonds", "bound_addresses")

    def take_sequence(self, rows: int) -> int:
        """Reserve as many sequence numbers; return the first."""
        first = self._counters["sequence"]
        self._counters["sequence"] = first + rows
        return first

    def note_again(self, kind: str, rows: str) -> None:
        """Note what an import brings that is there already. rows: SQL of columns of `again`.

        Only what is there by import is worth it: nothing else is ever undone.
        """
        if self._imports and MANIFEST in self.columns(*(ACTS if kind == "events" else (kind,))):
            self.con.execute(f"INSERT INTO brought_again BY NAME SELECT '{kind}' AS kind, * FROM ({rows})")

    def store_again(self) -> None:
        """Store what was noted so, each with a number of its own."""
        (unnumbered,) = self.con.execute("SELECT count(*) FROM brought_again WHERE seq IS NULL").fetchall()[0]
        if unnumbered:
            first = self.take_sequence(int(unnumbered))
            self.con.execute(
                f"UPDATE brought_again SET seq = n.seq FROM (SELECT rowid AS row, row_number() OVER () + {first - 1} AS "
                "seq FROM brought_again WHERE seq IS NULL) n WHERE n.row = brought_again.rowid"
            )
        self.store("again", "brought_again")

    def store(self, kind: str, table: str) -> int:
        """Write a table as a new file of history, without columns that hold nothing; return its rows."""
        if self._imports:
            self.con.execute(
                f"CREATE OR REPLACE VIEW marked AS SELECT *, CAST({self.cut.number + 1} AS BIGINT) AS {MANIFEST} FROM {table}"
            )
            table = "marked"
        rows = self._store(kind, table)
        if rows and kind in SUMMED_UP:
            self.con.execute(f"CREATE OR REPLACE TABLE present AS {SUMMED_UP[kind].format(table=table)}")
            self._store("presence", "present")
        if rows and kind == "traits":
            self._store_raws(table)
        return rows

    def _store_raws(self, table: str) -> None:
        """Write down the different values that other traits are derived from."""
        there = [column for column in RAW_COLUMNS if column in described(self.con, table)]
        if there:
            parts = (
                f"SELECT DISTINCT {text_of(column)} AS of, {raw_of(column)} AS raw FROM {table}" for column in there
            )
            union = " UNION ALL ".join(parts)
            self.con.execute(f"CREATE OR REPLACE TABLE raw_values AS SELECT * FROM ({union}) WHERE raw IS NOT NULL")
            self._store("raws", "raw_values")

    def _store(self, kind: str, table: str, *, in_order: bool = False) -> int:
        """Write a table as it is; `in_order` says that its rows lie in the order of the file already."""
        columns = self._filled(kind, table)
        (rows,) = self.con.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
        if rows:
            self._new.append(self._written(kind, table, columns, int(rows), in_order=in_order))
        return int(rows)

    def _written(
        self, kind: str, table: str, columns: Mapping[str, str], rows: int, *, in_order: bool = False
    ) -> HistoryFile:
        path = f"history/{kind}/{self.cut.number + 1:08d}-{next(self._numbers)}.parquet"
        (self._root / path).parent.mkdir(parents=True, exist_ok=True)
        order = "" if in_order else f" ORDER BY {ORDER[kind]}"
        self.con.execute(
            f"COPY (SELECT {', '.join(map(quoted, columns))} FROM {table}{order}) "
            f"TO {text_of(str(self._root / path))} (FORMAT parquet, PARQUET_VERSION v2, "
            f"COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        )
        return HistoryFile(kind, path, rows, self._least(kind, table), columns)

    def _least(self, kind: str, table: str) -> int | None:
        """Return the earliest instant in a table, None where it has none."""
        if "ts" not in BASE[kind]:
            return None
        (least,) = self.con.execute(f"SELECT min(ts) FROM {table} WHERE ts > {DATED}").fetchall()[0]
        return None if least is None else int(least)

    def known(self, ids: Iterable[str]) -> Mapping[str, int | None]:
        """Return those of some message ids that history knows, with their digests where these were kept."""
        load(self.con, "asked_ids", {"id": "UUID"}, ({"id": one} for one in ids))
        digest = DIGEST if any(DIGEST in file.columns for file in self.cut.files if file.kind in ACTS) else "NULL"
        found = self.con.execute(
            f"SELECT CAST(id AS VARCHAR), {digest} FROM {self.acts()} WHERE id IN (SELECT id FROM asked_ids) "
            f"UNION ALL SELECT digest, NULL FROM {self.view('traits')} "
            "WHERE digest IN (SELECT replace(CAST(id AS VARCHAR), '-', '') FROM asked_ids) "
            f"UNION ALL SELECT CAST(id AS VARCHAR), NULL FROM {self.view('group_links')} WHERE id IN (SELECT id FROM asked_ids)"
        ).fetchall()
        return {one.replace("-", ""): told for one, told in found}

    def commit(
        self, cause: str, at_us: int, position: int | None = None, beside: Callable[[int], None] | None = None
    ) -> None:
        """Make everything stored part of history, in one transaction; nothing where nothing was stored.

        position: where in the inbox the files end by now. beside: does in the same transaction what belongs to the
        manifest, whose number it is told.
        """
        if not (self._new or self._replaced or beside) and position in {None, self.cut.position}:
            return
        with self._book.writing():
            if self._book.cut().number != self.cut.number:
                raise InputError("another import into this workspace has just finished: run this one again")
            number = self._book.add(self._new, cause, at_us, self._counters, position, self._replaced)
            if beside is not None:
                beside(number)

    def discard(self) -> None:
        """Remove the files of an import that was not committed."""
        for file in self._new:
            (self._root / file.path).unlink(missing_ok=True)

    def _filled(self, kind: str, table: str) -> dict[str, str]:
        columns = described(self.con, table)
        extra = [name for name in columns if name not in BASE[kind]]
        kept = {name: columns[name] for name in BASE[kind]}
        for start in range(0, len(extra), 200):
            names = extra[start : start + 200]
            counts = self.con.execute(
                f"SELECT {', '.join(f'count({quoted(name)})' for name in names)} FROM {table}"
            ).fetchall()[0]
            kept |= {name: columns[name] for name, count in zip(names, counts, strict=True) if count}
        return kept


def write_rejects(root: Path, source: str, rejects: Sequence[tuple[int, str, str]]) -> Path:
    """Write rows that were refused, with their line and the reason, to a file of their own; return it."""
    folder = root / "rejects"
    folder.mkdir(exist_ok=True)
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", source)[:80] or "import"
    path = next(path for number in count(1) if not (path := folder / f"{stem}-{number:04d}.csv").exists())
    with path.open("w", newline="", encoding="utf-8", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", "row"])
        writer.writerows(sorted(rejects))
    return path
