"""Condition text to tree. sqlglot parses; everything outside the safe subset is refused by name."""

import logging
from collections.abc import Callable

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ripeline.definition.conditions import (
    ORDERINGS,
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
    names_in,
)
from ripeline.vocabulary.values import NUMBER, Value, fold, typed

ALLOWED = (
    "comparisons, and/or/not, in, between, is null, like, ilike, lower, coalesce, contains, starts_with, "
    "days_since, + - *"
)
LONGEST = 4_000
_COMPARISONS = {exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}
_ARITHMETIC = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}

logging.getLogger("sqlglot").addHandler(logging.NullHandler())


class ConditionError(ValueError):
    """The text is no condition of the safe subset; the message says what stands in the way."""

    def __init__(self, message: str, hint: str = f"allowed: {ALLOWED}") -> None:
        """Keep the hint beside the message."""
        super().__init__(message)
        self.hint = hint


def parse_condition(text: str) -> Condition:
    """Return the tree of a condition, or raise ConditionError.

    >>> parse_condition("company_size >= 100").operator
    '>='
    """
    if len(text) > LONGEST:
        raise ConditionError(f"a condition has at most {LONGEST} characters")
    try:
        tree = sqlglot.parse_one(text, read="duckdb")
        condition = _condition(tree)
    except SqlglotError as error:
        raise ConditionError(f"cannot be read as SQL: {_first_line(error)}") from error
    except RecursionError as error:
        raise ConditionError("is nested too deeply") from error
    if next(names_in(condition), None) is None:
        raise ConditionError("reads no trait and no property", "name a trait, or properties.x, or context.x")
    return condition


def _first_line(error: SqlglotError) -> str:
    details = getattr(error, "errors", None)
    if details:
        return f"{details[0]['description'].rstrip('.')} at character {details[0]['col']}"
    return str(error).splitlines()[0]


def _condition(node: exp.Expression) -> Condition:
    match node:
        case exp.Paren():
            return _condition(node.this)
        case exp.And():
            return And(_flat(node, exp.And))
        case exp.Or():
            return Or(_flat(node, exp.Or))
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
        return _compare(_COMPARISONS[type(node)], _expr(node.this), _expr(node.expression))
    value = _expr(node)
    if isinstance(value, Name | Coalesce):
        return Truth(value)
    raise ConditionError(f"`{_sql(node)}` is no condition: compare it with something")


def _flat(node: exp.Expression, kind: type[exp.Connector]) -> tuple[Condition, ...]:
    parts: list[Condition] = []
    for side in (node.this, node.expression):
        side = side.unnest()
        parts.extend(_flat(side, kind) if isinstance(side, kind) else (_condition(side),))
    return tuple(parts)


def _between(node: exp.Between) -> Condition:
    arg = _expr(node.this)
    low, high = (_compare(op, arg, _expr(node.args[key])) for op, key in ((">=", "low"), ("<=", "high")))
    return _negated(node, And((low, high)))


def _in(node: exp.In) -> Condition:
    if not node.expressions:
        raise ConditionError("`in` takes a list of constants in parentheses")
    arg = _expr(node.this)
    items = tuple(_expr(item) for item in node.expressions)
    if not all(isinstance(item, Literal) for item in items):
        raise ConditionError("`in` takes constants only")
    compared = tuple(_compare("=", arg, item) for item in items)
    return compared[0] if len(compared) == 1 else Or(compared)


def _is(node: exp.Is) -> Condition:
    if isinstance(node.expression, exp.Null):
        return IsNull(_expr(node.this))
    raise ConditionError(f"`{_sql(node)}`: only `is null` and `is not null` are known")


def _like(node: exp.Like | exp.ILike) -> Condition:
    pattern = node.expression
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        raise ConditionError("a pattern is a constant text")
    arg = _expr(node.this)
    if isinstance(node, exp.ILike) and not isinstance(arg, Lower):
        arg = Lower(arg)
    parts = _pattern(pattern.this)
    if isinstance(arg, Lower):
        parts = tuple(fold(part) if isinstance(part, str) else part for part in parts)
    return _negated(node, Like(arg, parts))


def _negated(node: exp.Expression, condition: Condition) -> Condition:
    return Not(condition) if node.args.get("negate") else condition


def _pattern(text: str) -> tuple[str | Wildcard, ...]:
    parts: list[str | Wildcard] = []
    characters = iter(text)
    for character in characters:
        part: str | Wildcard = character
        if character == "\\":
            part = next(characters, "")
            if not part:
                raise ConditionError("a pattern cannot end with a single \\")
        elif character in "%_":
            part = Wildcard(character)
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return tuple(parts)


def _contains(node: exp.Expression) -> Condition:
    arg, item = _expr(node.this), _constant(node.expression, "contains")
    if item.boolean is not None:
        raise ConditionError("contains looks for a text or a number")
    return Contains(arg, _folded(item) if isinstance(arg, Lower) else item)


def _starts_with(node: exp.StartsWith) -> Condition:
    arg, prefix = _expr(node.this), _constant(node.expression, "starts_with")
    if prefix.text is None:
        raise ConditionError("starts_with looks for a text")
    return StartsWith(arg, fold(prefix.text) if isinstance(arg, Lower) else prefix.text)


def _constant(node: exp.Expression, function: str) -> Value:
    item = _expr(node)
    if not isinstance(item, Literal):
        raise ConditionError(f"{function} looks for a constant")
    return item.value


def _compare(operator: str, left: Expr, right: Expr) -> Condition:
    if isinstance(left, Literal) and not isinstance(right, Literal):
        left, right, operator = right, left, _MIRRORED.get(operator, operator)
    if isinstance(right, Literal):
        right = Literal(_folded(right.value)) if isinstance(left, Lower) else right
        _refuse_odd_constant(operator, right.value)
    return Compare(operator, left, right)


def _folded(value: Value) -> Value:
    return value if value.text is None else typed(fold(value.text)) or value


def _refuse_odd_constant(operator: str, value: Value) -> None:
    if operator not in ORDERINGS:
        return
    if value.boolean is not None:
        raise ConditionError(f"`{operator}` does not work on true and false")
    if value.text is not None and value.day is None and value.instant is None:
        raise ConditionError(
            f"`{operator}` works on numbers and ISO dates, and '{value.text}' is neither",
            "write a number without quotes, or a date such as '2026-03-31'",
        )


def _expr(node: exp.Expression) -> Expr:
    match node:
        case exp.Paren():
            return _expr(node.this)
        case exp.Column() | exp.Dot():
            return _name(node)
        case exp.Literal():
            return _literal(node)
        case exp.Boolean():
            return Literal(Value(boolean=bool(node.this)))
        case exp.Neg():
            return _negative(node)
        case exp.Lower():
            return _lower(_expr(node.this))
        case exp.Coalesce():
            return Coalesce(tuple(_expr(arg) for arg in (node.this, *node.expressions)))
        case exp.Null():
            raise ConditionError("null compares with nothing", "write `is null` or `is not null`")
    if type(node) in _ARITHMETIC:
        return Arithmetic(_ARITHMETIC[type(node)], _number(node.this), _number(node.expression))
    return _function(node)


def _negative(node: exp.Neg) -> Expr:
    if isinstance(node.this, exp.Literal):
        return _literal(exp.Literal(this=f"-{node.this.this}", is_string=node.this.is_string))
    return Arithmetic("-", Literal(Value(number=0)), _number(node.this))


def _number(node: exp.Expression) -> Expr:
    value = _expr(node)
    if isinstance(value, Lower) or (isinstance(value, Literal) and value.value.number is None):
        raise ConditionError(f"`{_sql(node)}` is no number")
    return value


def _lower(arg: Expr) -> Expr:
    match arg:
        case Literal(Value(text=str())):
            return Literal(_folded(arg.value))
        case Literal() | Arithmetic() | DaysSince():
            raise ConditionError("lower works on text")
        case Lower():
            return arg
    return Lower(arg)


def _literal(node: exp.Literal) -> Literal:
    text = str(node.this)
    if node.is_string:
        if not text:
            raise ConditionError("'' is never the value of anything", "write `is null` or `is not null`")
        return Literal(_known(typed(text)))
    if not NUMBER.fullmatch(text):
        raise ConditionError(f"{text} is not a number of at most 12 digits and 6 decimals")
    return Literal(Value(number=_known(typed(text)).number))


def _known(value: Value | None) -> Value:
    if value is None:
        raise ConditionError("a constant cannot be empty")
    return value


def _name(node: exp.Expression) -> Name:
    parts = _path(node)
    if len(parts) == 1:
        return Name("trait", parts[0])
    if parts[0] not in {"properties", "context"}:
        raise ConditionError(
            f"`{_sql(node)}` is neither a trait nor properties.x nor context.x",
            f'a trait whose name has dots is quoted: "{".".join(parts)}"',
        )
    return Name(parts[0], field_key(parts))


def parse_name(text: str) -> Name:
    """Return the trait or the field of an event that a text names, or raise ConditionError."""
    try:
        return _name(sqlglot.parse_one(text, read="duckdb"))
    except SqlglotError as error:
        raise ConditionError(f"`{text}` is no name") from error


def field_key(parts: list[str]) -> str:
    """Return the dotted name of a field of an event; a part with dots in it is quoted.

    >>> field_key(["properties", "utm.source"])
    'properties."utm.source"'
    """
    return ".".join(f'"{part}"' if "." in part or '"' in part else part for part in parts)


def _path(node: exp.Expression) -> list[str]:
    if isinstance(node, exp.Dot):
        return [*_path(node.this), node.expression.name]
    if isinstance(node, exp.Column):
        return [part.name for part in node.parts]
    raise ConditionError(f"`{_sql(node)}` is no name")


def _days_since(args: list[exp.Expression]) -> Expr:
    arg = _expr(args[0]) if len(args) == 1 else None
    if not isinstance(arg, Name) or arg.root != "trait":
        raise ConditionError("days_since takes one trait")
    return DaysSince(arg)


_FUNCTIONS: dict[str, Callable[[list[exp.Expression]], Expr]] = {"days_since": _days_since}


def _function(node: exp.Expression) -> Expr:
    if isinstance(node, exp.Anonymous) and node.name.lower() in _FUNCTIONS:
        return _FUNCTIONS[node.name.lower()](node.expressions)
    if isinstance(node, exp.Div):
        raise ConditionError("division is not allowed, since engines divide differently")
    raise ConditionError(f"`{_sql(node)}` is not allowed here")


def _sql(node: exp.Expression) -> str:
    return node.sql(dialect="duckdb")[:80]
