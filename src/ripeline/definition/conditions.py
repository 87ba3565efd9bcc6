"""Conditions as a small closed tree: what the SQL text of a definition means, whoever reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from ripeline.vocabulary.derived_fields import INPUTS
from ripeline.vocabulary.values import Value


@dataclass(frozen=True, slots=True)
class Name:
    """A trait (`root` is "trait") or a field of an event (`root` is "properties", "context" or of a derived field).

    key: the trait's name, or the dotted path with its root, as columns are called.
    """

    root: str
    key: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant with its twins."""

    value: Value


@dataclass(frozen=True, slots=True)
class Coalesce:
    """The first of its arguments that is known."""

    args: "tuple[Expr, ...]"


@dataclass(frozen=True, slots=True)
class Lower:
    """Text, case-folded; unknown for what is no text."""

    arg: "Expr"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A sum, difference or product ("+", "-", "*"), rounded half to even to six decimals.

    Unknown where a side is no number or the result leaves decimal(18,6).
    """

    operator: str
    left: "Expr"
    right: "Expr"


@dataclass(frozen=True, slots=True)
class DaysSince:
    """Whole local days from the date or time that a trait holds to the scored day."""

    trait: Name


Expr = Name | Literal | Coalesce | Lower | Arithmetic | DaysSince


class Wildcard(Enum):
    """What `_` and `%` stand for in a pattern."""

    ONE = "_"
    MANY = "%"


@dataclass(frozen=True, slots=True)
class Compare:
    """`=`, `<>`, `<`, `<=`, `>` or `>=`."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Like:
    """Text against a pattern of literal pieces and wildcards."""

    arg: Expr
    pattern: tuple[str | Wildcard, ...]


@dataclass(frozen=True, slots=True)
class IsNull:
    """Never unknown itself: whether the value is unknown."""

    arg: Expr


@dataclass(frozen=True, slots=True)
class Contains:
    """Whether text contains a text, or a list an element."""

    arg: Expr
    item: Value


@dataclass(frozen=True, slots=True)
class StartsWith:
    """Whether text begins with a text."""

    arg: Expr
    prefix: str


@dataclass(frozen=True, slots=True)
class Truth:
    """A boolean value used as a condition."""

    arg: Expr


@dataclass(frozen=True, slots=True)
class Not:
    """True where its argument is false; unknown stays unknown."""

    arg: "Condition"


@dataclass(frozen=True, slots=True)
class And:
    """False if one is false, true if all are true, else unknown."""

    args: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """True if one is true, false if all are false, else unknown."""

    args: "tuple[Condition, ...]"


Condition = Compare | Like | IsNull | Contains | StartsWith | Truth | Not | And | Or
ORDERINGS = ("<", "<=", ">", ">=")


def children(node: Condition | Expr) -> "tuple[Condition | Expr, ...]":
    """Return the parts directly inside a condition or an expression."""
    match node:
        case And(args) | Or(args) | Coalesce(args):
            return args
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case DaysSince(trait):
            return (trait,)
        case Name() | Literal():
            return ()
        case _:
            return (node.arg,)


def names_in(node: Condition | Expr) -> Iterator[Name]:
    """Yield every name a condition reads, in reading order, repeats included."""
    if isinstance(node, Name):
        yield node
    for part in children(node):
        yield from names_in(part)


def reads_traits(node: Condition) -> bool:
    """Say whether a condition depends on a trait."""
    return any(name.root == "trait" for name in names_in(node))


def reads_events(node: Condition) -> bool:
    """Say whether a condition depends on a field of an event."""
    return any(name.root != "trait" for name in names_in(node))


def reads_derived(node: Condition) -> bool:
    """Say whether a condition depends on a derived field of an event."""
    return any(name.root in INPUTS for name in names_in(node))


def split_gate(when: Condition | None) -> tuple[Condition | None, Condition | None]:
    """Split a signal's condition into its gate (traits alone) and what each event must satisfy.

    Parts joined by `and` go their own ways; a part that reads both stays with the events.
    """
    parts = when.args if isinstance(when, And) else (when,) if when is not None else ()
    gate = tuple(part for part in parts if not reads_events(part))
    where = tuple(part for part in parts if reads_events(part))
    return _joined(gate), _joined(where)


def _joined(parts: tuple[Condition, ...]) -> Condition | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else And(parts)


def parts_of(node: Condition) -> Iterator[Condition]:
    """Yield a condition and every condition inside it."""
    yield node
    match node:
        case And(args) | Or(args):
            for arg in args:
                yield from parts_of(arg)
        case Not(arg):
            yield from parts_of(arg)
