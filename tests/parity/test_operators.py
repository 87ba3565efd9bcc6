"""Every allowed operator of conditions, with answers worked out by hand, on both readers.

x (and y) holds the value, once as a trait and once as a property of an event. The condition is asked as it
stands and negated: it is true, or its negation is, or neither, which is unknown.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pytest

from ripeline.definition.expression_text import ALLOWED
from ripeline.ports.scores import Asked
from ripeline.vocabulary.history import Event, LeadHistory, Statement
from ripeline.vocabulary.values import typed
from tests.parity.definitions import Made, plan_of, yaml_of
from tests.parity.histories import at
from tests.parity.workspace import both_readings, stored

pytestmark = pytest.mark.engine_duckdb

AS_OF = at("2026-03-31T21:59:59.999999Z")
"""The last microsecond of 31 March in Berlin."""

YES, NO, UNKNOWN = True, False, None
NOTHING = object()
"""A key that is missing."""


@dataclass(frozen=True, slots=True)
class Case:
    """A condition and what it answers for values of x; y is the same for all of them."""

    operator: str
    when: str
    answers: Sequence[tuple[object, bool | None]]
    y: object = NOTHING


MIXED_WITH_TEXT: list[tuple[object, bool | None]] = [
    (5, UNKNOWN),
    (True, UNKNOWN),
    (["a"], UNKNOWN),
    (None, UNKNOWN),
    ("", UNKNOWN),
    (NOTHING, UNKNOWN),
]
MIXED_WITH_NUMBER: list[tuple[object, bool | None]] = [
    (True, UNKNOWN),
    ([5], UNKNOWN),
    ("a", UNKNOWN),
    ("1e3", UNKNOWN),
    ("+5", UNKNOWN),
    (" 5", UNKNOWN),
    (".5", UNKNOWN),
    ("5.", UNKNOWN),
    ("٥", UNKNOWN),
    ("5.1234567", UNKNOWN),
    ("1234567890123", UNKNOWN),
    (None, UNKNOWN),
    ("", UNKNOWN),
    (NOTHING, UNKNOWN),
]
CASES = [
    Case("= text", "x = 'a'", [("a", YES), ("A", NO), ("a ", NO), *MIXED_WITH_TEXT]),
    Case("= text that reads as a number", "x = '5'", [("5", YES), ("5.0", NO), ("05", NO), *MIXED_WITH_TEXT]),
    Case(
        "= number",
        "x = 5",
        [(5, YES), ("5", YES), ("005", YES), ("5.0", YES), (5.000001, NO), *MIXED_WITH_NUMBER],
    ),
    Case(
        "= number, wide",
        "x = 999999999999.999999",
        [("999999999999.999999", YES), ("999999999999.999998", NO)],
    ),
    Case("= number, rounded half even", "x = 0.000002", [(0.0000015, YES), (0.0000025, YES), (0.0000035, NO)]),
    Case("= true", "x = true", [(True, YES), (False, NO), ("true", UNKNOWN), (1, UNKNOWN), (None, UNKNOWN)]),
    Case("constant first", "5 = x", [(5, YES), ("6", NO), ("a", UNKNOWN)]),
    Case("<> text", "x <> 'a'", [("b", YES), ("a", NO), *MIXED_WITH_TEXT]),
    Case("<> number", "x <> 5", [("6", YES), ("5.000000", NO), *MIXED_WITH_NUMBER]),
    Case("<> false", "x <> false", [(True, YES), (False, NO), ("false", UNKNOWN), (0, UNKNOWN)]),
    Case("< number", "x < 5", [(4.999999, YES), ("-5", YES), (5, NO), ("10", NO), *MIXED_WITH_NUMBER]),
    Case("<= number", "x <= 5", [(5, YES), ("5.000001", NO), *MIXED_WITH_NUMBER]),
    Case("> number", "x > -1", [(0, YES), ("-1", NO), *MIXED_WITH_NUMBER]),
    Case(">= number", "x >= 5", [("5", YES), ("4", NO), *MIXED_WITH_NUMBER]),
    Case("constant before <", "5 < x", [(6, YES), (5, NO), ("a", UNKNOWN)]),
    Case(
        "< date",
        "x < '2026-03-31'",
        [
            ("2026-03-30", YES),
            ("1969-12-31", YES),
            ("2026-03-31", NO),
            ("2026-02-30", UNKNOWN),
            ("2026-3-1", UNKNOWN),
            ("2026-03-30T10:00:00Z", UNKNOWN),
            (5, UNKNOWN),
        ],
    ),
    Case(
        ">= time",
        "x >= '2026-03-31T10:00:00Z'",
        [
            ("2026-03-31T12:00:00+02:00", YES),
            ("2026-03-31 10:00", YES),
            ("2026-03-31T09:59:59.999999Z", NO),
            ("2026-03-31T25:00:00Z", UNKNOWN),
            ("2026-03-31", UNKNOWN),
        ],
    ),
    Case("= of two texts", "x = y", [("5", YES), ("5.0", NO), (5, YES), ("a", NO), (True, UNKNOWN)], y="5"),
    Case("< of two numbers", "x < y", [(4, YES), ("4", YES), (5, NO), ("a", UNKNOWN), (True, UNKNOWN)], y=5),
    Case("< of two dates", "x < y", [("2026-03-30", YES), ("2026-04-01", NO), ("a", UNKNOWN)], y="2026-03-31"),
    Case("= of two booleans", "x = y", [(True, YES), (False, NO), ("true", UNKNOWN)], y=True),
    Case("< of two booleans", "x < y", [(False, UNKNOWN), (True, UNKNOWN)], y=True),
    Case("in", "x in ('a', 'b')", [("b", YES), ("c", NO), *MIXED_WITH_TEXT]),
    Case("in, numbers", "x in (5, 6)", [("6", YES), (7, NO), *MIXED_WITH_NUMBER]),
    Case("in, mixed", "x in ('a', 5)", [("a", YES), (5, YES), ("5", YES), (6, UNKNOWN), ("c", UNKNOWN)]),
    Case("not in", "x not in ('a', 'b')", [("c", YES), ("a", NO), *MIXED_WITH_TEXT]),
    Case("between", "x between 5 and 7", [(5, YES), ("7", YES), (7.000001, NO), (4, NO), *MIXED_WITH_NUMBER]),
    Case("not between", "x not between 5 and 7", [(4, YES), ("6", NO), ("a", UNKNOWN)]),
    Case(
        "between dates",
        "x between '2026-03-01' and '2026-03-31'",
        [("2026-03-31", YES), ("2026-04-01", NO), (5, UNKNOWN)],
    ),
    Case(
        "is null",
        "x is null",
        [(NOTHING, YES), (None, YES), ("", YES), (0, NO), (False, NO), ([], NO), ("null", NO)],
    ),
    Case("is not null", "x is not null", [("a", YES), (None, NO), (NOTHING, NO)]),
    Case(
        "like %",
        "x like 'a%'",
        [("a", YES), ("abc", YES), ("ba", NO), ("A", NO), ("a\nb", YES), *MIXED_WITH_TEXT],
    ),
    Case(
        "like _",
        "x like '_'",
        [("a", YES), ("ß", YES), ("👩", YES), ("e\u0301", NO), ("ab", NO), *MIXED_WITH_TEXT],
    ),
    Case("like \\%", "x like '50\\%'", [("50%", YES), ("500", NO), ("50\\%", NO)]),
    Case("like \\_", "x like 'a\\_b'", [("a_b", YES), ("axb", NO)]),
    Case("like \\\\", "x like 'a\\\\b'", [("a\\b", YES), ("ab", NO), ("a\\\\b", NO)]),
    Case("not like", "x not like '%b'", [("a", YES), ("ab", NO), *MIXED_WITH_TEXT]),
    Case("like has no classes", "x like 'a.[b]*'", [("a.[b]*", YES), ("axb", NO)]),
    Case(
        "ilike",
        "x ilike 'STRASSE'",
        [("straße", YES), ("Strasse", YES), ("STRAẞE", YES), ("strase", NO), (5, UNKNOWN)],
    ),
    Case("ilike, dotted I", "x ilike 'İ%'", [("İstanbul", YES), ("i\u0307stanbul", YES), ("istanbul", NO)]),
    Case("ilike, final sigma", "x ilike '%ΟΣ'", [("ΌΣΟΣ", YES), ("όσος", YES), ("όσοσ", YES)]),
    Case("ilike, NFKC", "x ilike 'fi_'", [("ﬁn", YES), ("FIX", YES), ("ﬁ", NO)]),
    Case("ilike, length after folding", "x ilike '__'", [("ß", YES), ("ab", YES), ("a", NO)]),
    Case("not ilike", "x not ilike 'A%'", [("b", YES), ("Å", YES), ("abc", NO), (5, UNKNOWN)]),
    Case(
        "lower",
        "lower(x) = 'STRASSE'",
        [("straße", YES), ("Strasse", YES), ("x", NO), (5, UNKNOWN), (None, UNKNOWN)],
    ),
    Case("lower, angstrom", "lower(x) = 'å'", [("Å", YES), ("\u212b", YES), ("A\u030a", YES), ("a", NO)]),
    Case("lower in", "lower(x) in ('Ä', 'b')", [("ä", YES), ("B", YES), ("c", NO), (True, UNKNOWN)]),
    Case("lower like", "lower(x) like 'AB%'", [("aBc", YES), ("b", NO), (5, UNKNOWN)]),
    Case("lower of two", "lower(x) = lower(y)", [("STRASSE", YES), ("strase", NO), (5, UNKNOWN)], y="straße"),
    Case(
        "coalesce",
        "coalesce(x, y) = 'a'",
        [(None, YES), (NOTHING, YES), ("", YES), ("b", NO), (5, UNKNOWN)],
        y="a",
    ),
    Case("coalesce with a constant", "coalesce(x, 0) > 4", [(None, NO), ("5", YES), ("a", UNKNOWN)]),
    Case("coalesce of nothing", "coalesce(x, y) is null", [(None, YES), ([], NO), ("a", NO)]),
    Case("coalesce, folded", "lower(coalesce(x, y)) = 'ß'", [("SS", YES), (NOTHING, NO), (5, UNKNOWN)], y="s"),
    Case("contains in text", "contains(x, 'b')", [("abc", YES), ("ABC", NO), (5, UNKNOWN), (None, UNKNOWN)]),
    Case(
        "contains in a list",
        "contains(x, '5')",
        [(["5"], YES), ([5], NO), (["55"], NO), ([], NO), ("55", YES)],
    ),
    Case(
        "contains a number",
        "contains(x, 5)",
        [([5], YES), (["5.0"], YES), (["a"], NO), ([], NO), ("5", UNKNOWN), (5, UNKNOWN), (None, UNKNOWN)],
    ),
    Case("contains, folded", "contains(lower(x), 'SS')", [("Straße", YES), ("s", NO), (["ss"], UNKNOWN)]),
    Case("contains, escapes mean nothing", "contains(x, '%')", [("50%", YES), ("50", NO)]),
    Case(
        "starts_with",
        "starts_with(x, 'ab')",
        [("abc", YES), ("Abc", NO), ("a", NO), (5, UNKNOWN), (["ab"], UNKNOWN)],
    ),
    Case("starts_with, folded", "starts_with(lower(x), 'SS')", [("ßx", YES), ("sx", NO), (True, UNKNOWN)]),
    Case("+", "x + 0.5 = 5.5", [(5, YES), ("5", YES), (4, NO), *MIXED_WITH_NUMBER]),
    Case("+ out of range", "x + 1 > 0", [(1, YES), ("999999999999.5", UNKNOWN), ("999999999998.999999", YES)]),
    Case("-", "x - y = -1", [(4, YES), ("4.000000", YES), (6, NO), ("a", UNKNOWN)], y="5"),
    Case("- before a name", "-x = 5", [(-5, YES), ("-5", YES), (5, NO), ("a", UNKNOWN)]),
    Case("*", "x * 3 = 15", [(5, YES), ("5.0", YES), (4, NO), *MIXED_WITH_NUMBER]),
    # 0.000001 x 0.5 = 0.0000005, half even to 0; 0.000003 x 0.5 = 0.0000015, to 0.000002; below zero alike.
    Case(
        "*, half even",
        "x * 0.5 = 0.000002",
        [("0.000003", YES), ("0.000005", YES), ("0.000004", YES), ("0.000001", NO)],
    ),
    Case(
        "*, half even below zero",
        "x * 0.5 = -0.000002",
        [("-0.000003", YES), ("-0.000005", YES), ("-0.000001", NO)],
    ),
    Case(
        "* out of range",
        "x * x > 0",
        [("999999", YES), ("1000000", UNKNOWN), ("-999999999999.999999", UNKNOWN)],
    ),
    Case("precedence", "x + y * 2 = 11", [(1, YES), (2, NO)], y=5),
    # As of 31 March 2026 in Berlin. 22:30Z on the 30th is the 31st there.
    Case(
        "days_since",
        "days_since(x) = 1",
        [
            ("2026-03-30", YES),
            ("2026-03-30T22:30:00Z", NO),
            ("2026-03-30T21:30:00Z", YES),
            ("2026-03-31", NO),
            (5, UNKNOWN),
        ],
    ),
    Case(
        "days_since, ahead",
        "days_since(x) = -1",
        [("2026-04-01", YES), ("2026-03-31T22:00:00Z", YES), ("a", UNKNOWN)],
    ),
    Case("days_since, long ago", "days_since(x) > 700000", [("0001-01-01", YES), ("9999-12-31", NO)]),
    Case("a boolean alone", "x", [(True, YES), (False, NO), ("true", UNKNOWN), (1, UNKNOWN), (None, UNKNOWN)]),
    Case("not", "not x", [(True, NO), (False, YES), (None, UNKNOWN), ("a", UNKNOWN)]),
    Case("and", "x = 1 and y = 1", [(1, UNKNOWN), (2, NO), ("a", UNKNOWN)], y="a"),
    Case("or", "x = 1 or y = 1", [(1, YES), (2, UNKNOWN), ("a", UNKNOWN)], y="a"),
    Case("not (and)", "not (x = 1 and y = 1)", [(2, YES), (1, UNKNOWN)], y="a"),
    Case("not (or)", "not (x = 1 or y = 1)", [(1, NO), (2, UNKNOWN)], y="a"),
    Case("precedence of and", "x = 1 or x = 2 and y = 1", [(1, YES), (2, NO), (3, NO)], y=2),
]
MOST = max(len(case.answers) for case in CASES)
CHUNK = 20
"""Cases asked in one definition: each its own would be slow, all in one as well."""


def _definition(numbers: range) -> str:
    """Ask of every case's own x and y: 1 point where the condition holds, 2 where its negation does."""
    criteria: Made = {}
    signals: Made = {"any": {"points": 1}}
    for number in numbers:
        case = CASES[number]
        for points, when in ((1, case.when), (2, f"not ({case.when})")):
            of_traits = _renamed(when, f"x{number}", f"y{number}")
            of_events = _renamed(when, f"properties.x{number}", f"properties.y{number}")
            criteria[f"c{number}_{points}"] = {"when": of_traits, "points": points}
            if "days_since" not in when:
                signals[f"s{number}_{points}"] = {"when": of_events, "points": points}
    only = {"only": 0}
    return yaml_of(
        {
            "version": 1,
            "timezone": "Europe/Berlin",
            "required": [],
            "fit": {"criteria": criteria, "levels": only},
            "engagement": {"signals": signals, "levels": only},
            "matrix": {"only": {"only": "none"}, "unknown": {"only": "none"}},
        }
    )


def _renamed(when: str, x: str, y: str) -> str:
    """Put other names for x and y, outside of text constants."""
    pieces = when.split("'")
    for place in range(0, len(pieces), 2):
        pieces[place] = re.sub(r"\b[xy]\b", lambda name: x if name[0] == "x" else y, pieces[place])
    return "'".join(pieces)


def _lead(place: int) -> LeadHistory:
    """Lead number n has the n-th value of every case that has as many."""
    raw = {
        f"{name}{number}": given
        for number, case in enumerate(CASES)
        if place < len(case.answers)
        for name, given in (("x", case.answers[place][0]), ("y", case.y))
        if given is not NOTHING
    }
    # An empty text is nothing: the typing says so, and what is nothing is not stored of an event.
    traits = {key: typed(given) for key, given in raw.items() if given != ""}
    fields = {f"properties.{key}": value for key, value in traits.items() if value is not None}
    event = Event("track", "A", AS_OF, AS_OF, fields)
    return LeadHistory((event,), (Statement(traits, None, None, 1),))


@cache
def _lines(chunk: int) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Return (lead, rule) of every rule of some cases that gave points, by reader."""
    leads = {str(place): _lead(place) for place in range(MOST)}
    plan = plan_of(_definition(range(CHUNK * chunk, min(CHUNK * (chunk + 1), len(CASES)))))
    with stored(leads) as store:
        sql, python = both_readings(store, plan, Asked(AS_OF))
    readings = {"sql": sql, "python": python}
    return {name: frozenset((one[0], one[-2]) for one in reading.lines) for name, reading in readings.items()}


@pytest.mark.parametrize("reader", ["python", "sql"])
@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: CASES[number].operator)
def test_an_operator_answers_as_worked_out_by_hand(number: int, reader: str) -> None:
    case, lines = CASES[number], _lines(number // CHUNK)[reader]
    for place, (raw, expected) in enumerate(case.answers):
        for kind in "c" if "days_since" in case.when else "cs":
            held = (str(place), f"{kind}{number}_1") in lines
            failed = (str(place), f"{kind}{number}_2") in lines
            assert not (held and failed)
            found = YES if held else NO if failed else UNKNOWN
            assert found is expected, (case.when, raw, "trait" if kind == "c" else "event")


def test_every_allowed_operator_has_a_row() -> None:
    """The list in the error message for conditions is the list of operators."""
    tried = " ".join(case.when for case in CASES)
    words = {"comparisons": "=", "and/or/not": "not (", "+ - *": " * "}
    for operator in ALLOWED.split(", "):
        assert words.get(operator, operator) in tried, operator
