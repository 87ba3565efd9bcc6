"""A card as the text of a definition, in the same words that a person writes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ripeline.definition.conditions import Compare, Literal, Name
from ripeline.definition.edit import Plain, written
from ripeline.definition.render import condition_text
from ripeline.learning.acts import Kind
from ripeline.learning.columns import Rule, is_fit
from ripeline.learning.lines import Lines
from ripeline.learning.rules import Band, Missing, OneOf
from ripeline.learning.signals import AtLeast, Fading, SignalRule, Silent
from ripeline.learning.words import label_of, names_of
from ripeline.vocabulary.points import MICRO
from ripeline.vocabulary.values import Value, typed

WIDTH: Final = 110

UNKNOWN: Final = "unknown"


@dataclass(frozen=True)
class Proposed:
    """What is to be written. comments: what speaks for each rule, in the order of rules; kept: parts of another text.

    evidence: what stands in `learned:` besides the table, which has (points, likelihood in millionths), and what its
    level follows.
    """

    name: str
    timezone: str
    rules: Sequence[Rule]
    points: Sequence[int]
    comments: Sequence[str]
    lines: Lines
    table: Sequence[tuple[int, int]]
    evidence: Mapping[str, Plain]
    head: Sequence[str]
    kept: str = ""
    follows: Mapping[str, Plain] | None = None


def definition_text(of: Proposed) -> str:
    """Return the text of a definition."""
    every = list(zip(names_of(of.rules), of.rules, of.points, of.comments, strict=True))
    fit = [line for name, rule, points, why in every if is_fit(rule) for line in _rule(name, rule, points, why)]
    signals = [line for name, rule, points, why in every if not is_fit(rule) for line in _rule(name, rule, points, why)]
    lines = [
        *(f"# {line}".rstrip() for line in of.head),
        "version: 1",
        f"name: {written(of.name)}",
        f"timezone: {written(of.timezone)}",
        "",
        "fit:",
        "  min_known: 0",
        *(["  criteria:", *fit] if fit else []),
        f"  levels: {written(dict(of.lines.fit))}",
        "",
        "engagement:",
        *(["  signals:", *signals] if signals else []),
        f"  levels: {written(dict(of.lines.interest))}",
        "",
        "matrix:",
        *_matrix(of.lines),
        *(["", *of.kept.rstrip().splitlines()] if of.kept else []),
        "",
        "learned:",
        *evidence_lines(of.table, of.follows, of.evidence),
    ]
    return "\n".join(lines) + "\n"


def _rule(name: str, rule: Rule, points: int, why: str) -> Iterator[str]:
    yield f"    {name}:  # {why}"
    yield from (f"      {key}: {written(value)}" for key, value in entries_of(rule, points))


def entries_of(rule: Rule, points: int) -> Iterator[tuple[str, Plain]]:
    """Yield what a definition says of a learned rule, key by key."""
    yield "label", label_of(rule)
    match rule:
        case Band() | OneOf() | Missing():
            yield "when", condition_text(rule.condition)
            yield "points", points
        case Fading() | AtLeast() | Silent():
            yield from _match(rule.kind)
            yield from _form(rule, points)


def _match(kind: Kind) -> Iterator[tuple[str, Plain]]:
    if kind.name is not None:
        yield "event", kind.name
    if kind.type != "track":
        yield "type", kind.type
    if kind.field is not None:
        value = Value(boolean=kind.value == "true") if kind.is_boolean else typed(kind.value)
        assert value is not None  # noqa: S101 - no text of history is empty
        name = Name(kind.field.partition(".")[0], kind.field)
        yield "when", condition_text(Compare("=", name, Literal(value)))


def _form(rule: SignalRule, points: int) -> Iterator[tuple[str, Plain]]:
    if not isinstance(rule, Silent) and rule.counted != "count":
        yield "measure", rule.counted
    match rule:
        case Fading(half_life=half_life, full=full):
            yield "points", points // full
            if half_life is not None:
                yield "decay", {"half_life": f"{half_life}d"}
            yield ("cap" if points > 0 else "floor"), points
        case AtLeast(times=times, within=within):
            yield "at_least", f"{times} within {within}d"
            yield "points", points
        case Silent(days=days):
            yield "inactive", f"{days}d"
            yield "points", points


def _matrix(lines: Lines) -> Iterator[str]:
    # All facts of fit are told apart from not being known, so nobody is unknown; the row has to stand there.
    for row in (*lines.fit, UNKNOWN):
        of = row if row in lines.fit else list(lines.fit)[-1]
        yield f"  {row}: {written({column: lines.actions[of, column] for column in lines.interest})}"


def evidence_lines(
    table: Sequence[tuple[int, int]], follows: Mapping[str, Plain] | None, evidence: Mapping[str, Plain]
) -> Iterator[str]:
    """Yield the lines under `learned:`. table, follows: as Proposed has them."""
    yield "  likelihood:"
    yield "    of: fit + engagement"
    rows: list[Plain] = [[points, Decimal(chance) / MICRO] for points, chance in table]
    yield from _wrapped("    table: ", rows)
    if follows is not None:
        yield f"    follows: {written(follows)}"
    for key, value in evidence.items():
        if isinstance(value, Mapping):
            yield f"  {key}:"
            yield from (f"    {name}: {written(one)}" for name, one in value.items())
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield from _wrapped(f"  {key}: ", value)
        else:
            yield f"  {key}: {written(value)}"


def _wrapped(begin: str, items: Sequence[Plain]) -> Iterator[str]:
    """Yield a list of many items on lines that are not too long."""
    line, indent = f"{begin}[", " " * (len(begin) + 1)
    for number, item in enumerate(items):
        told = written(item) + ("," if number < len(items) - 1 else "]")
        if len(line) + len(told) > WIDTH and line.strip():
            yield line.rstrip()
            line = indent
        line += f"{told} "
    yield line.rstrip() if items else f"{begin}[]"
