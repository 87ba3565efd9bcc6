"""What the interest of several persons comes to for their account: the greatest, and a little for each further one.

Told twice, as all of scoring: for one account with its reasons, and as SQL for all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ripeline.definition.model import Definition
from ripeline.plan.nodes import Limits, Plan
from ripeline.scoring.evaluate import level_of
from ripeline.scoring.limits import limit_line
from ripeline.vocabulary.scores import Contribution, Score

MEDIUM: Final = "medium"
"""The level from which on a further person counts, where the definition has one of that name."""

LEAD: Final = "lead:"
"""Before a lead's name in the lines of an account."""


@dataclass(frozen=True, slots=True)
class Interest:
    """The engagement of one person of an account, in micro-points."""

    lead: str
    micro: int


def least_interest(definition: Definition) -> int | None:
    """Return the engagement from which on a further person counts; None where no level tells.

    That of the level `medium`; where there is none, every level but the last counts.
    """
    levels = definition.engagement.levels
    named = [level.lowest for level in levels if level.name == MEDIUM]
    counting = named or [level.lowest for level in levels[:-1]]
    return counting[-1] if counting else None


def roll_up(plan: Plan, persons: Iterable[Interest]) -> Score:
    """Return the engagement of an account with at least one person; its lines name them, the most interested first."""
    best, *others = sorted(persons, key=lambda one: (-one.micro, one.lead.encode()))
    lines = tuple(_lines(plan, best, others))
    micro = sum(line.micro for line in lines)
    return Score(micro, level_of(plan.definition.engagement.levels, micro), lines)


def _lines(plan: Plan, best: Interest, others: list[Interest]) -> Iterator[Contribution]:
    if best.micro:
        yield Contribution(f"{LEAD}{best.lead}", best.micro)
    accounts, least = plan.definition.accounts, least_interest(plan.definition)
    further = [one for one in others if least is not None and one.micro >= least and accounts.breadth]
    yield from (Contribution(f"{LEAD}{one.lead}", accounts.breadth) for one in further)
    total = accounts.breadth * len(further)
    yield from limit_line(Limits("breadth", accounts.breadth_cap, None), total, min(total, accounts.breadth_cap))
