"""What several persons come to for their account: the greatest interest and a little for each further one, the best fit.

Told twice, as all of scoring: for one account with its reasons, and as SQL for all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ripeline.definition.model import Definition
from ripeline.plan.nodes import Limits, Plan
from ripeline.scoring.evaluate import level_of, likelihood_of
from ripeline.scoring.limits import limit_line
from ripeline.vocabulary.scores import UNKNOWN_FIT, Contribution, LeadScore, Score

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


@dataclass(frozen=True, slots=True)
class Member:
    """A person of an account who is not suppressed."""

    lead: str
    score: LeadScore


@dataclass(frozen=True, slots=True)
class AccountScore:
    """All that a definition says of an account, as of one lead. contact: whom sales should speak to first."""

    contact: str
    score: LeadScore


def judge_account(plan: Plan, members: Iterable[Member]) -> AccountScore:
    """Return what a definition says of an account with at least one member.

    Fit is the best one that is known, interest what the persons' comes to; a hand that any of them raised is the
    account's. The contact can be reached if anybody can, asked to talk to sales if any of these did, and of several is
    the most interested one, then the one that fits best.
    """
    ranked = sorted(members, key=_contact_first)
    contact, raising = ranked[0], next((one for one in ranked if one.score.hand_raise), None)
    fitting = min(ranked, key=lambda one: (one.score.fit.level == UNKNOWN_FIT, -one.score.fit.micro, one.lead.encode()))
    fit = fitting.score.fit
    engagement = roll_up(plan, (Interest(one.lead, one.score.engagement.micro) for one in ranked))
    cell = plan.definition.matrix[fit.level][engagement.level]
    action = "handoff" if raising else cell.action
    meets = action == "handoff" and contact.score.reachable
    stage = contact.score.stage if contact is raising else "mql"
    score = LeadScore(
        fit=fit,
        engagement=engagement,
        rating=cell.rating,
        action=action,
        meets_definition=meets,
        stage=stage if meets else "lead",
        likelihood=likelihood_of(plan, fit.micro, engagement.micro),
        unknown=fitting.score.unknown,
        hand_raise=raising.score.hand_raise if raising else None,
        reachable=contact.score.reachable,
    )
    return AccountScore(contact.lead, score)


def _contact_first(one: Member) -> tuple[object, ...]:
    score = one.score
    raised = score.hand_raise is not None
    return not score.reachable, not raised, -score.engagement.micro, -score.fit.micro, one.lead.encode()


def _lines(plan: Plan, best: Interest, others: list[Interest]) -> Iterator[Contribution]:
    if best.micro:
        yield Contribution(f"{LEAD}{best.lead}", best.micro)
    accounts, least = plan.definition.accounts, least_interest(plan.definition)
    further = [one for one in others if least is not None and one.micro >= least and accounts.breadth]
    yield from (Contribution(f"{LEAD}{one.lead}", accounts.breadth) for one in further)
    total = accounts.breadth * len(further)
    yield from limit_line(Limits("breadth", accounts.breadth_cap, None), total, min(total, accounts.breadth_cap))
