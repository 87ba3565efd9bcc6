"""Conditions in three-valued logic, read in Python: True, False or None for unknown."""

import operator
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

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
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.points import MICRO, half_even
from ripeline.vocabulary.values import LARGEST_NUMBER, Value

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
Answer = bool | None
"""True, false, or None for unknown."""

_REGEX = {Wildcard.ONE: ".", Wildcard.MANY: ".*"}


class Reader:
    """Evaluates conditions against one source of values, at one local day."""

    def __init__(self, lookup: Callable[[Name], Value | None], zone: Zone, day: int) -> None:
        """Take where names are looked up, and the zone and day that `days_since` counts to."""
        self._lookup = lookup
        self._zone = zone
        self._day = day

    def holds(self, condition: Condition) -> Answer:
        """Return whether a condition is true, false or unknown."""
        match condition:
            case And(args):
                return _all(self.holds(arg) for arg in args)
            case Or(args):
                negated = _all(_negate(self.holds(arg)) for arg in args)
                return _negate(negated)
            case Not(arg):
                return _negate(self.holds(arg))
            case IsNull(arg):
                return self.value(arg) is None
            case Compare(op, left, Literal(constant)):
                return _against_constant(op, self.value(left), constant)
            case Compare(op, left, right):
                return _against_value(op, self.value(left), self.value(right))
        return _of_value(condition, self.value(condition.arg))

    def value(self, expr: Expr) -> Value | None:
        """Return the value of an expression; None where it is unknown."""
        match expr:
            case Name():
                return self._lookup(expr)
            case Literal(constant):
                return constant
            case Coalesce(args):
                return next((value for arg in args if (value := self.value(arg)) is not None), None)
            case Lower(arg):
                inner = self.value(arg)
                return None if inner is None or inner.text is None else Value(text=inner.fold)
            case DaysSince(trait):
                return self._days_since(self._lookup(trait))
            case Arithmetic(op, left, right):
                return _arithmetic(op, self.value(left), self.value(right))

    def _days_since(self, when: Value | None) -> Value | None:
        day = day_of(when, self._zone)
        return None if day is None else Value(number=(self._day - day) * MICRO)


def day_of(when: Value | None, zone: Zone) -> int | None:
    """Return the local day of a date or a time; None for what is neither."""
    if when is None:
        return None
    return zone.day(when.instant) if when.instant is not None else when.day


def _all(answers: Iterable[Answer]) -> Answer:
    unknown = False
    for answer in answers:
        if answer is False:
            return False
        unknown = unknown or answer is None
    return None if unknown else True


def _negate(answer: Answer) -> Answer:
    return None if answer is None else not answer


def _against_constant(op: str, value: Value | None, constant: Value) -> Answer:
    """The constant decides how the value is read."""
    if value is None:
        return None
    if constant.boolean is not None:
        return _compare(op, value.boolean, constant.boolean)
    if constant.text is None:
        return _compare(op, value.number, constant.number)
    if op in {"=", "<>"}:
        return _compare(op, value.text, constant.text)
    if constant.day is not None:
        return _compare(op, value.day, constant.day)
    return _compare(op, value.instant, constant.instant)


def _against_value(op: str, left: Value | None, right: Value | None) -> Answer:
    """Two values compare when they are of one kind; text is a number only beside a number."""
    if left is None or right is None:
        return None
    texts = left.text is not None and right.text is not None
    if texts and op in {"=", "<>"}:
        return _compare(op, left.text, right.text)
    for one, other in (
        (left.number, right.number),
        (left.boolean, right.boolean) if op in {"=", "<>"} else (None, None),
        (left.day, right.day),
        (left.instant, right.instant),
    ):
        if one is not None and other is not None:
            return _compare(op, one, other)
    return None


def _compare(op: str, left: object, right: object) -> Answer:
    return None if left is None or right is None else _COMPARE[op](left, right)


def _of_value(condition: Like | Contains | StartsWith | Truth, value: Value | None) -> Answer:
    if value is None:
        return None
    match condition:
        case Truth():
            return value.boolean
        case Like(_, pattern):
            return None if value.text is None else bool(_regex(pattern).fullmatch(value.text))
        case StartsWith(_, prefix):
            return None if value.text is None else value.text.startswith(prefix)
        case Contains(_, item):
            return _contains(value, item)


def _contains(value: Value, item: Value) -> Answer:
    if value.texts is not None or value.numbers is not None:
        if item.text is not None:
            return item.text in (value.texts or ())
        return item.number in (value.numbers or ())
    if value.text is None or item.text is None:
        return None
    return item.text in value.text


@lru_cache(maxsize=1024)
def _regex(pattern: tuple[str | Wildcard, ...]) -> re.Pattern[str]:
    parts = (re.escape(part) if isinstance(part, str) else _REGEX[part] for part in pattern)
    return re.compile("".join(parts), re.DOTALL)


def _arithmetic(op: str, left: Value | None, right: Value | None) -> Value | None:
    if left is None or right is None or left.number is None or right.number is None:
        return None
    match op:
        case "+":
            result = left.number + right.number
        case "-":
            result = left.number - right.number
        case _:
            result = half_even(left.number * right.number, MICRO)
    return Value(number=result) if abs(result) <= LARGEST_NUMBER else None
