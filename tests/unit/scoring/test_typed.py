"""Values and their twins, against tables made by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.vocabulary.values import Value, fold, read_date, read_time, typed, typed_cell

BIG = 10**18 - 1
DAY_2026_03_31 = 739_705
"""Days from 0001-01-01: `select date '2026-03-31' - date '0001-01-01'`."""
TABLE: list[tuple[object, Value | None]] = [
    (None, None),
    ("", None),
    (float("nan"), None),
    (float("inf"), None),
    (True, Value(boolean=True)),
    ("true", Value(text="true")),
    (0, Value(number=0)),
    (-0.0, Value(number=0)),
    (12.5, Value(number=12_500_000)),
    (0.1, Value(number=100_000)),
    (0.0000005, Value(number=0)),
    (0.0000015, Value(number=2)),
    (0.0000025, Value(number=2)),
    (1e-300, Value(number=0)),
    (999_999_999_999, Value(number=999_999_999_999 * 10**6)),
    (Decimal("999999999999.999999"), Value(number=BIG)),
    (Decimal("-999999999999.999999"), Value(number=-BIG)),
    (Decimal("999999999999.9999995"), Value(text="999999999999.9999995", summand=None)),
    (10**12, Value(text="1000000000000")),
    ("5", Value(text="5", number=5_000_000)),
    ("007", Value(text="007", number=7_000_000)),
    ("-0", Value(text="-0", number=0)),
    ("5.10", Value(text="5.10", number=5_100_000)),
    ("999999999999.999999", Value(text="999999999999.999999", number=BIG)),
    ("1000000000000", Value(text="1000000000000")),
    ("5.1234565", Value(text="5.1234565", summand=5_123_456)),
    ("5.1234575", Value(text="5.1234575", summand=5_123_458)),
    ("+5", Value(text="+5")),
    ("5.", Value(text="5.")),
    (".5", Value(text=".5")),
    ("1e3", Value(text="1e3")),
    ("5 ", Value(text="5 ")),
    ("5\n", Value(text="5\n")),
    ("٥", Value(text="٥", folded="٥")),
    ("５", Value(text="５", folded="5")),
    ("Straße", Value(text="Straße", folded="strasse")),
    ("İ", Value(text="İ", folded="i\u0307")),
    ("ΌΣΟΣ", Value(text="ΌΣΟΣ", folded="όσοσ")),
    ("ﬁn", Value(text="ﬁn", folded="fin")),
    ("a\x00b", Value(text="a\ufffdb", folded="a\ufffdb")),
    ("a\ud800", Value(text="a\ufffd", folded="a\ufffd")),
    ("2026-03-31", Value(text="2026-03-31", day=DAY_2026_03_31)),
    ("0001-01-01", Value(text="0001-01-01", day=0)),
    ("2026-02-29", Value(text="2026-02-29")),
    ("0000-01-01", Value(text="0000-01-01")),
    ("1970-01-01T00:00:00.000001Z", Value(text="1970-01-01T00:00:00.000001Z", instant=1)),
    ("1970-01-01 00:00", Value(text="1970-01-01 00:00", instant=0)),
    ("1969-12-31T23:00:00-01:00", Value(text="1969-12-31T23:00:00-01:00", instant=0)),
    ("1970-01-01T00:00:00.1234569Z", Value(text="1970-01-01T00:00:00.1234569Z", instant=123_456)),
    ("1970-01-01T24:00:00Z", Value(text="1970-01-01T24:00:00Z")),
    ("9999-12-31T00:00:00Z", Value(text="9999-12-31T00:00:00Z")),
    ([], Value(texts=(), numbers=())),
    (["a", "5", 5.5, True, None, ""], Value(texts=("a", "5"), numbers=(5_000_000, 5_500_000))),
]


@pytest.mark.parametrize(("raw", "value"), TABLE, ids=lambda value: repr(value)[:40])
def test_a_value_has_the_twins_it_reads_as(raw: object, value: Value | None) -> None:
    assert typed(raw) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("true", Value(boolean=True)),
        ("false", Value(boolean=False)),
        ("True", Value(text="True")),
        ("", None),
    ],
)
def test_in_files_true_and_false_are_booleans(cell: str, value: Value | None) -> None:
    assert typed_cell(cell) == value


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("STRASSE", "straße", True),
        ("ς", "Σ", True),
        ("Å", "\u212b", True),
        ("ı", "I", False),
        ("İ", "i", False),
    ],
)
def test_folding_is_blind_to_case_and_compatible_forms(one: str, other: str, same: bool) -> None:
    assert (fold(one) == fold(other)) is same


@pytest.mark.parametrize(
    ("raw", "thousandths"),
    [
        ("1.0005", 1_000),
        ("1.0015", 1_002),
        (-0.0005, 0),
        (-0.0015, -2),
        ("1.00049999", 1_000),
        ("x", None),
        (True, None),
    ],
)
def test_what_a_sum_adds_is_in_thousandths_half_to_even(raw: object, thousandths: int | None) -> None:
    value = typed(raw)
    assert value is not None
    assert value.addend == thousandths


def test_a_date_is_no_time_and_a_time_is_no_date() -> None:
    assert read_date("2026-03-31T00:00:00Z") is None
    assert read_time("2026-03-31") is None


USUAL = st.datetimes().map(lambda at: at.isoformat(timespec="milliseconds"))
WRONG = st.builds(
    lambda text, at, letter: text[:at] + letter + text[at + 1 :],
    USUAL,
    st.integers(0, 22),
    st.sampled_from("0123456789-+:., TWtZ٣"),
)


@given(st.one_of(USUAL, WRONG))
def test_the_usual_form_of_a_time_is_read_as_every_other_form(text: str) -> None:
    assert read_time(f"{text}Z") == read_time(f"{text}+00:00")


def test_the_usual_form_of_a_time() -> None:
    """One day of 86,400 s, 59 minutes of 60 s, 59.25 s."""
    assert read_time("1970-01-02T00:59:59.250Z") == 89_999_250_000
