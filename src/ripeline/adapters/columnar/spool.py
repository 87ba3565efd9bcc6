"""Rows made in Python into DuckDB, in bulk: a file of JSON lines between them is far faster than inserts."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from ripeline.adapters.columnar.columns import definitions, listed, quoted, text_of
from ripeline.vocabulary.columns import column_of

Row = Mapping[str, Any]


def load(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], rows: Iterable[Row]) -> None:
    """Create a temporary table with these columns from rows; keys that a row lacks are NULL."""
    load_growing(con, table, columns, rows, columns.__getitem__)


def load_growing(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Iterable[Row],
    type_of: Callable[[str], str],
) -> None:
    """The same where rows may have further keys, whose columns have the type that `type_of` tells."""
    marked = {name: column_of(name) for name in columns}
    lines = _lines(_placed(marked, iter(rows)))
    load_lines(con, table, lines, lambda: {name: columns.get(name) or type_of(name) for name in marked})


def load_lines(
    con: duckdb.DuckDBPyConnection, table: str, lines: Iterator[bytes], columns: Callable[[], Mapping[str, str]]
) -> None:
    """The same from rows that are lines of JSON by column already. columns: asked once all lines are taken."""
    first = next(lines, None)
    if first is None:
        con.execute(f"CREATE OR REPLACE TABLE {table} ({definitions(columns())})")
        return
    handle, path = tempfile.mkstemp(suffix=".jsonl", prefix="ripeline-")
    try:
        with os.fdopen(handle, "wb", buffering=2**20) as file:
            file.write(first)
            file.writelines(lines)
        _read(con, table, columns(), path)
    finally:
        Path(path).unlink()


def _placed(marked: dict[str, str], rows: Iterator[Row]) -> Iterator[Row]:
    """Rows by column instead of by name; names that are new are noted."""
    plain = all(name == column for name, column in marked.items())
    for row in rows:
        for name in row.keys() - marked.keys():
            marked[name] = column_of(name)
            plain = plain and marked[name] == name
        yield row if plain else {marked[name]: cell for name, cell in row.items()}


def _lines(rows: Iterable[Row]) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for row in rows:
        yield encode(row) + b"\n"


def _read(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], path: str) -> None:
    kinds = ", ".join(f"{quoted(name)}: {text_of(kind)}" for name, kind in columns.items())
    con.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT {listed(columns)} FROM read_json({text_of(path)}, "
        f"format = 'newline_delimited', columns = {{{kinds}}}, maximum_object_size = 67108864)"
    )
