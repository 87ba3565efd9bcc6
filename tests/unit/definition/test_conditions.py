"""Conditions: what is taken, what is refused and how it is said, and that the written tree reads back."""

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ripeline.definition import render
from ripeline.definition.condition_text import ConditionError, parse_condition, parse_name
from ripeline.definition.conditions import (
    And,
    Arithmetic,
    Coalesce,
    Compare,
    Condition,
    Contains,
    DaysSince,
    Expr,
    IsNull,
    Like,
    Literal,
    Lower,
    Name,
    Not,
    Or,
    StartsWith,
    Truth,
    Wildcard,
)
from ripeline.definition.expression_text import field_key
from ripeline.definition.render import condition_text
from ripeline.vocabulary.values import Value, fold, typed


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", Truth(Name("trait", "a"))),
        ("5 < a", Compare(">", Name("trait", "a"), Literal(Value(number=5_000_000)))),
        ('"Lead Quality" is not null', Not(IsNull(Name("trait", "Lead Quality")))),
        ('properties."utm.source" is null', IsNull(Name("properties", 'properties."utm.source"'))),
        ("a ilike 'X%'", Like(Lower(Name("trait", "a")), ("x", Wildcard.MANY))),
        (r"a like '\%_'", Like(Name("trait", "a"), ("%", Wildcard.ONE))),
        ("order = true", Compare("=", Name("trait", "order"), Literal(Value(boolean=True)))),
        ("-a < 1", Compare("<", Arithmetic("-", Literal(Value(number=0)), Name("trait", "a")),
                           Literal(Value(number=1_000_000)))),
    ],
)  # fmt: skip
def test_text_becomes_a_tree(text: str, tree: Condition) -> None:
    assert parse_condition(text) == tree


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = 1; b = 2", "not allowed here"),
        ("a between symmetric 5 and 1", "not allowed here"),
        ("properties.a.lower() = 'x'", "is no name"),
        ("a = 1 -- comment\n as b", "not allowed here"),
        ("select 1", "not allowed here"),
        ("a in (select 1)", "not allowed here"),
        ("a in (1, b)", "constants only"),
        ("a / 2 = 1", "not allowed here"),
        ("cast(a as int) = 1", "not allowed here"),
        ("regexp_matches(a, 'x')", "not allowed here"),
        ("a like b", "constant text"),
        (r"a like 'x\'", "single"),
        ("a = ''", "never the value"),
        ("a = null", "compares with nothing"),
        ("a > 'x'", "numbers and ISO dates"),
        ("a > true", "true and false"),
        ("1 = 1", "two constants"),
        ("a = 1e3", "not a number"),
        ("a.b = 1", "neither a trait"),
        ("properties = 1", "needs the name of a field"),
        ('"" = 1', "cannot be empty"),
        ("true", "only beside"),
        ("lower(a)", "is no condition"),
        ("days_since(properties.x) < 3", "one trait"),
        ("a betwen 1 and 2", "`1` is not expected at character 10"),
        ("a = 1 and", "something is missing"),
        ("a = 'x", "a quote is not closed"),
    ],
)
def test_what_is_refused_is_named(text: str, told: str) -> None:
    with pytest.raises(ConditionError, match=told.replace("`", ".")) as refused:
        parse_condition(text)
    assert refused.value.hint


def test_a_name_alone_is_read() -> None:
    assert parse_name("context.page.path") == Name("context", "context.page.path")
    with pytest.raises(ConditionError):
        parse_name("a = ")


TEXTS = st.text(min_size=1, max_size=8).filter(
    lambda text: "\0" not in text and typed(text) is not None and fold(fold(text)) == fold(text) != ""
)
KEYS = st.sampled_from(["a", "company_size", "order", "Lead Quality", "x.y", 'q"q', "straße", "select"])
NUMBERS = st.integers(-(10**15), 10**15).map(lambda micro: Value(number=micro))
TRAITS = KEYS.map(lambda key: Name("trait", key))
FIELDS = st.lists(st.sampled_from(["price", "utm.source", "Lead Quality", "order"]), min_size=1, max_size=3)
NAMES = TRAITS | st.builds(lambda root, rest: Name(root, field_key([root, *rest])),
                           st.sampled_from(["properties", "context"]), FIELDS)  # fmt: skip


def text_value(text: str, *, folded: bool) -> Value:
    value = typed(fold(text) if folded else text)
    assert value is not None
    return value


PLAIN = NAMES | st.builds(Coalesce, st.lists(NAMES, min_size=2, max_size=3).map(tuple)) | TRAITS.map(DaysSince)
SUMS = st.recursive(
    NAMES,
    lambda inner: st.builds(Arithmetic, st.sampled_from("+-*"), inner | NUMBERS.map(Literal), inner),
    max_leaves=4,
)
SUBJECTS = PLAIN | SUMS | NAMES.map(Lower)


@st.composite
def equalities(draw: st.DrawFn, subject: Expr | None = None) -> Condition:
    left = draw(SUBJECTS) if subject is None else subject
    texts = TEXTS.map(lambda text: text_value(text, folded=isinstance(left, Lower)))
    value = draw(NUMBERS | texts | st.booleans().map(lambda flag: Value(boolean=flag)))
    return Compare(draw(st.sampled_from(["=", "<>"])) if subject is None else "=", left, Literal(value))


@st.composite
def likes(draw: st.DrawFn) -> Condition:
    arg = draw(NAMES | NAMES.map(Lower))
    pieces = draw(st.lists(TEXTS | st.sampled_from(list(Wildcard)), min_size=1, max_size=4))
    assume(not any(isinstance(a, str) and isinstance(b, str) for a, b in pairwise(pieces)))
    is_folded = isinstance(arg, Lower)
    return Like(arg, tuple(fold(one) if is_folded and isinstance(one, str) else one for one in pieces))


@st.composite
def lists(draw: st.DrawFn) -> Condition:
    left = draw(SUBJECTS)
    return Or(tuple(draw(st.lists(equalities(left), min_size=2, max_size=3))))


ORDERS = st.builds(Compare, st.sampled_from(["<", "<=", ">", ">="]), PLAIN | SUMS, NUMBERS.map(Literal))
BETWEEN = st.builds(
    lambda left, low, high: And((Compare(">=", left, Literal(low)), Compare("<=", left, Literal(high)))),
    PLAIN | SUMS, NUMBERS, NUMBERS,
)  # fmt: skip
LEAVES = (
    equalities() | ORDERS | likes() | NAMES.map(Truth) | NAMES.map(IsNull)
    | st.builds(Contains, NAMES, TEXTS.map(lambda text: text_value(text, folded=False)) | NUMBERS)
    | st.builds(StartsWith, NAMES, TEXTS)
)  # fmt: skip


def connected(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    """Trees as the parser makes them: an `and` directly inside an `and` is only ever a `between`, an `or` an `in`."""
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return (
        inner.map(Not)
        | several.filter(lambda parts: not any(is_flat(part, And) for part in parts)).map(And)
        | several.filter(lambda parts: not any(is_flat(part, Or) for part in parts)).map(Or)
    )


def is_flat(part: Condition, kind: type[And | Or]) -> bool:
    """Say whether a part is a chain that the parser would take up into the chain around it."""
    if not isinstance(part, kind):
        return False
    return not (render._between(part.args) if isinstance(part, And) else render._in(part.args))


CONDITIONS = st.recursive(LEAVES | BETWEEN | lists(), connected, max_leaves=5)


@settings(deadline=None)
@given(CONDITIONS)
def test_what_is_written_reads_back(condition: Condition) -> None:
    assert parse_condition(condition_text(condition)) == condition


@pytest.mark.parametrize(
    "text",
    [
        "company_size between 100 and 500",
        "title_function = 'it' and title_seniority in ('head', 'vp', 'chief')",
        "not (a = 1 and b = 2)",
        "(a = 1 or b = 2) and c not in (1, 2)",
        "a not between 1 and 2 and b is not null",
        "context.page.path not like '/pricing%' or a not ilike '%x'",
        "(a + 1) * 2 - b > 0.5",
        "days_since(created) < 30",
        "contains(lower(a), 'x') and starts_with(b, 'y') and coalesce(c, d) = 'e'",
    ],
)
def test_common_conditions_are_written_as_people_write_them(text: str) -> None:
    assert condition_text(parse_condition(text)) == text
