"""Files people have (CSV, Parquet, JSON Lines, plain or packed) as one table of text columns."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ripeline.adapters.columnar.columns import as_written, quoted, text_of
from ripeline.adapters.sources.csv_lines import CsvLines
from ripeline.adapters.sources.json_lines import read_json_lines
from ripeline.ports.files import SourceFile
from ripeline.vocabulary.columns import column_of
from ripeline.vocabulary.issues import InputError

TABLE = "source_rows"
"""A view of the rows that were read, each with its `line`; a table of them is never copied to number them."""

READ = "read_rows"
DELIMITERS = ",;\t|"
_KINDS = {
    "BOOLEAN": "cell",
    "VARCHAR": "text",
    "DATE": "text",
    "TIMESTAMP": "text",
    "TIMESTAMP WITH TIME ZONE": "text",
}
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "U", "FLOAT", "DOUBLE", "DECIMAL")


Rejects = list[tuple[int, str, str]]


def open_source(con: duckdb.DuckDBPyConnection, file: Path) -> SourceFile:
    """Read a file, which is then in the view `source_rows`, or raise InputError."""
    if not file.is_file():
        raise InputError(f"{file} is not a file that can be read")
    name = file.name.removesuffix(".gz").removesuffix(".zst").removesuffix(".zstd").lower()
    try:
        if name.endswith(".parquet"):
            return _read_parquet(con, file)
        if name.endswith((".jsonl", ".ndjson", ".json")):
            return _read_json(con, file)
        if name.endswith((".csv", ".tsv", ".txt")):
            return _read_csv(con, file)
    except duckdb.Error as error:
        raise InputError(f"{file} cannot be read: {str(error).splitlines()[0]}") from error
    raise InputError(
        f"{file}: what kind of file is this? Known are .csv, .tsv, .parquet and .jsonl, plain, .gz or .zst"
    )


def text_rows(
    con: duckdb.DuckDBPyConnection, source: SourceFile, columns: tuple[str, ...], most: int | None = None
) -> list[tuple[str, ...]]:
    """Return some columns of an opened file as plain text, empty where there is nothing. most: of so many rows."""
    shown, limit = [], "" if most is None else f" LIMIT {most}"
    for column in columns:
        name = quoted(column)
        plain = f"json_extract_string({name}, '$')" if source.kinds[column] == "json" else name
        shown.append(f"coalesce({plain}, '')")
    return con.execute(f"SELECT {', '.join(shown)} FROM {TABLE} ORDER BY line{limit}").fetchall()


def _show(con: duckdb.DuckDBPyConnection, columns: str = "*") -> None:
    con.execute(f"CREATE OR REPLACE VIEW {TABLE} AS SELECT {columns} FROM {READ}")


def _count(con: duckdb.DuckDBPyConnection) -> int:
    (rows,) = con.execute(f"SELECT count(*) FROM {TABLE}").fetchall()[0]
    return int(rows)


# CSV


def _read_csv(con: duckdb.DuckDBPyConnection, file: Path) -> SourceFile:
    header = _header(con, file)
    delimiter = max(DELIMITERS, key=header.count)
    names = _column_names(file, header, delimiter)
    columns = ", ".join(f"{text_of(column_of(name))}: 'VARCHAR'" for name in names)
    con.execute(
        f"CREATE OR REPLACE TABLE {READ} AS SELECT * FROM read_csv({text_of(str(file))}, "
        f"columns = {{{columns}}}, header = true, auto_detect = false, delim = {text_of(delimiter)}, "
        # On several threads the reader takes pieces of long quoted texts for rows where a broken row went before.
        "quote = '\"', escape = '\"', store_rejects = true, strict_mode = true, max_line_size = 16777216, "
        "parallel = false)"
    )
    structural = _csv_rejects(con)
    _show(con, f"rowid + 2 AS line, {', '.join(map(quoted, names))}")
    kept = _count(con)
    lines = CsvLines(file, delimiter, len(names), kept)
    rejects = lines.refused() or structural if structural else []
    return SourceFile(str(file), dict.fromkeys(names, "cell"), kept + len(rejects), rejects, lines.kept)


def _header(con: duckdb.DuckDBPyConnection, file: Path) -> str:
    rows = con.execute(
        f"SELECT line FROM read_csv({text_of(str(file))}, columns = {{'line': 'VARCHAR'}}, header = false, "
        "auto_detect = false, delim = '\\x01', quote = '', escape = '', ignore_errors = true, strict_mode = false) LIMIT 1"
    ).fetchall()
    if not rows or not rows[0][0]:
        raise InputError(f"{file} is empty: the first line must name the columns")
    return str(rows[0][0]).removeprefix("\ufeff").rstrip("\r")


def _column_names(file: Path, header: str, delimiter: str) -> list[str]:
    names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter))]
    twice = sorted({name for name in names if names.count(name) > 1 and name})
    if twice:
        raise InputError(f"{file}: the column {', '.join(twice)} is there twice")
    return [name or f"column_{number}" for number, name in enumerate(names, start=1)]


def _csv_rejects(con: duckdb.DuckDBPyConnection) -> Rejects:
    rows = con.execute(
        "SELECT line, min(error_message), any_value(csv_line) FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall()
    con.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    return [(int(line), str(message).splitlines()[0], str(row)) for line, message, row in rows]


# Parquet


def _read_parquet(con: duckdb.DuckDBPyConnection, file: Path) -> SourceFile:
    described = con.execute(f"DESCRIBE SELECT * FROM read_parquet({text_of(str(file))})").fetchall()
    kinds, selected = {}, []
    for name, kind, *_ in described:
        kinds[name] = _kind_of(kind)
        selected.append(f"{_as_text(as_written(name), kind)} AS {quoted(name)}")
    con.execute(
        f"CREATE OR REPLACE TABLE {READ} AS SELECT file_row_number + 1 AS line, {', '.join(selected)} "
        f"FROM read_parquet({text_of(str(file))}, file_row_number = true)"
    )
    _show(con)
    return SourceFile(str(file), kinds, _count(con))


def _kind_of(kind: str) -> str:
    if kind in _KINDS:
        return _KINDS[kind]
    if kind.endswith("[]"):
        return "json"
    return "number" if kind.startswith(_NUMBERS) else "text"


def _as_text(column: str, kind: str) -> str:
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(make_timestamp(epoch_us({column})), '%Y-%m-%dT%H:%M:%S.%fZ')"
    if kind.startswith("TIMESTAMP"):
        return f"strftime(CAST({column} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%f')"
    if kind.endswith("[]"):
        return f"CAST(to_json({column}) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"


# JSON Lines


def _read_json(con: duckdb.DuckDBPyConnection, file: Path) -> SourceFile:
    rejects: Rejects = []

    def refuse(line: int, reason: str, row: str) -> None:
        rejects.append((line, reason, row))

    columns = read_json_lines(con, _lines(con, file), READ, refuse)
    _show(con)
    return SourceFile(str(file), dict.fromkeys(columns, "json"), _count(con) + len(rejects), rejects)


def _lines(con: duckdb.DuckDBPyConnection, file: Path) -> Iterator[bytes]:
    if file.name.endswith((".zst", ".zstd")):
        rows = con.execute(
            f"SELECT CAST(line AS BLOB) FROM read_csv({text_of(str(file))}, columns = {{'line': 'VARCHAR'}}, "
            "header = false, auto_detect = false, delim = '\\x01', quote = '', escape = '', compression = 'zstd', "
            "max_line_size = 67108864)"
        ).fetchall()
        yield from (bytes(line) for (line,) in rows)
        return
    with gzip.open(file, "rb") if file.name.endswith(".gz") else file.open("rb") as lines:
        yield from lines
