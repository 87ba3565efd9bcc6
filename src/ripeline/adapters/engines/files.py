"""The one writer of score files: points, instants and rows in one form whatever made them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from ripeline.adapters.columnar.columns import text_of
from ripeline.vocabulary.issues import InputError

_FORMATS = {
    ".csv": "FORMAT csv, HEADER true",
    ".json": "FORMAT json, ARRAY true",
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
}


def format_of(file: Path) -> str:
    """Return how a file is written, by its suffix; InputError for one that is not known."""
    if file.suffix not in _FORMATS:
        raise InputError(f"{file}: scores are written as {', '.join(_FORMATS)}")
    return _FORMATS[file.suffix]


def points_sql(micro: str, file: Path) -> str:
    """Return SQL of micro-points as plain decimal text without trailing zeros, or as a decimal where files have any."""
    whole, rest = f"abs({micro}) // 1000000", f"lpad(CAST(abs({micro}) % 1000000 AS VARCHAR), 6, '0')"
    digits = f"rtrim(rtrim(CAST({whole} AS VARCHAR) || '.' || {rest}, '0'), '.')"
    text = f"CASE WHEN {micro} < 0 THEN '-' ELSE '' END || {digits}"
    return f"CAST({text} AS DECIMAL(18, 6))" if file.suffix == ".parquet" else text


def instant_sql(us: str) -> str:
    """Return SQL of an instant as RFC 3339 in UTC with six digits."""
    return f"strftime(make_timestamp({us}), '%Y-%m-%dT%H:%M:%S.%fZ')"


def write_rows(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], file: Path) -> int:
    """Write columns (name to SQL) of a table as .csv, .json or .parquet; return how many rows."""
    kind, shown = format_of(file), ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    try:
        con.execute(f"COPY (SELECT {shown} FROM {table}) TO {text_of(str(file))} ({kind})")
    except duckdb.IOException as error:
        raise InputError(f"{file} cannot be written: {str(error).splitlines()[0]}") from error
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def records(found: duckdb.DuckDBPyConnection) -> Sequence[Mapping[str, object]]:
    """Return the rows that were asked for by the names of their columns."""
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
