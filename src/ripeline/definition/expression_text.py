"""The values inside conditions: names, constants and the few functions, from what sqlglot parsed."""

from collections.abc import Callable, Iterable
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ripeline.definition.conditions import Arithmetic, Coalesce, DaysSince, Expr, Literal, Lower, Name
from ripeline.vocabulary.derived_fields import FIELDS, INPUTS, root_of
from ripeline.vocabulary.issues import did_you_mean
from ripeline.vocabulary.values import NUMBER, Value, fold, typed

ALLOWED: Final = (
    "comparisons, and/or/not, in, between, is null, like, ilike, lower, coalesce, contains, starts_with, "
    "days_since, + - *"
)
NULL_HINT: Final = "write `is null` or `is not null`"
_SHOWN = 80

_ARITHMETIC: Final[dict[type, str]] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_PLAIN_ARGS: Final = frozenset(
    {"this", "expression", "expressions", "low", "high", "negate", "is_string", "table", "db", "catalog"}
)
"""What a node may carry. sqlglot keeps modifiers (between symmetric) beside these, and none may go unseen."""

_INSTEAD: Final[dict[type, str]] = {
    exp.Div: "division is not known, since engines divide differently: multiply the other side",
    exp.IntDiv: "division is not known, since engines divide differently: multiply the other side",
    exp.DPipe: "write `or` between conditions",
    exp.ArrayOverlaps: "write `and` between conditions",
    exp.Upper: "compare lower(x) with a text in lower case",
    exp.RegexpLike: "use like with % and _",
    exp.Cast: "text that reads as a number is one beside a number; no cast is needed",
}


class ConditionError(ValueError):
    """The text is no condition of the safe subset; the message says what stands in the way."""

    def __init__(self, message: str, hint: str = f"allowed: {ALLOWED}") -> None:
        """Keep the hint beside the message."""
        super().__init__(message)
        self.hint = hint


def parse_name(text: str) -> Name:
    """Return the trait or the field of an event that a text names, or raise ConditionError."""
    try:
        return name_of(sqlglot.parse_one(text, read="duckdb"))
    except SqlglotError as error:
        raise ConditionError(f"`{text[:_SHOWN]}` is no name", "properties.x, context.x.y or a trait") from error


def expression_of(node: exp.Expr) -> Expr:
    """Return a value's tree from sqlglot's, or raise ConditionError."""
    refuse_modifiers(node)
    match node:
        case exp.Paren():
            return expression_of(node.this)
        case exp.Column() | exp.Dot():
            return name_of(node)
        case exp.Literal():
            return _literal(node)
        case exp.Boolean():
            return Literal(Value(boolean=bool(node.this)))
        case exp.Neg():
            return _negative(node)
        case exp.Lower():
            return _lower(expression_of(node.this))
        case exp.Coalesce():
            return Coalesce(tuple(expression_of(arg) for arg in (node.this, *node.expressions)))
        case exp.Null():
            raise ConditionError("null compares with nothing", NULL_HINT)
    if type(node) in _ARITHMETIC:
        return Arithmetic(_ARITHMETIC[type(node)], _number(node.this), _number(node.expression))
    return _function(node)


def name_of(node: exp.Expr) -> Name:
    """Return the trait or field that a column of sqlglot's stands for, or raise ConditionError."""
    parts = _path(node)
    if not all(part.name for part in parts):
        raise ConditionError("a name cannot be empty")
    keys = [part.name for part in parts]
    is_event = keys[0] in {"properties", "context"}
    if len(keys) == 1 and (not is_event or parts[0].args.get("quoted")):
        return Name("trait", keys[0])
    if len(keys) == 1:
        raise ConditionError(f"`{keys[0]}` needs the name of a field", f"such as {keys[0]}.x")
    if keys[0] in INPUTS:
        return _derived_field(".".join(keys))
    if not is_event:
        raise ConditionError(
            f"`{shown(node)}` is neither a trait nor properties.x nor context.x",
            f'a trait whose name has dots is quoted: "{".".join(keys)}"',
        )
    return Name(keys[0], field_key(keys))


def _derived_field(key: str) -> Name:
    if key not in FIELDS:
        raise ConditionError(
            f"`{key[:_SHOWN]}` is not known", did_you_mean(key, FIELDS) or f"one of {', '.join(FIELDS)}"
        )
    return Name(root_of(key), key)


def field_key(parts: Iterable[str]) -> str:
    """Return the dotted name of a field of an event; a part with dots in it is quoted.

    >>> field_key(["properties", "utm.source"])
    'properties."utm.source"'
    """
    return ".".join(f'"{part}"' if "." in part or '"' in part else part for part in parts)


def folded(value: Value) -> Value:
    """Return a constant as it is compared with lower(...)."""
    return value if value.text is None else typed(fold(value.text)) or value


def refuse_modifiers(node: exp.Expr) -> None:
    """Raise ConditionError where a node carries anything that its tree would not show."""
    if any(value and key not in _PLAIN_ARGS for key, value in node.args.items()):
        raise _refused(node)


def shown(node: exp.Expr) -> str:
    """Return a part of a condition as messages show it."""
    return node.sql(dialect="duckdb")[:_SHOWN]


def _path(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.Dot) and isinstance(node.expression, exp.Identifier):
        return [*_path(node.this), node.expression]
    if isinstance(node, exp.Column) and all(isinstance(part, exp.Identifier) for part in node.parts):
        return list(node.parts)
    raise ConditionError(f"`{shown(node)}` is no name")


def _negative(node: exp.Neg) -> Expr:
    if isinstance(node.this, exp.Literal):
        return _literal(exp.Literal(this=f"-{node.this.this}", is_string=node.this.is_string))
    return Arithmetic("-", Literal(Value(number=0)), _number(node.this))


def _number(node: exp.Expr) -> Expr:
    value = expression_of(node)
    if isinstance(value, Lower) or (isinstance(value, Literal) and value.value.number is None):
        raise ConditionError(f"`{shown(node)}` is no number")
    return value


def _lower(arg: Expr) -> Expr:
    match arg:
        case Literal(Value(text=str())):
            return Literal(folded(arg.value))
        case Literal() | Arithmetic() | DaysSince():
            raise ConditionError("lower works on text")
        case Lower():
            return arg
    return Lower(arg)


def _literal(node: exp.Literal) -> Literal:
    text = str(node.this)
    if node.is_string:
        return Literal(_text_constant(text))
    number = typed(text) if NUMBER.fullmatch(text) else None
    if number is None:
        raise ConditionError(f"{text[:_SHOWN]} is not a number of at most 12 digits and 6 decimals")
    return Literal(Value(number=number.number))


def _text_constant(text: str) -> Value:
    if not text:
        raise ConditionError("'' is never the value of anything", NULL_HINT)
    if "\0" in text or (value := typed(text)) is None:
        raise ConditionError("no text has a NUL character")
    return value


def _days_since(args: list[exp.Expr]) -> Expr:
    arg = expression_of(args[0]) if len(args) == 1 else None
    if not isinstance(arg, Name) or arg.root != "trait":
        raise ConditionError("days_since takes one trait", "such as days_since(created) < 30")
    return DaysSince(arg)


_FUNCTIONS: dict[str, Callable[[list[exp.Expr]], Expr]] = {"days_since": _days_since}


def _function(node: exp.Expr) -> Expr:
    if isinstance(node, exp.Anonymous) and node.name.lower() in _FUNCTIONS:
        return _FUNCTIONS[node.name.lower()](node.expressions)
    raise _refused(node)


def _refused(node: exp.Expr) -> ConditionError:
    message = f"`{shown(node)}` is not allowed here"
    instead = _INSTEAD.get(type(node))
    return ConditionError(message, instead) if instead else ConditionError(message)
