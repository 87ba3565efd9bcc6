"""How much came from which source, hour by hour."""

from pathlib import Path

import duckdb

from ripeline.adapters.columnar.columns import text_of
from ripeline.adapters.columnar.store import Store
from ripeline.ports.sources import HOUR_US, SourceHour

KINDS = ("events", "set_aside", "traits")
"""Files that hold what clients sent: acts, and what was said of people."""


def source_files(store: Store) -> list[str]:
    """Return the files of a cut that hold what came."""
    return [file.path for file in store.cut.files if file.kind in KINDS and file.path]


def hours_in_memory(store: Store) -> list[SourceHour]:
    """Return what came and is in no file yet."""
    kinds = (file.kind for file in store.cut.files if file.kind in KINDS and not file.path)
    return [one for kind in kinds for one in _hours(store.con, f"tail_{kind}")]


def hours_in_file(con: duckdb.DuckDBPyConnection, file: Path) -> list[SourceHour]:
    """Return what a file holds."""
    return _hours(con, f"read_parquet({text_of(str(file))})")


def _hours(con: duckdb.DuckDBPyConnection, rows: str) -> list[SourceHour]:
    found = con.execute(
        f"SELECT source, known // {HOUR_US}, count(*), min(known), max(known) FROM {rows} GROUP BY 1, 2"
    ).fetchall()
    return [SourceHour(*row) for row in found]
