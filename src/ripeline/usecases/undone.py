"""What an import led to goes when it is undone: stages of deals that never ended, handoffs of leads that never were."""

from collections.abc import Iterable, Sequence

from ripeline.lifecycle.advance import Move
from ripeline.lifecycle.standing import Standing
from ripeline.ports.handoffs import HandoffBook
from ripeline.ports.lifecycle import LeadNow
from ripeline.usecases.follow_up import withdraw_task
from ripeline.usecases.hand_over import flag, withdraw
from ripeline.vocabulary import tasks
from ripeline.vocabulary.handoffs import ACCEPTED, UNANSWERED
from ripeline.vocabulary.people import RANK, Name
from ripeline.vocabulary.stages import (
    CUSTOMER,
    DISQUALIFIED,
    LEAD,
    LOST,
    MQL,
    RESTING,
    SUPPRESSED,
    UNDONE,
    StageChange,
)

STAYS = frozenset({CUSTOMER, DISQUALIFIED, MQL, SUPPRESSED, *RESTING})
"""Stages that a lead can go back to. Whoever was with sales is so no more: what they had is closed."""

NOBODY = "Nothing is known of the lead any more: what was imported of it is undone."


def back(
    lead: LeadNow, stand: Standing, lines: Sequence[StageChange], causes: frozenset[str]
) -> tuple[Move, str] | None:
    """Return the move back of a lead whose deal ended by an import that is undone, and who had decided where it stood.

    None where that is not so.
    """
    head = stand.head
    if UNDONE not in causes or head is None or head.by != "outcome" or _says(lead, head.after):
        return None
    before = next((line for line in lines if line.number in head.follows), None)
    if before is None or before.after not in STAYS:
        return Move(LEAD, UNDONE, "The deal never ended: the import that said so is undone."), ""
    why = f"The deal never ended: the import that said so is undone. The lead was {before.after} before."
    return Move(before.after, UNDONE, why, before.resting_until), before.by


def _says(lead: LeadNow, stage: str) -> bool:
    """Say whether the last outcome that is known is why a lead stands at a stage."""
    return lead.outcome is not None and stage == (CUSTOMER if lead.outcome[0] == "won" else LOST)


def forget_gone(book: HandoffBook, definition: str, leads: Iterable[str], at_us: int) -> None:
    """Take back what sales was to do for leads of whom nothing is known any more, inside a transaction."""
    names = [Name(kind, lead) for lead in leads for kind in RANK]
    for handoff in book.handoffs_of(definition, names):
        if handoff.state in UNANSWERED:
            withdraw(book, handoff, NOBODY, at_us)
        elif handoff.state == ACCEPTED:
            flag(book, handoff, "what was imported of the lead is undone", at_us)
    for task in book.tasks.of(definition, names):
        if task.state in tasks.UNANSWERED:
            withdraw_task(book, task, NOBODY, at_us)
