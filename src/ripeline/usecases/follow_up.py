"""Make a task of a lead that sales is to see to without urgency, and take it back where nothing is to be done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ripeline.definition.model import Definition
from ripeline.lifecycle.advance import RIPE
from ripeline.lifecycle.standing import Standing
from ripeline.plan.nodes import Plan
from ripeline.ports.handoffs import HandoffBook
from ripeline.ports.lifecycle import LeadNow
from ripeline.usecases.task_record import task_record
from ripeline.vocabulary.happenings import TASK_CLOSED, Happening
from ripeline.vocabulary.scores import LeadScore
from ripeline.vocabulary.stages import CUSTOMER, DISQUALIFIED, EVENT, EVIDENCE_GONE, HAND_RAISE, QUIET
from ripeline.vocabulary.tasks import (
    ASKED_AGAIN,
    FOLLOW_UP,
    HELD,
    NOBODYS,
    OPEN,
    PROMOTER,
    UNANSWERED,
    WAITING,
    WITHDRAWN,
    Task,
)

FURTHEST = (OPEN, WAITING, HELD)


@dataclass(frozen=True, slots=True)
class Found:
    """How a round found a lead: where it stood before, its stage now, what brought that about, by which plan, when.

    with_sales: there is a handoff of it that is not over; worked: and somebody has accepted it.
    """

    plan: Plan
    definition: str
    at_us: int
    standing: Standing
    stage: str
    cause: str
    with_sales: bool
    worked: bool = False


def follow_up(book: HandoffBook, lead: LeadNow, found: Found) -> None:
    """Make a task of a lead, or take one back, inside a transaction."""
    known = book.tasks.of(found.definition, [one.name for one in lead.owned])
    tasks = _one_alone(book, found, [one for one in known if lead.owns(one.lead, one.made_us)])
    there = next((one for one in tasks if one.state in UNANSWERED), None)
    reason = reason_of(lead, found)
    if there is not None:
        _reconsider(book, there, lead, found, reason)
    elif reason is not None and (reason == ASKED_AGAIN or not _lately(tasks, found)):
        book.tasks.add(_task(lead, found, reason))


def reason_of(lead: LeadNow, found: Found) -> str | None:
    """Return why somebody should see to a lead, None where nobody should.

    Who is with sales has somebody already. Sales' decision stands, and a rest is a rest; but who asks again is heard,
    also by whoever works them.
    """
    score, stand = lead.score, found.standing
    if score.suppressed_by is not None or (found.with_sales and not found.worked):
        return None
    if found.worked or stand.is_decided or stand.stage in {CUSTOMER, DISQUALIFIED}:
        return ASKED_AGAIN if score.hand_raise is not None else None
    if found.stage in RIPE:
        return None
    resting = stand.rests(found.plan.zone.day(found.at_us))
    if score.action != FOLLOW_UP or resting or not score.reachable:
        return None
    return PROMOTER if _is_promoter(score, found.plan.definition) else FOLLOW_UP


def _is_promoter(score: LeadScore, definition: Definition) -> bool:
    """Say whether the fit is the poorest there is, and interest the highest."""
    fit, interest = definition.fit.levels[-1].name, definition.engagement.levels[0].name
    return (score.fit.level, score.engagement.level) == (fit, interest)


def lately_since(plan: Plan, at_us: int) -> int:
    """Return the instant from which on a task was made, or seen to, lately: within the cool-down, a day at least."""
    return plan.zone.first_instant(plan.zone.day(at_us) - max(plan.definition.stages.cool_down, 1) + 1)


def _lately(tasks: Sequence[Task], found: Found) -> bool:
    since_us = lately_since(found.plan, found.at_us)
    return any(max(one.made_us, one.closed_us or 0) >= since_us for one in tasks if one.state != WITHDRAWN)


def _task(lead: LeadNow, found: Found, reason: str) -> Task:
    """Return a new task: for whoever may have it, or held back where nobody just did anything."""
    quiet, score = found.cause in QUIET, lead.score
    return Task(
        definition=found.definition,
        lead=lead.lead,
        reason=reason,
        stage=found.stage,
        cause=found.cause,
        fingerprint=found.plan.fingerprint,
        made_us=found.at_us,
        fit=score.fit.micro,
        fit_level=score.fit.level,
        engagement=score.engagement.micro,
        engagement_level=score.engagement.level,
        hand_raise=score.hand_raise,
        account=lead.account,
        state=HELD if quiet else WAITING,
        why=f"Found by {found.cause}; waits to be released." if quiet else "Is given to somebody next.",
    )


def _reconsider(book: HandoffBook, there: Task, lead: LeadNow, found: Found, reason: str | None) -> None:
    """Take a task back that is pointless by now.

    One that is held goes out once the lead itself does something, and one of a lead that asks now is another one.
    """
    if lead.score.suppressed_by is not None or (reason != ASKED_AGAIN and (found.stage in RIPE or found.with_sales)):
        told = "is with sales" if lead.score.suppressed_by is None else "is suppressed"
        withdraw_task(book, there, f"The lead {told}.", found.at_us)
    elif reason is None:
        if there.state in NOBODYS or found.cause in EVIDENCE_GONE:
            withdraw_task(book, there, f"There is nothing to follow up any more ({found.cause}).", found.at_us)
    elif _is_another(there, found, reason):
        book.tasks.change(replace(_task(lead, found, reason), number=there.number, made_us=there.made_us))


def _is_another(there: Task, found: Found, reason: str) -> bool:
    goes_out = there.state == HELD and found.cause in {EVENT, HAND_RAISE}
    return goes_out or (reason == ASKED_AGAIN != there.reason)


def _one_alone(book: HandoffBook, found: Found, tasks: Sequence[Task]) -> Sequence[Task]:
    """Return a person's tasks with at most one that is not answered: of leads that became one, who asked goes first."""
    unanswered = [one for one in tasks if one.state in UNANSWERED]
    if len(unanswered) < 2:  # noqa: PLR2004 - one alone
        return tasks
    stays = min(unanswered, key=lambda one: (one.reason != ASKED_AGAIN, FURTHEST.index(one.state), one.number))
    for other in unanswered:
        if other is not stays:
            withdraw_task(book, other, f"Leads became one person; task {stays.number} goes on.", found.at_us)
    return [one for one in tasks if one is stays or one.state not in UNANSWERED]


def withdraw_task(book: HandoffBook, task: Task, why: str, at_us: int) -> None:
    """Take a task back; who has it is told."""
    gone = replace(task, state=WITHDRAWN, why=why, closed_us=at_us)
    book.tasks.change(gone)
    if task.owner is not None:
        book.tell([Happening(TASK_CLOSED, at_us, task_record(gone), task.lead, task.number, (task.owner,))])
