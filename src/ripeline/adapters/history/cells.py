"""Text cells to twins, in SQL: the same typing as `vocabulary.values`, for millions of cells at once.

Plain ASCII cells are typed by expressions. The rest (other alphabets, numbers with many decimals, NUL)
is typed by Python itself, each different cell once, and looked up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import duckdb
import msgspec

from ripeline.adapters.columnar.columns import TWIN_TYPES, quoted, text_of
from ripeline.adapters.columnar.spool import load
from ripeline.vocabulary.calendar import EARLIEST_US, LATEST_US
from ripeline.vocabulary.values import Value, typed, typed_cell

CELL_TWINS = ("text", "number", "boolean", "texts", "numbers", "folded", "summand", "day", "instant", "unset")
_NUMBER = "-?[0-9]{1,12}(\\.[0-9]{1,6})?"
_LONG_NUMBER = "-?[0-9]{1,12}\\.[0-9]{7,}"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "([01][0-9]|2[0-3]):([0-5][0-9])(:([0-5][0-9])(\\.[0-9]{1,9})?)?"
_SHIFT = "(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])?"
WHOLE_TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?"
"""The usual form of a time. Without or with a Z behind it, DuckDB reads it by itself, which is far quicker."""

_HOUR_US, _MINUTE_US, _SECOND_US = 3_600_000_000, 60_000_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Looks:
    """What cells of a column look like at first sight. What none looks like is neither tried nor kept.

    flags: true or false. numbers: begins like a number. times: like a number or a date, in four digits and
    a dash. hard: not typed by SQL itself.
    """

    flags: bool
    numbers: bool
    times: bool
    hard: bool


def first_looks(con: duckdb.DuckDBPyConnection, source: str, kinds: Mapping[str, str]) -> Mapping[str, Looks]:
    """Return what the cells of each column look like; most questions are answered by the first few rows.

    kinds: how each column is typed: "cell", "text", "number" or "json".
    """
    found = {}
    for column, kind in kinds.items():
        sql = (f"EXISTS (SELECT 1 FROM {source} WHERE {look})" for look in _looks(quoted(column), kind))
        found[column] = Looks(*con.execute(f"SELECT {', '.join(sql)}").fetchall()[0])
    return found


def hard_cells(con: duckdb.DuckDBPyConnection, source: str, kinds: Mapping[str, str]) -> None:
    """Make the table `hard` (kind, raw, twins) of the cells that SQL does not type itself."""
    parts = (
        f"SELECT DISTINCT {text_of(kind)} AS kind, {quoted(column)} AS raw FROM {source} "
        f"WHERE {_is_hard(quoted(column), kind)}"
        for column, kind in kinds.items()
    )
    found = con.execute(" UNION ".join(parts)).fetchall() if kinds else []
    columns = {"kind": "VARCHAR", "raw": "VARCHAR"} | {f"{twin}_": TWIN_TYPES[twin] for twin in CELL_TWINS}
    load(con, "hard", columns, (_hard_row(kind, raw) for kind, raw in found))


def cell_twins(cell: str, kind: str, looks: Looks, hard: str | None) -> Mapping[str, str]:
    """Return the SQL of each twin of a cell. hard: the alias of its row in `hard`, where there may be one."""
    easy = dict.fromkeys(CELL_TWINS, "NULL") | (_easy_twins(cell, kind, looks) if kind != "json" else {})
    if hard is None:
        return easy
    return {twin: f"CASE WHEN {hard}.raw IS NOT NULL THEN {hard}.{twin}_ ELSE {sql} END" for twin, sql in easy.items()}


def _looks(cell: str, kind: str) -> Iterator[str]:
    """Yield the SQL of each of the looks of a cell."""
    plain = kind in {"cell", "text"}
    yield _is_flag(cell) if kind == "cell" else "FALSE"
    yield _starts_like_a_number(cell) if plain or kind == "number" else "FALSE"
    yield f"{_starts_like_a_number(cell)} AND substr({cell}, 5, 1) = '-'" if plain else "FALSE"
    yield _is_hard(cell, kind)


def _is_hard(cell: str, kind: str) -> str:
    if kind == "json":
        return f"{cell} IS NOT NULL"
    numeric = f"{_starts_like_a_number(cell)} AND regexp_full_match({cell}, '{_LONG_NUMBER}')"
    if kind == "number":
        return f"{cell} IS NOT NULL AND NOT regexp_full_match({cell}, '{_NUMBER}')"
    return f"strlen({cell}) <> length({cell}) OR contains({cell}, chr(0)) OR ({numeric})"


def _hard_row(kind: str, raw: str) -> dict[str, object]:
    value = _typed_hard(kind, raw)
    twins = {} if value is None else {f"{twin}_": getattr(value, twin) for twin in CELL_TWINS[:-1]}
    return {"kind": kind, "raw": raw, **twins, "unset_": True if raw == "null" and kind == "json" else None}


def _typed_hard(kind: str, raw: str) -> Value | None:
    match kind:
        case "json":
            return typed(msgspec.json.decode(raw))
        case "number":
            return typed(Decimal(raw))
        case "text":
            return typed(raw)
    return typed_cell(raw)


def _starts_like_a_number(cell: str) -> str:
    """A cheap look before any regular expression: a digit comes first, or '-' (the next in ASCII is '.')."""
    return f"({cell} < ':' AND ({cell} >= '0' OR ({cell} >= '-' AND {cell} < '.')))"


def _is_flag(cell: str) -> str:
    return f"{cell} IN ('true', 'false')"


def _easy_twins(cell: str, kind: str, looks: Looks) -> dict[str, str]:
    twins = {}
    if kind != "number":
        no_text = f"{_is_flag(cell)} OR {cell} = ''" if looks.flags else f"{cell} = ''"
        twins["text"] = f"CASE WHEN NOT ({no_text}) THEN {cell} END"
    if looks.flags:
        twins["boolean"] = f"CASE WHEN {_is_flag(cell)} THEN {cell} = 'true' END"
    numeric = _starts_like_a_number(cell)
    if looks.numbers:
        twins["number"] = f"CASE WHEN {numeric} AND regexp_full_match({cell}, '{_NUMBER}') THEN {millionths(cell)} END"
    if looks.times:
        twins["day"] = f"CASE WHEN {numeric} AND regexp_full_match({cell}, '{_DATE}') THEN {day_of_date(cell)} END"
        twins["instant"] = f"CASE WHEN {numeric} THEN {_instant(cell)} END"
    return twins


def _instant(cell: str) -> str:
    any_form = f"{_DATE}[T ]{_CLOCK}{_SHIFT}"
    return (
        f"CASE WHEN regexp_full_match({cell}, '{WHOLE_TIME}Z?') THEN {_in_range(whole_time(cell))} "
        f"WHEN regexp_full_match({cell}, '{any_form}') THEN {_in_range(f'{local_time(cell)} - {shift_of(cell)}')} END"
    )


def millionths(text: str) -> str:
    """Return a plain decimal text times a million: written with six decimals, the point left out."""
    return f"CAST(replace(CAST(CAST({text} AS DECIMAL(18, 6)) AS VARCHAR), '.', '') AS BIGINT)"


def day_of_date(text: str) -> str:
    """Return the day number of an ISO date at the start of a text; NULL for what is no date."""
    date = f"left({text}, 10)"
    return f"CASE WHEN left({text}, 4) <> '0000' THEN TRY_CAST({date} AS DATE) - DATE '0001-01-01' END"


def local_time(text: str) -> str:
    """Return microseconds since 1970 of a time as its clock shows it, its zone left aside."""
    day = f"(({day_of_date(text)}) - 719162) * {24 * _HOUR_US}"
    clock = f"CAST(substr({text}, 12, 2) AS BIGINT) * {_HOUR_US} + CAST(substr({text}, 15, 2) AS BIGINT) * {_MINUTE_US}"
    seconds = (
        f"CASE WHEN substr({text}, 17, 1) = ':' THEN CAST(substr({text}, 18, 2) AS BIGINT) * {_SECOND_US} ELSE 0 END"
    )
    digits = f"rpad(left(regexp_extract({text}, '\\.([0-9]+)', 1), 6), 6, '0')"
    micros = f"CASE WHEN contains({text}, '.') THEN CAST({digits} AS BIGINT) ELSE 0 END"
    return f"({day} + {clock} + {seconds} + {micros})"


def whole_time(text: str) -> str:
    """Return microseconds since 1970 of a text of the form WHOLE_TIME, with or without Z; NULL for no such day."""
    return f"CASE WHEN {text} >= '0001' THEN epoch_us(TRY_CAST({text} AS TIMESTAMP)) END"


def shift_of(text: str) -> str:
    """Return the offset written behind a time in microseconds; 0 for Z and for none."""
    zone = f"substr({text}, 17)"
    sign = f"CASE WHEN contains({zone}, '-') THEN -1 ELSE 1 END"
    hours = f"CAST(regexp_extract({zone}, '[+-]([0-9]{{2}})', 1) AS BIGINT) * {_HOUR_US}"
    minutes = f"CAST(right({text}, 2) AS BIGINT) * {_MINUTE_US}"
    return f"CASE WHEN contains({zone}, '-') OR contains({zone}, '+') THEN {sign} * ({hours} + {minutes}) ELSE 0 END"


def _in_range(instant: str) -> str:
    return f"CASE WHEN {instant} BETWEEN {EARLIEST_US} AND {LATEST_US} THEN {instant} END"
