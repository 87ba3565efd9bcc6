"""The log of stages as lines of a file: the same columns in CSV and JSON, for whoever makes charts of it elsewhere."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

Record = Mapping[str, Any]
COLUMNS: Final = (
    "number",
    "definition",
    "lead",
    "from",
    "to",
    "at",
    "cause",
    "by",
    "why",
    "resting_until",
    "fit",
    "engagement",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_lines(records: Iterable[Record]) -> Iterator[str]:
    """Yield CSV, the header first, from records of the log's lines; nothing in it is a formula to a spreadsheet."""
    yield _written(COLUMNS)
    for record in records:
        yield _written([_cell(record[name]) for name in COLUMNS])


def json_lines(records: Iterable[Record]) -> Iterator[str]:
    """Yield one JSON array of the records, a line each."""
    before = "[\n"
    for record in records:
        yield f"{before}{json.dumps(record, ensure_ascii=False)}"
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


FORMS: Final = {".csv": csv_lines, ".json": json_lines}
"""How a file is written, by how its name ends."""


def safe_cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula: behind an apostrophe where it begins like one.

    >>> safe_cell("=1+1"), safe_cell("ada@firm.example")
    ("'=1+1", 'ada@firm.example')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case list():
            return "; ".join(f"{line['name']} {line['points']}" for line in value)
        case _:
            return safe_cell(str(value))


def _written(cells: Iterable[str]) -> str:
    line = io.StringIO()
    # By this end it knows that a cell with either letter needs quotes.
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().removesuffix("\r\n") + "\n"
