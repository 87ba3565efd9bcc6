"""Condition text to tree. sqlglot parses; everything outside the safe subset is refused by name."""

import logging
from collections.abc import Iterator
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ripeline.definition.conditions import (
    ORDERINGS,
    And,
    Coalesce,
    Compare,
    Condition,
    Contains,
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
    children,
    names_in,
)
from ripeline.definition.expression_text import (
    NULL_HINT,
    ConditionError,
    expression_of,
    folded,
    parse_name,
    refuse_modifiers,
    shown,
)
from ripeline.vocabulary.values import Value, fold

__all__ = ["ConditionError", "parse_condition", "parse_name"]

LONGEST = 4_000
DEEPEST = 50
"""Levels of the tree. Both readers walk it with a few calls a level, far from Python's limit."""

_COMPARISONS: Final[dict[type, str]] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SQL_HINT = "texts stand in 'single quotes'; a name with spaces, or one that SQL knows, in \"double quotes\""
_TOO_DEEP = f"is nested deeper than {DEEPEST} levels"

logging.getLogger("sqlglot").addHandler(logging.NullHandler())


def parse_condition(text: str) -> Condition:
    """Return the tree of a condition, or raise ConditionError.

    >>> parse_condition("company_size >= 100").operator
    '>='
    """
    if len(text) > LONGEST:
        raise ConditionError(f"a condition has at most {LONGEST} characters", "split it into several rules")
    try:
        condition = _condition(sqlglot.parse_one(text, read="duckdb"))
        deepest = _depth(condition)
    except SqlglotError as error:
        raise ConditionError(_told(error), _SQL_HINT) from error
    except RecursionError as error:
        raise ConditionError(_TOO_DEEP) from error
    if deepest > DEEPEST:
        raise ConditionError(_TOO_DEEP)
    if next(names_in(condition), None) is None:
        raise ConditionError("reads no trait and no property", "name a trait, or properties.x, or context.x")
    return condition


def _depth(node: Condition | Expr) -> int:
    return 1 + max(map(_depth, children(node)), default=0)


def _told(error: SqlglotError) -> str:
    details = getattr(error, "errors", None)
    if not details:
        return "a quote is not closed, or a character is not known to SQL"
    at, description = details[0].get("col"), str(details[0].get("description"))
    if "missing" in description or "Expecting" in description:
        return f"something is missing at character {at}"
    if "number of provided arguments" in description:
        return f"too many arguments at character {at}"
    found = str(details[0].get("highlight"))
    return f"`{found}` is not expected at character {int(at or 0) - len(found) + 1}"


def _condition(node: exp.Expr) -> Condition:
    refuse_modifiers(node)
    match node:
        case exp.Paren():
            return _condition(node.this)
        case exp.And():
            return And(tuple(_flat(node, exp.And)))
        case exp.Or():
            return Or(tuple(_flat(node, exp.Or)))
        case exp.Not():
            return Not(_condition(node.this))
        case exp.Between():
            return _between(node)
        case exp.In():
            return _in(node)
        case exp.Is():
            return _is(node)
        case exp.Like() | exp.ILike():
            return _like(node)
        case exp.Contains() | exp.ArrayContains():
            return _contains(node)
        case exp.StartsWith():
            return _starts_with(node)
        case exp.Boolean():
            raise ConditionError("true and false stand only beside = and <>")
    if type(node) in _COMPARISONS:
        return _compare(_COMPARISONS[type(node)], expression_of(node.this), expression_of(node.expression))
    value = expression_of(node)
    if isinstance(value, Name | Coalesce):
        return Truth(value)
    raise ConditionError(f"`{shown(node)}` is no condition", "compare it with something")


def _flat(node: exp.Expr, kind: type[exp.Connector]) -> Iterator[Condition]:
    # Chains lean to the left and may be long; they are walked, not descended into.
    waiting = [node]
    while waiting:
        part = waiting.pop().unnest()
        if isinstance(part, kind):
            refuse_modifiers(part)
            waiting += [part.expression, part.this]
        else:
            yield _condition(part)


def _between(node: exp.Between) -> Condition:
    arg = expression_of(node.this)
    low, high = (_compare(op, arg, expression_of(node.args[key])) for op, key in ((">=", "low"), ("<=", "high")))
    return _negated(node, And((low, high)))


def _in(node: exp.In) -> Condition:
    if not node.expressions:
        raise ConditionError("`in` takes a list of constants in parentheses", "such as country in ('DE', 'AT')")
    arg = expression_of(node.this)
    items = tuple(expression_of(item) for item in node.expressions)
    if not all(isinstance(item, Literal) for item in items):
        raise ConditionError("`in` takes constants only", "texts stand in 'single quotes'")
    compared = tuple(_compare("=", arg, item) for item in items)
    return compared[0] if len(compared) == 1 else Or(compared)


def _is(node: exp.Is) -> Condition:
    if isinstance(node.expression, exp.Null):
        return IsNull(expression_of(node.this))
    raise ConditionError(f"`{shown(node)}`: only null can stand behind `is`", f"{NULL_HINT}, or use =")


def _like(node: exp.Like | exp.ILike) -> Condition:
    pattern = node.expression
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        raise ConditionError("a pattern is a constant text", "such as context.page.path like '/pricing%'")
    arg = expression_of(node.this)
    if isinstance(node, exp.ILike) and not isinstance(arg, Lower):
        arg = Lower(arg)
    parts = _pattern(pattern.this)
    if isinstance(arg, Lower):
        parts = tuple(fold(part) if isinstance(part, str) else part for part in parts)
    return _negated(node, Like(arg, parts))


def _negated(node: exp.Expr, condition: Condition) -> Condition:
    return Not(condition) if node.args.get("negate") else condition


def _pattern(text: str) -> tuple[str | Wildcard, ...]:
    parts: list[str | Wildcard] = []
    characters = iter(text)
    for character in characters:
        part: str | Wildcard = character
        if character == "\\":
            part = next(characters, "")
            if not part:
                raise ConditionError("a pattern cannot end with a single \\", "write \\\\ for a \\")
        elif character in "%_":
            part = Wildcard(character)
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return tuple(parts)


def _contains(node: exp.Expr) -> Condition:
    arg, item = expression_of(node.this), _constant(node.expression, "contains")
    if item.boolean is not None:
        raise ConditionError("contains looks for a text or a number")
    return Contains(arg, folded(item) if isinstance(arg, Lower) else item)


def _starts_with(node: exp.StartsWith) -> Condition:
    arg, prefix = expression_of(node.this), _constant(node.expression, "starts_with")
    if prefix.text is None:
        raise ConditionError("starts_with looks for a text")
    return StartsWith(arg, fold(prefix.text) if isinstance(arg, Lower) else prefix.text)


def _constant(node: exp.Expr, function: str) -> Value:
    item = expression_of(node)
    if not isinstance(item, Literal):
        raise ConditionError(f"{function} looks for a constant", "texts stand in 'single quotes'")
    return item.value


def _compare(operator: str, left: Expr, right: Expr) -> Condition:
    if isinstance(left, Literal):
        if isinstance(right, Literal):
            raise ConditionError("two constants are compared", "name a trait, or properties.x, or context.x")
        left, right, operator = right, left, _MIRRORED.get(operator, operator)
    if isinstance(right, Literal):
        right = Literal(folded(right.value)) if isinstance(left, Lower) else right
        _refuse_odd_constant(operator, right.value)
    return Compare(operator, left, right)


def _refuse_odd_constant(operator: str, value: Value) -> None:
    if operator not in ORDERINGS:
        return
    if value.boolean is not None:
        raise ConditionError(f"`{operator}` does not work on true and false", "use = or <>")
    if value.text is not None and value.day is None and value.instant is None:
        raise ConditionError(
            f"`{operator}` works on numbers and ISO dates, and '{value.text}' is neither",
            "write a number without quotes, or a date such as '2026-03-31'",
        )
