"""A condition's tree as SQL text that a person reads; parsing the text gives the tree again."""

import re
from collections.abc import Iterator
from functools import lru_cache

from sqlglot.dialects.duckdb import DuckDB

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
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.values import Value

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FIELD_PART = re.compile(r'"(?:[^"]|"(?!\.|$))*"|[^.]+')


def condition_text(condition: Condition) -> str:
    """Return a condition as text.

    >>> condition_text(Not(IsNull(Name("trait", "Lead Quality"))))
    '"Lead Quality" is not null'
    """
    match condition:
        case And(args):
            return _between(args) or " and ".join(_part(arg, (Or,)) for arg in args)
        case Or(args):
            return _in(args) or " or ".join(_part(arg, ()) for arg in args)
        case Not(arg):
            return _not(arg)
        case Compare(operator, left, right):
            return f"{_expression(left)} {operator} {_expression(right)}"
        case IsNull(arg):
            return f"{_expression(arg)} is null"
        case Like(Lower(arg), pattern):
            return f"{_expression(arg)} ilike {_pattern(pattern)}"
        case Like(arg, pattern):
            return f"{_expression(arg)} like {_pattern(pattern)}"
        case Contains(arg, item):
            return f"contains({_expression(arg)}, {_constant(item)})"
        case StartsWith(arg, prefix):
            return f"starts_with({_expression(arg)}, {_quoted(prefix)})"
        case Truth(arg):
            return _expression(arg)


def _part(condition: Condition, looser: tuple[type, ...]) -> str:
    text = condition_text(condition)
    return f"({text})" if isinstance(condition, looser) and not _in(getattr(condition, "args", ())) else text


def _not(arg: Condition) -> str:
    text = condition_text(arg)
    match arg:
        case IsNull():
            return f"{text.removesuffix('null')}not null"
        case And(args) if not _between(args):
            return f"not ({text})"
        case Or(args) if not _in(args):
            return f"not ({text})"
        case And() | Or() | Like():
            head = _expression(_subject(arg))
            return f"{head} not{text[len(head) :]}"
    return f"not {text}"


def _subject(condition: And | Or | Like) -> Expr:
    """Return what stands before `between`, `in` and `like`."""
    if isinstance(condition, Like):
        return condition.arg.arg if isinstance(condition.arg, Lower) else condition.arg
    first = condition.args[0]
    assert isinstance(first, Compare)  # noqa: S101 - only what _between and _in wrote comes here
    return first.left


def _between(args: tuple[Condition, ...]) -> str:
    match args:
        case (Compare(">=", left, low), Compare("<=", same, high)) if left == same:
            return f"{_expression(left)} between {_expression(low)} and {_expression(high)}"
    return ""


def _in(args: tuple[Condition, ...]) -> str:
    """Return `x in (...)` where all parts are the same thing equal to some constant."""
    constants = list(_equals(args))
    first = args[0] if args else None
    if not isinstance(first, Compare) or len(constants) != len(args):
        return ""
    return f"{_expression(first.left)} in ({', '.join(map(_constant, constants))})"


def _equals(args: tuple[Condition, ...]) -> Iterator[Value]:
    first = args[0] if args else None
    for arg in args:
        match arg:
            case Compare("=", left, Literal(value)) if isinstance(first, Compare) and left == first.left:
                yield value


def _expression(expr: Expr) -> str:
    match expr:
        case Name("trait", key):
            return _identifier(key)
        case Name(_, key):
            return ".".join(_identifier(part) for part in _field_parts(key))
        case Literal(value):
            return _constant(value)
        case Coalesce(args):
            return f"coalesce({', '.join(map(_expression, args))})"
        case Lower(arg):
            return f"lower({_expression(arg)})"
        case DaysSince(trait):
            return f"days_since({_expression(trait)})"
        case Arithmetic(operator, left, right):
            return f"{_term(left, operator, 0)} {operator} {_term(right, operator, 1)}"


def _term(expr: Expr, operator: str, side: int) -> str:
    """Return one side of an operator, in brackets where it would bind otherwise."""
    strength = {"+": 1, "-": 1, "*": 2}
    loose = isinstance(expr, Arithmetic) and strength[expr.operator] < strength[operator] + side
    return f"({_expression(expr)})" if loose else _expression(expr)


def _field_parts(key: str) -> list[str]:
    return [part[1:-1] if part.startswith('"') else part for part in _FIELD_PART.findall(key)]


@lru_cache(maxsize=4096)
def _identifier(name: str) -> str:
    if _PLAIN.fullmatch(name) and name.upper() not in DuckDB.Tokenizer.KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def _constant(value: Value) -> str:
    if value.boolean is not None:
        return "true" if value.boolean else "false"
    # Micro-points and decimal(18,6) have the same scale, so numbers read as points do.
    return _quoted(value.text) if value.text is not None else points_text(value.number or 0)


def _pattern(pattern: tuple[str | Wildcard, ...]) -> str:
    escaped = (re.sub(r"([\\%_])", r"\\\1", part) if isinstance(part, str) else part.value for part in pattern)
    return _quoted("".join(escaped))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
