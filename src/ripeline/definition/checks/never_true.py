"""never-true: a condition whose parts exclude each other."""

from collections import defaultdict
from collections.abc import Iterator

from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.conditions import (
    And,
    Compare,
    Condition,
    Expr,
    IsNull,
    Literal,
    Not,
    Truth,
    parts_of,
)
from ripeline.definition.conditions_of import conditions_of
from ripeline.definition.render import condition_text
from ripeline.vocabulary.issues import Issue
from ripeline.vocabulary.values import Value

_Bound = tuple[int, bool]
"""A number or a day, and whether it is itself excluded."""


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each part of a condition that no lead and no event can satisfy."""
    return [
        warning("never-true", f"`{condition_text(part)}` is never true", draft.at_value(*one.path), hint)
        for one in conditions_of(draft.raw)
        for part in parts_of(one.when)
        if isinstance(part, And) and (hint := _contradiction(part))
    ]


def _contradiction(condition: And) -> str:
    """Return what excludes what; empty where nothing does."""
    flat = list(_conjuncts(condition))
    compared: dict[Expr, list[Compare]] = defaultdict(list)
    for part in flat:
        if isinstance(part, Compare) and isinstance(part.right, Literal):
            compared[part.left].append(part)
    absent = {part.arg for part in flat if isinstance(part, IsNull)}
    present = {*compared, *(part.arg for part in flat if isinstance(part, Truth))}
    if absent & present:
        return "what is null cannot be compared as well"
    if any(_two_texts(comparisons) for comparisons in compared.values()):
        return "one value cannot equal two texts; write `or`, or `in (...)`"
    if any(_empty(comparisons, kind) for comparisons in compared.values() for kind in ("number", "day")):
        return "the lower bound lies above the upper one; between takes the lower one first"
    return ""


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    for part in condition.args if isinstance(condition, And) else (condition,):
        if isinstance(part, And):
            yield from _conjuncts(part)
        elif not isinstance(part, Not):
            yield part


def _two_texts(comparisons: list[Compare]) -> bool:
    values = [_constant(one) for one in comparisons if one.operator == "="]
    return len({value.text for value in values if value.text is not None}) > 1


def _empty(comparisons: list[Compare], kind: str) -> bool:
    lows: list[_Bound] = []
    highs: list[_Bound] = []
    for one in comparisons:
        at = _at(one, kind)
        if at is None:
            continue
        if one.operator in {">", ">=", "="}:
            lows.append((at, one.operator == ">"))
        if one.operator in {"<", "<=", "="}:
            highs.append((at, one.operator == "<"))
    return any(low > high or (low == high and (o1 or o2)) for low, o1 in lows for high, o2 in highs)


def _at(one: Compare, kind: str) -> int | None:
    """The constant on the scale of a kind; a text is compared as a number or a day only by an ordering."""
    value = _constant(one)
    if kind == "number":
        return value.number if value.text is None else None
    return None if one.operator == "=" else value.day


def _constant(one: Compare) -> Value:
    return one.right.value if isinstance(one.right, Literal) else Value()
