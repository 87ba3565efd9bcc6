"""One cut of history in a DuckDB connection."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from ripeline.adapters.columnar.columns import BASE, TWIN_TYPES, quoted, text_of
from ripeline.ports import Cut

MEMORY = "1200MB"


def connect(memory: str = MEMORY, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection that keeps to itself: no extension is ever loaded from outside."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if threads:
        config["threads"] = threads
    con = duckdb.connect(config=config)
    # Files never change once written, and a score reads each of them once a signal.
    con.execute("SET parquet_metadata_cache = true")
    return con


class Store:
    """The history of one cut, as views; what exists in it is told by `columns`."""

    def __init__(self, con: duckdb.DuckDBPyConnection, root: Path, cut: Cut, before: "Store | None" = None) -> None:
        """Make a view for every kind of file in the cut.

        before: what there was in this connection; where nothing but rows was added, its views are the same.
        """
        self.con, self.cut = con, cut
        self.columns: dict[str, frozenset[str]] = {}
        if before is not None and _shape(before.cut) == _shape(cut):
            self.columns = before.columns
        else:
            for kind in BASE:
                self._view(root, kind)

    def _view(self, root: Path, kind: str) -> None:
        files = [file for file in self.cut.files if file.kind == kind]
        names = {name for file in files for name in file.columns if name not in BASE[kind]}
        self.columns[kind] = frozenset(names)
        if files:
            # A file without a path is a table in memory: what is not in files yet.
            paths = ", ".join(text_of(str(root / file.path)) for file in files if file.path)
            parts = [f"SELECT * FROM read_parquet([{paths}], union_by_name = true)"] if paths else []
            parts += [f"SELECT * FROM tail_{kind}" for file in files if not file.path]
            self.con.execute(f"CREATE OR REPLACE VIEW {kind} AS {' UNION ALL BY NAME '.join(parts)}")
            return
        columns = ", ".join(f"CAST(NULL AS {sql}) AS {quoted(name)}" for name, sql in BASE[kind].items())
        self.con.execute(f"CREATE OR REPLACE VIEW {kind} AS SELECT {columns} WHERE FALSE")

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
            for table in ("events", "traits", "group_links")
            if self._any(f"{table} WHERE who IN (SELECT who FROM tied)")
        )
        return frozenset({"links", *of_tied})

    def _any(self, rows: str) -> bool:
        return bool(self.con.execute(f"SELECT EXISTS (SELECT 1 FROM {rows})").fetchall()[0][0])


def _shape(cut: Cut) -> list[tuple[str, str, frozenset[str]]]:
    return [(file.kind, file.path, frozenset(file.columns)) for file in cut.files]
