"""Which salesperson gets a lead, and why: who knows it already, else the first route's team by turns.

A turn is a number that only grows. In a team, the next turn of a person comes one turn after their last one, divided by
their weight, but not before the latest that anybody took; the least one is next. So people who are always here get
leads by their weights, and who comes back or is new takes part from now on, without making up for what others got.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from ripeline.definition.conditions import Condition
from ripeline.handoff.hours import ends, is_open, working_day
from ripeline.handoff.sales import Route, Sales
from ripeline.vocabulary.calendar import EVER, LATEST_US, day_text
from ripeline.vocabulary.sales import Salesperson, Team

A_TURN: Final = 232_792_560
"""How far apart the turns of weight 1 are: every weight from 1 to 20 divides it, so turns are exact in integers."""

RAISED: Final = "this lead asked to talk to sales"


@dataclass(frozen=True, slots=True)
class LeadToRoute:
    """What decides who gets a lead.

    holds: answers conditions on its traits, None for unknown. previous_owner: who had it last. account_owner: who has
    others of its company. hand_raise: it asked to talk to sales. excluded: who let it lapse. giver: who gives it away.
    """

    holds: Callable[[Condition], bool | None]
    previous_owner: str | None = None
    account_owner: str | None = None
    hand_raise: bool = False
    excluded: AbstractSet[str] = frozenset()
    giver: str | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody was given, handoffs or tasks. today: how many since their working day began, see handoff/hours.py.

    turns: the last turn taken, by team. last_us: when they were last given one.
    """

    today: int = 0
    turns: Mapping[str, int] = field(default_factory=dict)
    last_us: int | None = None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Somebody who was considered and does not get the lead, and why, as a sentence."""

    name: str
    why: str


Passed = tuple[PassedOver, ...]


@dataclass(frozen=True, slots=True)
class Routed:
    """Who gets a lead, and why, in sentences for people.

    owner: None where nobody can take it. team: whose manager is told of a broken promise. turn: the owner's turn in the
    team, to be kept; None where the owner knew the lead or its company already.
    """

    owner: str | None
    why: str
    team: str | None = None
    turn: int | None = None
    passed_over: Passed = ()


def routed(lead: LeadToRoute, sales: Sales, load: Mapping[str, Load], at_us: int) -> Routed:
    """Return who gets a lead at an instant: who had it before, else who has its company, else who is next in a team.

    Whoever let it lapse, has no room, or is absent on the day when their work goes on next is passed over. Working
    hours matter for a hand-raise alone: members of the team who are at work now go before those who are not.
    """
    if not sales.people:
        return Routed(None, "There are no salespeople.")
    case, passed = _Case(lead, sales, load, at_us), Passed()
    for name, relation in _relations(lead):
        hindrance = case.hindrance(name)
        if hindrance is None:
            return _kept(case, name, relation, passed)
        passed = (*passed, case.passed(name, f"{relation}, but {hindrance}"))
    return _by_route(case, passed)


def away(sales: Sales, name: str, at_us: int) -> str | None:
    """Return why somebody takes nothing at all: gone, or absent on the day when their work goes on next; else None."""
    person = sales.people.get(name)
    if person is None:
        return "is none of the salespeople any more"
    last = person.absent_until(working_day(person.hours, at_us))
    return None if last is None else f"is absent until {day_text(last)}"


def nobody_until(sales: Sales, at_us: int) -> int:
    """Return until when nobody takes a lead that nobody can take now, unless something else changes.

    With a working day of somebody's their room begins anew, and an absence may be over.
    """
    return min((ends(one.hours, at_us) for one in sales.people.values()), default=LATEST_US)


def _relations(lead: LeadToRoute) -> Iterator[tuple[str, str]]:
    """Yield who knows the lead or its company, the best first."""
    if lead.previous_owner is not None:
        yield lead.previous_owner, "had this lead before"
    if lead.account_owner not in {None, lead.previous_owner}:
        yield str(lead.account_owner), "has others of this company"


@dataclass(frozen=True, slots=True)
class _Case:
    """One lead at one instant, and what keeps people from taking it."""

    lead: LeadToRoute
    sales: Sales
    loads: Mapping[str, Load]
    at_us: int

    def label(self, name: str) -> str:
        person = self.sales.people.get(name)
        return name if person is None else person.label

    def load(self, name: str) -> Load:
        return self.loads.get(name, Load())

    def hindrance(self, name: str) -> str | None:
        person, given = self.sales.people.get(name), self.load(name).today
        if person is not None and name in self.lead.excluded:
            return "let it lapse"
        if name == self.lead.giver:
            return "has it now"
        if (why := away(self.sales, name, self.at_us)) is not None:
            return why
        if person is not None and person.capacity is not None and given >= person.capacity:
            return f"has no room, {given} of {person.capacity} {self.day(person)}"
        return None

    def passed(self, name: str, why: str) -> PassedOver:
        return PassedOver(name, f"{self.label(name)} {why}.")

    def with_this_one(self, name: str) -> str:
        """How many somebody has with the one given now."""
        person = self.sales.people[name]
        of = "" if person.capacity is None else f" of {person.capacity}"
        return f"with this one {self.load(name).today + 1}{of} {self.day(person)}"

    def day(self, person: Salesperson) -> str:
        """The working day for which somebody is given a lead now."""
        day = working_day(person.hours, self.at_us)
        return "today" if day == person.hours.zone.day(self.at_us) else f"for {day_text(day)}"


def _kept(case: _Case, name: str, relation: str, passed: Passed) -> Routed:
    team = case.sales.team_of(name)
    why = _sentences(f"{case.label(name)} {relation}.", passed)
    return Routed(name, why, None if team is None else team.name, None, passed)


def _by_route(case: _Case, passed: Passed) -> Routed:
    route = next((one for one in case.sales.routes if one.when is None or case.lead.holds(one.when)), None)
    if route is None:
        return Routed(None, _sentences("No route fits this lead.", passed), None, None, passed)
    team, known = case.sales.teams[route.team], {one.name for one in passed}
    hindrances = {name: case.hindrance(name) for name in team.members if name not in known}
    able = [name for name, why in hindrances.items() if why is None]
    asked = _asked_first(case, able)
    hindered = [case.passed(name, why) for name, why in hindrances.items() if why is not None]
    away = [case.passed(name, f"is not at work now, and {RAISED}") for name in able if name not in asked]
    return _in_turn(case, route, team, asked, (*passed, *hindered, *away))


def _asked_first(case: _Case, able: Sequence[str]) -> Sequence[str]:
    """Return those at work now, where the lead raised a hand and there are any; else all."""
    at_work = [name for name in able if is_open(case.sales.people[name].hours, case.at_us)]
    return at_work if case.lead.hand_raise and at_work else able


def _in_turn(case: _Case, route: Route, team: Team, asked: Sequence[str], passed: Passed) -> Routed:
    told = f"Team {team.name} ({route.told}):"
    if not asked:
        return Routed(None, _sentences(f"{told} nobody can take it.", passed), team.name, None, passed)
    turn, owner = _next(case, team, asked)
    why = _sentences(f"{told} it is {case.label(owner)}'s turn, {case.with_this_one(owner)}.", passed)
    later = [PassedOver(name, f"{case.label(name)}'s turn comes later.") for name in asked if name != owner]
    return Routed(owner, why, team.name, turn, (*passed, *later))


def _next(case: _Case, team: Team, able: Sequence[str]) -> tuple[int, str]:
    """Return the least turn of those who are able, and whose it is; of equals, theirs who got none for longest."""
    latest = max((case.load(name).turns.get(team.name, 0) for name in team.members), default=0)

    def turn(name: str) -> int:
        last = case.load(name).turns.get(team.name)
        return latest if last is None else max(latest, last + A_TURN // case.sales.people[name].weight)

    def waited_since(name: str) -> int:
        last = case.load(name).last_us
        return EVER if last is None else last

    owner = min(able, key=lambda name: (turn(name), waited_since(name)))
    return turn(owner), owner


def _sentences(first: str, passed: Passed) -> str:
    return " ".join([first, *(one.why for one in passed)])
