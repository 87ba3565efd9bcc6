"""A definition that was started from, with what deals corrected in it; every other character stays."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ripeline.definition.edit import renamed, with_comment, with_value, without
from ripeline.learning.columns import Rule, is_fit
from ripeline.learning.findings import Findings
from ripeline.learning.own import Own
from ripeline.learning.scorecard.points import Card
from ripeline.learning.words import names_of
from ripeline.learning.written import entries_of, evidence_lines
from ripeline.usecases.learned_record import evidence_of_record, follows_of_record
from ripeline.usecases.learned_text import why
from ripeline.vocabulary.issues import InputError

Record = Mapping[str, Any]
Path = Sequence[str]


def refined_text(own_text: str, given: Sequence[Own], card: Card, found: Findings, record: Record) -> str:
    """Return the text. given: the rules of the definition that was started from; record: what is told of the card's."""
    text = own_text if own_text.endswith("\n") else f"{own_text}\n"
    told = list(zip(names_of(card.rules), card.rules, card.points, map(why, record["rules"]), strict=True))
    for _, rule, points, reason in told:
        if isinstance(rule, Own):
            text = _corrected(text, rule, points, reason)
    for rule in given:
        if rule not in card.rules:
            text = without(text, _path(rule, rule.name))
    for name, rule, points, reason in told:
        if not isinstance(rule, Own):
            text = _more(text, name, rule, int(points), reason)
    return without(text, ["learned"]).rstrip() + "\n\n" + "\n".join(_learned(found, record)) + "\n"


def _learned(found: Findings, record: Record) -> Iterator[str]:
    yield "learned:"
    yield from evidence_lines(found.table, follows_of_record(record), evidence_of_record(record))


def _corrected(text: str, rule: Own, points: float, reason: str) -> str:
    if points == rule.points:
        return text
    path, most = _path(rule, rule.name), rule.most_at(points)
    text = with_value(text, [*path, "points"], Decimal(f"{points:g}"))
    if most is not None:
        before, now = ("cap" if given > 0 else "floor" for given in (rule.points, points))
        text = renamed(with_value(text, [*path, before], int(most)), [*path, before], now)
    return with_comment(text, [*path, "points"], f"was {rule.points:g}; {reason}")


def _more(text: str, name: str, rule: Rule, points: int, reason: str) -> str:
    path, told = _path(rule, name), dict(entries_of(rule, points))
    try:
        text = with_value(text, path, told)
    except InputError:
        path = path[:-1]
        return with_value(text, path, {name: told})
    return with_comment(text, path, reason)


def _path(rule: Rule, name: str) -> list[str]:
    return ["fit", "criteria", name] if is_fit(rule) else ["engagement", "signals", name]
