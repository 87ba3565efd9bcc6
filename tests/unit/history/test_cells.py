"""SQL types cells exactly as Python does."""

import json
from collections.abc import Sequence

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripeline.adapters.columnar.spool import load
from ripeline.adapters.history.cells import CELL_TWINS, cell_twins, first_looks, hard_cells
from ripeline.adapters.history.times import instant, tidy, written_time
from ripeline.adapters.tables.zones import load_zone
from ripeline.vocabulary.values import Value, typed, typed_cell
from tests.how_many import most

ODD = (
    *("true", "True", "false", "5", "-5.25", "007", "1.1234567", "-0.0000005", "123456789012.123456", "1234567890123"),
    *("1e5", " 5", "5 ", "+5", ".5", "5.", "--5", "-", "2026-02-30", "2026-02-28", "0000-01-01", "9999-12-31"),
    *("2026-03-01T10:00", "2026-03-01 10:00:05.1234567Z", "2026-03-01T10:00:00+02:00", "2026-03-01T10:00:00-0530"),
    *("2026-03-01T24:00:00", "2026-03-01T10:00:60", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00Z", "12:30"),
    *("ß", "İ", "a\x00b", "ÅNGSTRÖM", "٣", "2026-03-01T10:00:00−02:00"),
)
DIGITS = st.text("0123456789.-+eTZ: ", max_size=24)
CELLS = st.one_of(st.sampled_from(ODD), st.text(max_size=12), DIGITS)


def _storable(text: str) -> bool:
    """CSV cells come from UTF-8, which has no lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _typed_by_sql(kind: str, cells: Sequence[str]) -> list[tuple[object, ...]]:
    con = duckdb.connect()
    rows = [{"row_no": number, "c": cell} for number, cell in enumerate(cells)]
    load(con, "source_rows", {"row_no": "BIGINT", "c": "VARCHAR"}, rows)
    looks = first_looks(con, "source_rows", {"c": kind})["c"]
    hard_cells(con, "source_rows", {"c": kind} if looks.hard else {})
    twins = cell_twins("s.c", kind, looks, "h" if looks.hard else None)
    join = "LEFT JOIN hard h ON h.raw = s.c" if looks.hard else ""
    selected = ", ".join(twins[twin] for twin in CELL_TWINS[:-1])
    found = con.execute(f"SELECT {selected} FROM source_rows s {join} ORDER BY row_no").fetchall()
    con.close()
    return [tuple(tuple(part) if isinstance(part, list) else part for part in row) for row in found]


def _twins(value: Value | None) -> tuple[object, ...]:
    return tuple(None if value is None else getattr(value, twin) for twin in CELL_TWINS[:-1])


@pytest.mark.parametrize("kind", ["cell", "text"])
def test_odd_cells_by_name(kind: str) -> None:
    """Every cell that was ever odd is typed alike."""
    python = typed_cell if kind == "cell" else typed
    assert _typed_by_sql(kind, ODD) == [_twins(python(cell)) for cell in ODD]


@given(st.lists(CELLS.filter(_storable), min_size=1, max_size=40))
@settings(max_examples=most(60), deadline=None)
def test_any_cells(cells: list[str]) -> None:
    """Whatever a cell holds, both say the same."""
    assert _typed_by_sql("cell", cells) == [_twins(typed_cell(cell)) for cell in cells]


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=None), min_size=1, max_size=20))
@settings(max_examples=most(40), deadline=None)
def test_any_numbers(numbers: list[object]) -> None:
    """Text of numbers, however long, becomes millionths half to even."""
    cells = [str(number) for number in numbers]
    assert _typed_by_sql("number", cells) == [_twins(typed(number)) for number in numbers]


def test_json_keeps_its_kinds() -> None:
    """JSON text, numbers, booleans, lists and null stay what they are."""
    values = ["5", 5, 5.5, True, None, ["a", 5, None, "7"], "", 1e300, "Straße"]
    cells = [json.dumps(value) for value in values]
    assert _typed_by_sql("json", cells) == [_twins(typed(value)) for value in values]


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("1970-01-02", 82_800_000_000),
        ("19700102", 82_800_000_000),
        ("1970-01-02T00:00:00Z", 86_400_000_000),
        ("1970-01-02 00:00:00 UTC", 86_400_000_000),
        ("1970-01-02T02:00:00 +02:00", 86_400_000_000),
        ("1970-01-02T01:00:00", 86_400_000_000),
        ("1700000000", 1_700_000_000_000_000),
        ("1700000000123", 1_700_000_000_123_000),
        ("1700000000123456", 1_700_000_000_123_456),
        ("1700000000.5", 1_700_000_000_500_000),
        ("2024-03-31T02:30:00", 1_711_848_600_000_000),
        ("2024-10-27T02:30:00", 1_729_989_000_000_000),
        ("01/02/2026", None),
        ("12345-01-01", None),
        ("2026-02-30", None),
    ],
)
def test_times_of_files(text: str, us: int | None) -> None:
    """Dates and times without a zone are read in the given one (Berlin here), epochs by their length."""
    absolute, local = written_time("c")
    query = f"SELECT {instant('a', 'l', load_zone('Europe/Berlin'))} FROM (SELECT {absolute} AS a, {local} AS l FROM (SELECT {tidy('$1')} AS c))"
    con = duckdb.connect()
    assert con.execute(query, [text]).fetchall() == [(us,)]
    con.close()
