"""Give tasks to salespeople: routed as handoffs are, with turns and room of their own, and no clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ripeline.handoff.contact import Wait
from ripeline.handoff.routing import LeadToRoute, Load, routed
from ripeline.usecases.assign import Desk, Holds, previous_owner
from ripeline.usecases.task_record import task_record
from ripeline.vocabulary.happenings import TASK_CREATED, Happening
from ripeline.vocabulary.tasks import OPEN, Task


def assign_tasks(
    desk: Desk, tasks: Sequence[Task], holds_of: Callable[[Task], Holds], waits: Mapping[int, Wait], at_us: int
) -> None:
    """Give waiting tasks out, inside a transaction; where nobody can take one, it waits and says why.

    waits: by their numbers, those whose leads may not be contacted now.
    """
    loads = {name: desk.load(name, desk.book.tasks.given, at_us) for name in desk.sales.people} if tasks else {}
    for one in tasks:
        if one.number in waits:
            _stays(desk, one, waits[one.number].why)
        elif (owner := _assign(desk, one, holds_of(one), loads, at_us)) is not None:
            loads[owner] = desk.load(owner, desk.book.tasks.given, at_us)


def _stays(desk: Desk, one: Task, why: str) -> None:
    if one.why != why:
        desk.book.tasks.change(replace(one, why=why))


def _assign(desk: Desk, one: Task, holds: Holds, loads: Mapping[str, Load], at_us: int) -> str | None:
    """Give a task to whom it is routed; return who that is."""
    account_owner = None if one.account is None else desk.book.owner_of_account(one.account)
    lead = LeadToRoute(holds, _previous(desk, one), account_owner)
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


def _previous(desk: Desk, one: Task) -> str | None:
    """Return who had the lead last: a handoff of it, else a task."""
    owner = previous_owner(desk.book.handoffs_of(one.definition, [one.lead]))
    owners = [task.owner for task in desk.book.tasks.of(one.definition, [one.lead]) if task.owner is not None]
    return owner or (owners[-1] if owners else None)
