"""Records as CSV: numbers stay numbers, and no text is a formula to whoever opens it."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ripeline.usecases.stage_file import safe_cell

Record = Mapping[str, Any]


def csv_text(records: Sequence[Record]) -> str:
    r"""Return records as CSV, a column for everything that any of them tells; what is inside is named after both.

    >>> csv_text([{"of": "=1", "won": {"count": 2, "share": None}}, {"of": "b", "over": True}])
    "of,won_count,won_share,over\r\n'=1,2,,\r\nb,,,true\r\n"
    """
    rows = [dict(_flat(record)) for record in records]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return csv_lines([columns, *([row.get(name) for name in columns] for row in rows)])


def csv_lines(rows: Iterable[Iterable[object]]) -> str:
    r"""Return rows of values as lines of CSV.

    >>> csv_lines([["+1", -1.5, None]])
    "'+1,-1.5,\r\n"
    """
    text = io.StringIO()
    csv.writer(text).writerows(map(_cell, row) for row in rows)
    return text.getvalue()


def _flat(record: Record, before: str = "") -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}_")
        else:
            yield f"{before}{name}", value


def _cell(value: object) -> object:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return value
        case _:
            return safe_cell(str(value))
