"""One cut of history in a DuckDB connection."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from ripeline.adapters.columnar.columns import ACTS, BASE, TWIN_TYPES, quoted, text_of
from ripeline.ports.history import Cut, HistoryFile
from ripeline.ports.lifecycle import StageLog

MEMORY = "1200MB"


def connect(memory: str = MEMORY, threads: int | None = None, spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection that keeps to itself: no extension is ever loaded from outside.

    spill: the folder for what has no room in memory, where it is wanted, and only then. DuckDB removes it, and what
    processes that were killed left in it as soon as somebody else needs it.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if threads:
        config["threads"] = threads
    if spill is not None:
        config["temp_directory"] = str(spill)
    con = duckdb.connect(config=config)
    # Files never change once written, and a score reads each of them once a signal.
    con.execute("SET parquet_metadata_cache = true")
    return con


class Store:
    """The history of one cut, as views; what exists in it is told by `columns`."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        root: Path,
        cut: Cut,
        before: "Store | None" = None,
        stages: StageLog | None = None,
    ) -> None:
        """Make a view for every kind of file in the cut.

        before: what there was in this connection; where nothing but rows was added, its views are the same. stages: the
        log of stages, None where there is none.
        """
        self.con, self.cut, self._root, self.stages = con, cut, root, stages
        # Whole numbers that were worked out of history, by all that they stand on; rows of files by their paths.
        self.kept: dict[tuple[object, ...], int] = {} if before is None else before.kept
        self._counts = {} if before is None else before.counts_of(cut)
        self.columns: dict[str, frozenset[str]] = {}
        # Whether the views of events show rows as they lie.
        self.plain = False
        if before is not None and _shape(before.cut) == _shape(cut):
            self.columns, self.plain = before.columns, before.plain
        else:
            self._make_views()
        self._unsettled = (
            f"SELECT * FROM misplaced UNION ALL SELECT id, aside, decided FROM ({self._rows('judgements', files=False)}) "
            "WHERE decided IS NOT NULL"
        )
        self.pending = (self.has("misplaced") or self.has("judgements")) and self._any(f"({self._unsettled})")
        self.know(None)

    def _make_views(self) -> None:
        self.columns = {kind: self._further(kind) for kind in BASE}
        self.columns["events"] |= self.columns["set_aside"]
        for kind in BASE:
            self._view(f"stored_{kind}" if kind in ACTS else kind, self._rows(kind))

    def know(self, known_us: int | None) -> None:
        """Let `events` show what counts, and `set_aside` what does not, by the judgements known by then, None for all.

        Files hold each event where its judgements want it, but for the last ones.
        """
        if known_us is not None and self.has("judgements"):
            self._judge(f"SELECT * FROM judgements WHERE known <= {known_us}")
            back = "SELECT id FROM stored_set_aside EXCEPT SELECT id FROM judged WHERE aside"
        elif self.pending:
            self._judge(self._unsettled)
            back = "SELECT id FROM judged WHERE NOT aside"
        else:
            if not self.plain:
                self._show(kept="SELECT * FROM {}", coming="SELECT * FROM {} WHERE FALSE")
            self.plain = True
            return
        self.plain = False
        self.con.execute("CREATE OR REPLACE TABLE out_of_events AS SELECT id FROM judged WHERE aside")
        self.con.execute(f"CREATE OR REPLACE TABLE back_in_events AS {back}")
        self._show(kept="SELECT * FROM {} ANTI JOIN {} USING (id)", coming="SELECT * FROM {} SEMI JOIN {} USING (id)")

    def _show(self, kept: str, coming: str) -> None:
        """Make the views of events from where they lie. kept, coming: SQL of rows that stay and that come over."""
        for view, other, leaving, entering in (
            ("events", "set_aside", "out_of_events", "back_in_events"),
            ("set_aside", "events", "back_in_events", "out_of_events"),
        ):
            own, others = kept.format(f"stored_{view}", leaving), coming.format(f"stored_{other}", entering)
            self._view(view, f"{own} UNION ALL BY NAME {others}")

    def _judge(self, judgements: str) -> None:
        self.con.execute(
            f"CREATE OR REPLACE TABLE judged AS SELECT id, arg_max(aside, coalesce(decided, 0)) AS aside FROM ({judgements}) GROUP BY id"
        )

    def _further(self, kind: str) -> frozenset[str]:
        files = (file for file in self.cut.files if file.kind == kind)
        return frozenset(name for file in files for name in file.columns if name not in BASE[kind])

    def _view(self, name: str, query: str) -> None:
        self.con.execute(f"CREATE OR REPLACE VIEW {name} AS {query}")

    def _rows(self, kind: str, *, files: bool = True) -> str:
        """Return SQL of all rows of a kind. files: those in files too."""
        own = [file for file in self.cut.files if file.kind == kind and (files or not file.path)]
        # A file without a path is a table in memory: what is not in files yet.
        paths = [file for file in own if file.path]
        parts = [f"SELECT * FROM {self._read(paths)}"] if paths else []
        parts += [f"SELECT * FROM tail_{kind}" for file in own if not file.path]
        columns = ", ".join(f"CAST(NULL AS {sql}) AS {quoted(name)}" for name, sql in BASE[kind].items())
        return " UNION ALL BY NAME ".join(parts) if parts else f"SELECT {columns} WHERE FALSE"

    def _read(self, files: Sequence[HistoryFile]) -> str:
        paths = ", ".join(text_of(str(self._root / file.path)) for file in files)
        return f"read_parquet([{paths}], union_by_name = true)"

    def count(self, kind: str, where: str) -> int:
        """Return how many rows of a kind there are of which a condition holds; of files, which never change, once."""
        return sum(self._counted(file, where) for file in self.cut.files if file.kind == kind)

    def _counted(self, file: HistoryFile, where: str) -> int:
        key = (file.path, where)
        if not file.path or key not in self._counts:
            rows = self._read([file]) if file.path else f"tail_{file.kind}"
            ((self._counts[key],),) = self.con.execute(f"SELECT count(*) FROM {rows} WHERE {where}").fetchall()
        return self._counts[key]

    def counts_of(self, cut: Cut) -> dict[tuple[str, str], int]:
        """Return what was counted of files that another cut has too."""
        paths = {file.path for file in cut.files}
        return {key: count for key, count in self._counts.items() if key[0] in paths}

    @property
    def earliest_us(self) -> int:
        """No event or dated trait is older."""
        dated = [file.least_ts for file in self.cut.files if file.least_ts is not None]
        return min(dated, default=0)

    def has(self, kind: str) -> bool:
        """Say whether there is any file of a kind."""
        return any(file.kind == kind for file in self.cut.files)

    def twins_of(self, kind: str, key: str) -> Iterator[str]:
        """Yield the twins a key has in this history."""
        return (twin for twin in TWIN_TYPES if f"{key}:{twin}" in self.columns[kind])

    def untrusted(self) -> frozenset[str]:
        """Return which of events and traits have rows that came from a page."""
        return frozenset(table for table in ("events", "traits") if self._any(f"{table} WHERE NOT trusted"))

    def tied(self) -> frozenset[str]:
        """Return the tables with rows of identifiers that stand in the table `tied`."""
        if not (self.has("links") or self.has("bonds")):
            return frozenset()
        of_tied = (
            table
            for table in ("events", "traits", "group_links", "dispositions")
            if self._any(f"{table} WHERE who IN (SELECT who FROM tied)")
        )
        return frozenset({"links", *of_tied})

    def _any(self, rows: str) -> bool:
        return bool(self.con.execute(f"SELECT EXISTS (SELECT 1 FROM {rows})").fetchall()[0][0])


def _shape(cut: Cut) -> list[tuple[str, str, frozenset[str]]]:
    return [(file.kind, file.path, frozenset(file.columns)) for file in cut.files]
