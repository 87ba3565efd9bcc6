"""What each rule of a definition is worth in use: who has points from it, and what sales makes of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ripeline.definition.model import Criterion, Signal
from ripeline.insight.chance import by_chance, is_sure
from ripeline.insight.in_use import Handed, Look, Points, RuleKey
from ripeline.plan.nodes import Plan
from ripeline.vocabulary.rates import Rate

NOBODY: Final = "nobody"
EVERYBODY: Final = "everybody"
LEAST: Final = 10
"""Answered handoffs with points from a rule, and without: of fewer, nothing is said of what sales makes of it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What sales made of a rule. handed: of all handed over, who had points from it then.

    having, others: who was accepted of those answered who had points from it, and of those who had none.
    """

    handed: Rate
    having: Rate
    others: Rate

    @property
    def is_told(self) -> bool:
        """Say whether there are enough of both."""
        return min(self.having.of, self.others.of) >= LEAST


@dataclass(frozen=True, slots=True)
class Use:
    """A rule in use. leads: everybody now; then: who had points from it then; is_asking: it is a raised hand.

    since: leads who did what it listens for since then, None of rules that listen to no act.
    """

    key: RuleKey
    label: str
    points: int
    leads: int
    now: Points
    then: int
    since: int | None
    said: Said
    is_asking: bool = False

    @property
    def dead(self) -> str | None:
        """Whether it tells nobody from anybody: nobody has points from it, or everybody the same. None where it does.

        A raised hand that nobody has raised, and what gives no points at all, wait for something else.
        """
        if not self.leads or not self.points or self.is_asking:
            return None
        if not self.now.leads:
            return NOBODY
        return EVERYBODY if self.now.leads == self.leads and self.now.least == self.now.most else None

    @property
    def is_asked(self) -> bool:
        """Say whether there are enough answers to tell what sales makes of it."""
        return self.said.is_told and self.points != 0

    @property
    def chance(self) -> float:
        """How likely chance alone has sales take on so few of those whom it raises, or so many of those it lowers."""
        if not self.is_asked:
            return 1.0
        one, other = self.said.others, self.said.having
        return by_chance(one, other) if self.points > 0 else by_chance(other, one)


def uses(plan: Plan, looks: tuple[Look, Look], since: Mapping[str, int], handed: Handed) -> list[Use]:
    """Return each rule of a definition in use, in the order of the file.

    looks: then and now. since: leads by signal; see Use.
    """
    then, now = looks
    return [
        Use(
            key=key,
            label=rule.label,
            points=rule.points,
            leads=now.leads,
            now=now.points.get(key, Points()),
            then=then.points.get(key, Points()).leads,
            since=since.get(rule.name) if key[0] == "engagement" else None,
            said=_said(key, handed),
            is_asking=isinstance(rule, Signal) and rule.hand_raise is not None,
        )
        for key, rule in _rules(plan)
    ]


def _rules(plan: Plan) -> Iterator[tuple[RuleKey, Criterion | Signal]]:
    for criterion in plan.criteria:
        yield ("fit", criterion.name), criterion
    for one in plan.signals:
        yield ("engagement", one.name), one.signal


def _said(key: RuleKey, handed: Handed) -> Said:
    has = [bool(points.get(key)) for points in handed.points]
    answered = [(one.answer, it) for one, it in zip(handed.given, has, strict=True) if one.answer is not None]
    having, others = ([answer for answer, it in answered if it is side] for side in (True, False))
    return Said(Rate(sum(has), len(has)), Rate(sum(having), len(having)), Rate(sum(others), len(others)))


def disagreed(every: Sequence[Use]) -> list[Use]:
    """Return the rules that sales disagrees with, as clearly as the number of rules asks for; the clearest first."""
    asked = sum(one.is_asked for one in every)
    return sorted((one for one in every if is_sure(one.chance, asked)), key=lambda one: one.chance)
