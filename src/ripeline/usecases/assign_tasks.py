"""Give tasks to salespeople: routed as handoffs are, with turns and room of their own, and no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ripeline.handoff.routing import LeadToRoute, Load, routed
from ripeline.usecases.assign import Candidate, Desk, handoffs_of, previous_owner
from ripeline.usecases.task_record import task_record
from ripeline.vocabulary.happenings import TASK_CREATED, Happening
from ripeline.vocabulary.tasks import HELD, OPEN, Task


def assign_tasks(desk: Desk, tasks: Sequence[Candidate[Task]], at_us: int) -> None:
    """Give waiting tasks out, inside a transaction; where nobody can take one, it waits and says why.

    What became another one since it was read is left alone.
    """
    loads = _loads(desk, tasks, at_us)
    for candidate in tasks:
        _give_out(desk, candidate, loads, at_us)


def release_tasks(desk: Desk, held: Sequence[Candidate[Task]], left: dict[str, int], at_us: int) -> None:
    """Give held tasks out, inside a transaction; left: how many may leave today, by definition.

    One that nobody can take stays held, and takes nobody's place.
    """
    loads = _loads(desk, held, at_us)
    for candidate in held:
        name = candidate.one.definition
        if left.get(name, 0) > 0 and _give_out(desk, candidate, loads, at_us):
            left[name] -= 1


def _loads(desk: Desk, tasks: Sequence[Candidate[Task]], at_us: int) -> dict[str, Load]:
    return {name: desk.load(name, desk.book.tasks.given, at_us) for name in desk.sales.people} if tasks else {}


def _give_out(desk: Desk, candidate: Candidate[Task], loads: dict[str, Load], at_us: int) -> bool:
    """Give a task to somebody, unless it became another one since it was read; say whether it went."""
    one = candidate.one
    if desk.book.tasks.task(one.number) != one:
        return False
    if candidate.wait is not None:
        _stays(desk, one, candidate.wait.why)
        return False
    owner = _assign(desk, candidate, loads, at_us)
    if owner is not None:
        loads[owner] = desk.load(owner, desk.book.tasks.given, at_us)
    return owner is not None


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
            one,
            state=OPEN,
            owner=found.owner,
            team=found.team,
            turn=found.turn,
            assigned_us=at_us,
            released_us=at_us if one.state == HELD else one.released_us,
            why=found.why,
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
