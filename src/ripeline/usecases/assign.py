"""Give handoffs to salespeople, each with the reason why it is theirs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from ripeline.definition.conditions import Condition
from ripeline.definition.model import Definition
from ripeline.handoff.clock import given_to
from ripeline.handoff.contact import Wait
from ripeline.handoff.hours import begins, working_day
from ripeline.handoff.routing import LeadToRoute, Load, Routed, nobody_until, routed
from ripeline.handoff.sales import Sales
from ripeline.ports.handoffs import HandoffBook
from ripeline.ports.lifecycle import LeadNow
from ripeline.usecases.lead_record import handoff_record
from ripeline.vocabulary.handoffs import CLOCK, WAITING, Handoff, Step
from ripeline.vocabulary.happenings import HANDOFF_CREATED, Happening
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.tasks import Task

Holds = Callable[[Condition], bool | None]
"""Answers conditions on the traits of one lead."""

HoldsOf = Callable[[Handoff], Holds]
"""Tells what answers conditions on the traits of a handoff's lead, as they are by now."""

One = TypeVar("One", Handoff, Task)

Given = Callable[[str, Iterable[str], int], Load]
"""Tells what somebody was given: how many since an instant, and the last turns in some teams."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What handoffs are given out by: the book, how sales is set up, and the definitions by their names."""

    book: HandoffBook
    sales: Sales
    definitions: Mapping[str, Definition]
    _loads: dict[int, dict[str, Load]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def loads(self, at_us: int) -> Mapping[str, Load]:
        """Return what everybody was given, as routing reckons with it; read once, inside a transaction."""
        if at_us not in self._loads:
            self._loads.clear()
            self._loads[at_us] = {name: self.load(name, self.book.given, at_us) for name in self.sales.people}
        return self._loads[at_us]

    def load(self, name: str, given: Given, at_us: int) -> Load:
        """Return what somebody was given. given: handoffs, or tasks."""
        hours = self.sales.people[name].hours
        teams = [team.name for team in self.sales.teams.values() if name in team.members]
        return given(name, teams, begins(hours, working_day(hours, at_us)))

    def note_given(self, one: Handoff, at_us: int, turn: int | None) -> None:
        """Count a handoff for its owner, and what was taken of the team's turns."""
        self.book.note_given(one, at_us, turn)
        owner = str(one.owner)
        for asked_us, loads in self._loads.items():
            loads[owner] = self.load(owner, self.book.given, asked_us)

    def label(self, name: str | None) -> str:
        """Return what somebody is called, also who is there no more."""
        person = self.sales.people.get(name or "")
        return str(name) if person is None else person.label


@dataclass(frozen=True, slots=True)
class Candidate(Generic[One]):
    """A handoff, or a task, that may be given to somebody, and its lead, read before the book was held.

    one: as it stood then. lead: None where nothing is known of it. holds: answers conditions on its traits. wait: why
    it may not be contacted now, None where it may be.
    """

    one: One
    lead: LeadNow | None
    holds: Holds
    wait: Wait | None


def assign_waiting(desk: Desk, waiting: Sequence[Candidate[Handoff]], at_us: int) -> None:
    """Give waiting handoffs out, inside a transaction; what became another one since it was read is left alone."""
    for candidate in waiting:
        one = candidate.one
        if desk.book.handoff(one.number) != one:
            continue
        if candidate.wait is not None:
            keep_waiting(desk, one, candidate.wait, at_us)
        else:
            _assign(desk, candidate, at_us)


def _assign(desk: Desk, candidate: Candidate[Handoff], at_us: int) -> None:
    """Give a handoff to whom it is routed; where nobody can take it, it waits and says why."""
    found = route(desk, candidate, at_us)
    if found.owner is None:
        waits(desk, candidate.one, found.why, at_us)
    else:
        give(desk, candidate.one, found, CLOCK, at_us)


def route(desk: Desk, candidate: Candidate[Handoff], at_us: int) -> Routed:
    """Return to whom a handoff is routed that nobody has."""
    one = candidate.one
    known = handoffs_of(desk, one.definition, one.lead, candidate.lead)
    return route_again(desk, one, desk.book.last_owner(one.number) or previous_owner(known), candidate.holds, at_us)


def route_again(desk: Desk, one: Handoff, previous: str | None, holds: Holds, at_us: int) -> Routed:
    """Return to whom a handoff is routed now. previous: who had the lead last."""
    account_owner = None if one.account is None else desk.book.owner_of_account(one.account)
    lead = LeadToRoute(holds, previous, account_owner, one.hand_raise is not None, frozenset(one.lapsed))
    return routed(lead, desk.sales, desk.loads(at_us), at_us)


def keep_waiting(desk: Desk, one: Handoff, wait: Wait, at_us: int) -> Handoff:
    """Leave a handoff where it is, inside a transaction, until its lead may be contacted; it says why."""
    kept = replace(one, why=wait.why, waits_until_us=wait.until_us)
    desk.book.change(kept, *([] if one.why == wait.why else [Step(one.number, at_us, "kept_back", CLOCK, wait.why)]))
    return kept


def would_go_to(desk: Desk, lead: LeadNow, definition: str, holds: Holds, at_us: int) -> Routed:
    """Return who would get a lead if it were handed over now, and why."""
    account_owner = None if lead.account is None else desk.book.owner_of_account(lead.account)
    asks = lead.score.hand_raise is not None
    previous = previous_owner(handoffs_of(desk, definition, lead.lead, lead))
    asked = LeadToRoute(holds, previous, account_owner, asks)
    return routed(asked, desk.sales, desk.loads(at_us), at_us)


def give(desk: Desk, one: Handoff, found: Routed, by: str, at_us: int) -> Handoff:
    """Give a handoff to somebody, inside a transaction; their clock starts."""
    owner = desk.sales.people[found.owner or ""]
    promised = desk.definitions[one.definition].handoff
    new = given_to(one, owner.name, owner.hours, promised, desk.sales.warn_at, at_us)
    new = replace(new, why=found.why, team=found.team, waits_until_us=None)
    what = "assigned" if one.owner is None else "reassigned"
    desk.book.change(new, Step(one.number, at_us, what, by, found.why))
    desk.note_given(new, at_us, found.turn)
    if new.account is not None:
        # Whoever has others of a company is asked first.
        desk.book.see_account_again(new.account)
    told = (owner.name,)
    desk.book.tell([Happening(HANDOFF_CREATED, at_us, handoff_record(new), new.lead, new.number, told)])
    return new


def waits(desk: Desk, one: Handoff, why: str, at_us: int) -> Handoff:
    """Have a handoff wait for somebody who can take it, inside a transaction: nothing is promised, and it says why."""
    told = Step(one.number, at_us, WAITING, CLOCK, why)
    return nobody_takes(desk, nobodys(one), why, at_us, *([] if one.state == WAITING and one.why == why else [told]))


def nobodys(one: Handoff) -> Handoff:
    """Return a handoff as nobody has it, and nothing is promised."""
    return replace(
        one,
        state=WAITING,
        owner=None,
        team=None,
        assigned_us=None,
        accept_due_us=None,
        touch_due_us=None,
        next_us=None,
        breached_us=None,
    )


def nobody_takes(desk: Desk, one: Handoff, why: str, at_us: int, *steps: Step) -> Handoff:
    """Leave a handoff to nobody, inside a transaction, until somebody may be able to take it.

    It stands in nobody's way until then: others are looked at.
    """
    left = replace(one, why=why, waits_until_us=nobody_until(desk.sales, at_us))
    desk.book.change(left, *steps)
    return left


def handoffs_of(desk: Desk, definition: str, shown: Name, lead: LeadNow | None) -> list[Handoff]:
    """Return the handoffs of a person, the oldest first; those of the name shown, where nothing else is known."""
    if lead is None:
        return list(desk.book.handoffs_of(definition, [shown]))
    found = desk.book.handoffs_of(definition, [one.name for one in lead.owned])
    return [one for one in found if lead.owns(one.lead, one.made_us)]


def previous_owner(handoffs: Sequence[Handoff]) -> str | None:
    """Return who had a lead last, of all its handoffs, the oldest first."""
    owners = [one.owner for one in handoffs if one.owner is not None]
    return owners[-1] if owners else None
