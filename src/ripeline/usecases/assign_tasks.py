"""Give tasks to salespeople: routed as handoffs are, with turns and room of their own, and no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ripeline.handoff.routing import LeadToRoute, Load, routed
from ripeline.usecases.assign import Candidate, Desk, handoffs_of, previous_owner
from ripeline.usecases.task_record import task_record
from ripeline.vocabulary.happenings import TASK_CREATED, Happening
from ripeline.vocabulary.tasks import OPEN, Task


def assign_tasks(desk: Desk, tasks: Sequence[Candidate[Task]], at_us: int) -> None:
    """Give waiting tasks out, inside a transaction; where nobody can take one, it waits and says why.

    What became another one since it was read is left alone.
    """
    loads = {name: desk.load(name, desk.book.tasks.given, at_us) for name in desk.sales.people} if tasks else {}
    for candidate in tasks:
        one = candidate.one
        if desk.book.tasks.task(one.number) != one:
            continue
        if candidate.wait is not None:
            _stays(desk, one, candidate.wait.why)
        elif (owner := _assign(desk, candidate, loads, at_us)) is not None:
            loads[owner] = desk.load(owner, desk.book.tasks.given, at_us)


def _stays(desk: Desk, one: Task, why: str) -> None:
    if one.why != why:
        desk.book.tasks.change(replace(one, why=why))


def _assign(desk: Desk, candidate: Candidate[Task], loads: Mapping[str, Load], at_us: int) -> str | None:
    """Give a task to whom it is routed; return who that is."""
    one = candidate.one
    account_owner = None if one.account is None else desk.book.owner_of_account(one.account)
    lead = LeadToRoute(candidate.holds, _previous(desk, candidate), account_owner)
    found = routed(lead, desk.sales, loads, at_us)
    if found.owner is not None:
        given = replace(
            one, state=OPEN, owner=found.owner, team=found.team, turn=found.turn, assigned_us=at_us, why=found.why
        )
        desk.book.tasks.change(given)
        told = Happening(TASK_CREATED, at_us, task_record(given), one.lead, one.number, (found.owner,))
        desk.book.tell([told])
    else:
        _stays(desk, one, found.why)
    return found.owner


def _previous(desk: Desk, candidate: Candidate[Task]) -> str | None:
    """Return who had the lead last: a handoff of it, else a task."""
    one, lead = candidate.one, candidate.lead
    owner = previous_owner(handoffs_of(desk, one.definition, one.lead, lead))
    names = [one.lead] if lead is None else [owned.name for owned in lead.owned]
    found = desk.book.tasks.of(one.definition, names)
    owners = [task.owner for task in found if lead is None or lead.owns(task.lead, task.made_us)]
    return owner or next((name for name in reversed(owners) if name is not None), None)
