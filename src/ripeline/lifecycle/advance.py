"""When a lead moves: scores say where it would stand, the log where it stood; sales' own word is never overwritten."""

from dataclasses import dataclass

from ripeline.definition.model import Stages
from ripeline.lifecycle.standing import Standing
from ripeline.vocabulary.points import TENTH, points_text, shown_total, tenths_text
from ripeline.vocabulary.scores import LeadScore
from ripeline.vocabulary.stages import (
    CUSTOMER,
    DEFINITION,
    EVIDENCE_GONE,
    LEAD,
    LOST,
    MERGE,
    MQL,
    PERSON,
    RECYCLED,
    RESTING,
    SALES_QUALIFIED,
    SUPPRESSED,
    UNMERGE,
)

RIPE = frozenset({MQL, SALES_QUALIFIED})
"""Stages that a score leads to."""


@dataclass(frozen=True, slots=True)
class Move:
    """A lead moves to a stage, for a reason in one sentence; cause and resting_until as in StageChange."""

    after: str
    cause: str
    why: str
    resting_until: int | None = None


@dataclass(frozen=True, slots=True)
class Now:
    """How a lead is looked at: its score, on which local day, what brought it about, and who has it.

    cause: one of CAUSES. with_sales: a salesperson has it and has not sent it back; worked: and has accepted it.
    is_account: it is a whole account, whose leads each have a log of their own.
    """

    score: LeadScore
    day: int
    cause: str
    with_sales: bool = False
    worked: bool = False
    is_account: bool = False


def advance(standing: Standing, now: Now, rules: Stages) -> Move | None:
    """Return the move that a lead makes, None where it stays where the log says it stands."""
    move = _move(standing, now, rules)
    if move is not None and move.after != standing.stage:
        return move
    if standing.is_logged or now.is_account:
        return None
    # Leads became one person, or two again, and it is not written down yet where they stand.
    cause = MERGE if len(standing.heads) > 1 else UNMERGE
    told = "became one person" if cause == MERGE else "are not one person any more"
    return Move(standing.stage, cause, f"Leads {told}; this one stands at {standing.stage}.")


def ended(standing: Standing, outcome: tuple[str, int] | None, day: int, rules: Stages) -> Move | None:
    """Return the move that the end of a deal makes, unless the log knows it, or something later.

    outcome: won or lost, and when. day: the local day on which a deal was lost; from then on a lead cools down. Who was
    won is a customer, whatever scores have said since.
    """
    if outcome is None:
        return None
    stage, head = CUSTOMER if outcome[0] == "won" else LOST, standing.head
    known = head is not None and outcome[1] <= head.at_us
    said = standing.is_decided or standing.stage in RESTING
    if (known and (said or stage == LOST)) or stage == standing.stage == CUSTOMER:
        return None
    resting_until = day + rules.cool_down if stage == LOST else None
    return Move(stage, PERSON, f"The deal was {outcome[0]}.", resting_until)


def _move(standing: Standing, now: Now, rules: Stages) -> Move | None:
    score, stage = now.score, standing.stage
    if standing.is_decided or now.worked:
        return None
    if score.suppressed_by is not None:
        return Move(SUPPRESSED, now.cause, f"Suppressed by {score.suppressed_by}.")
    if score.meets_definition and (score.hand_raise or not standing.rests(now.day)):
        # Who is qualified stays so while the definition is met, also after the raised hand that led there.
        return None if stage == SALES_QUALIFIED else Move(score.stage, now.cause, _why_ripe(score))
    if stage in RIPE:
        why = _why_fallen(now, rules)
        return None if why is None else Move(LEAD, now.cause, why)
    if stage == SUPPRESSED:
        return _freed(standing, now)
    return None


def _why_ripe(score: LeadScore) -> str:
    if score.hand_raise:
        return f"Asked to talk to sales ({score.hand_raise})."
    return f"Fit is {score.fit.level} and interest {score.engagement.level}: {score.rating}."


def _why_fallen(now: Now, rules: Stages) -> str | None:
    """Return why an MQL is none any more, None where it stays one."""
    score = now.score
    if now.cause == DEFINITION and now.with_sales:
        return None
    below = [
        f"{name} {below_text(micro, least)} is below {points_text(least)}"
        for name, micro, least in (
            ("interest", score.engagement.micro, rules.fall_engagement),
            ("fit", score.fit.micro, rules.fall_fit),
        )
        if least is not None and micro < least
    ]
    if below:
        return f"{' and '.join(below)}.".capitalize()
    # What rested on evidence that was taken away never was; so there is nothing to hold on to.
    if now.cause in EVIDENCE_GONE or (rules.fall_engagement is None and rules.fall_fit is None):
        return f"The definition is not met any more: fit is {score.fit.level}, interest {score.engagement.level}."
    return None


def below_text(micro: int, least: int) -> str:
    """Return points that are below a threshold with one decimal: as scores are shown, unless that would not be below.

    >>> below_text(-9_410_079, 50_000_000), below_text(49_960_000, 50_000_000)
    ('-9.4', '49.9')
    """
    shown = shown_total(micro)
    return tenths_text(shown if shown * TENTH < least else micro // TENTH)


def _freed(standing: Standing, now: Now) -> Move:
    """A lead that is suppressed no more goes on resting where it did, or begins again."""
    return Move(RECYCLED if standing.rests(now.day) else LEAD, now.cause, "Suppressed no more.")


def keeps_resting(standing: Standing, move: Move) -> int | None:
    """Return the day until which a lead goes on resting through a move: suppression does not shorten it."""
    head = standing.head
    if head is None or move.after not in {*RESTING, SUPPRESSED}:
        return None
    return head.resting_until
