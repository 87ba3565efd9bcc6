"""JSON Lines to a table: nested objects become dotted columns, every cell stays JSON text."""

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import duckdb
import msgspec

from ripeline.adapters.columnar.columns import quoted
from ripeline.vocabulary.fields import flattened
from ripeline.vocabulary.values import storable

MOST_COLUMNS = 2_000
Refuse = Callable[[int, str, str], None]


def read_json_lines(con: duckdb.DuckDBPyConnection, lines: Iterable[bytes], table: str, refuse: Refuse) -> list[str]:
    """Fill a table with `line` and one text column for every field; return the columns' names.

    A field's cell is its JSON. A line that is no object is refused with the reason.
    """
    columns: dict[str, str] = {}
    handle, path = tempfile.mkstemp(suffix=".jsonl", prefix="ripeline-")
    try:
        with os.fdopen(handle, "wb") as spool:
            spool.writelines(_spooled(lines, columns, refuse))
        kinds = "".join(f", {key}: 'VARCHAR'" for key in columns.values())
        names = "".join(f", {key} AS {quoted(name)}" for name, key in columns.items())
        con.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT line{names} FROM read_json('{path}', "
            f"format = 'newline_delimited', columns = {{line: 'BIGINT'{kinds}}}, maximum_object_size = 134217728)"
        )
    finally:
        Path(path).unlink()
    return list(columns)


def _spooled(lines: Iterable[bytes], columns: dict[str, str], refuse: Refuse) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            cells = {name: _cell(value) for name, value in flattened(_decoded(line)).items()}
            _known_columns(cells, columns)
        except ValueError as error:
            refuse(number, str(error), line[:2_000].decode("utf-8", "replace").rstrip("\r\n"))
            continue
        yield encode({"line": number} | {columns[name]: cell for name, cell in cells.items()}) + b"\n"


def _decoded(line: bytes) -> dict[str, object]:
    try:
        record = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise ValueError("is not a JSON object")  # noqa: TRY004 - all that is wrong with a line is one kind of error
    return record


def _cell(value: object) -> str:
    return json.dumps(storable(value) if isinstance(value, str) else value, ensure_ascii=False)


def _known_columns(cells: dict[str, str], columns: dict[str, str]) -> None:
    new = [name for name in cells if name not in columns]
    if len(columns) + len(new) > MOST_COLUMNS:
        raise ValueError(f"brings more than {MOST_COLUMNS} different fields into one file")
    for name in new:
        columns[name] = f"c{len(columns)}"
