"""Who gets a lead: by hand, and what holds whatever the salespeople and leads are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripeline.adapters.tables.zones import load_zone
from ripeline.definition.condition_text import parse_condition
from ripeline.definition.conditions import Name
from ripeline.handoff.hours import working_day
from ripeline.handoff.routing import A_TURN, LeadToRoute, Load, Routed, routed
from ripeline.handoff.sales import Route, Sales
from ripeline.scoring.truth import Reader
from ripeline.vocabulary.calendar import DAY_US, UTC_ZONE, day_number, instant_of
from ripeline.vocabulary.sales import Absence, Hours, Salesperson, Team, read_week
from ripeline.vocabulary.values import typed

BERLIN = Hours(load_zone("Europe/Berlin"), read_week("Mon-Fri 09:00-17:30"))
NEW_YORK = Hours(load_zone("America/New_York"), read_week("Mon-Fri 09:00-17:30"))
DACH = "country in ('DE', 'AT', 'CH')"


def at(text: str) -> int:
    return instant_of(datetime.fromisoformat(f"{text}:00+01:00"))


MONDAY = at("2026-11-23T10:00")


def person(name: str, hours: Hours = BERLIN, **more: object) -> Salesperson:
    return replace(Salesperson(name, name.title(), f"{name}@acme.example", hours), **more)  # type: ignore[arg-type]


def away(first: str, last: str) -> tuple[Absence, ...]:
    return (Absence(*(day_number(date.fromisoformat(day)) for day in (first, last))),)


def company(*people: Salesperson) -> Sales:
    """Everybody sells to the world; all but Zoe to Germany, Austria and Switzerland."""
    names = tuple(one.name for one in people)
    teams = {"dach": Team("dach", names[:-1] if names[-1] == "zoe" else names), "world": Team("world", names)}
    routes = (Route("dach", parse_condition(DACH), DACH), Route("world"))
    return Sales({one.name: one for one in people}, teams, routes)


def lead(country: str | None = "DE", **more: object) -> LeadToRoute:
    def value(name: Name) -> object:
        return typed(country) if name.key == "country" else None

    holds = Reader(value, UTC_ZONE, 0).holds  # type: ignore[arg-type]
    return replace(LeadToRoute(holds), **more)  # type: ignore[arg-type]


def reasons(found: Routed) -> dict[str, str]:
    return {one.name: one.why for one in found.passed_over}


def test_the_first_route_whose_condition_is_true() -> None:
    """What is not known is not true: a lead of unknown country is the world's."""
    some = company(person("maria"), person("jon"), person("zoe"))
    for country, team, told in (
        ("AT", "dach", DACH),
        ("FR", "world", "everybody else"),
        (None, "world", "everybody else"),
    ):
        found = routed(lead(country), some, {}, MONDAY)
        assert (found.owner, found.team, found.turn) == ("maria", team, 0)
        assert found.why == f"Team {team} ({told}): it is Maria's turn, with this one 1 today."


def test_a_lead_returns_to_whoever_had_it() -> None:
    some = company(person("maria"), person("jon"), person("zoe"))
    found = routed(lead("DE", previous_owner="zoe", account_owner="jon"), some, {}, MONDAY)
    assert found == Routed("zoe", "Zoe had this lead before.", "world")


def test_then_to_whoever_has_its_company() -> None:
    absent = person("maria", absences=away("2026-11-20", "2026-12-04"))
    found = routed(lead(previous_owner="maria", account_owner="jon"), company(absent, person("jon")), {}, MONDAY)
    assert (found.owner, found.team, found.turn) == ("jon", "dach", None)
    assert found.why == "Jon has others of this company. Maria had this lead before, but is absent until 2026-12-04."


def test_everybody_passed_over_is_told() -> None:
    """Maria is away, Jon let it lapse, Ada has no room, Zoe comes later; Kim, who left, had the lead."""
    people = [person("maria", absences=away("2026-11-23", "2026-11-23")), person("jon"), person("ada", capacity=15)]
    some = company(*people, person("bea", capacity=15), person("eve"))
    asked = lead(previous_owner="kim", account_owner="jon", excluded={"jon"})
    load = {"ada": Load(15), "bea": Load(3, {"dach": 0}), "eve": Load(3, {"dach": 0}, MONDAY)}
    found = routed(asked, some, load, MONDAY)
    assert found.owner == "bea"
    assert found.turn == A_TURN
    assert reasons(found) == {
        "kim": "kim had this lead before, but is none of the salespeople any more.",
        "jon": "Jon has others of this company, but let it lapse.",
        "maria": "Maria is absent until 2026-11-23.",
        "ada": "Ada has no room, 15 of 15 today.",
        "eve": "Eve's turn comes later.",
    }
    assert found.why == " ".join(
        [f"Team dach ({DACH}): it is Bea's turn, with this one 4 of 15 today.", *list(reasons(found).values())[:4]]
    )


def test_nobody_can_take_it() -> None:
    some = company(person("maria", capacity=1), person("jon", absences=away("2026-11-01", "2026-11-30")))
    found = routed(lead(), some, {"maria": Load(1)}, MONDAY)
    assert (found.owner, found.team) == (None, "dach")
    assert found.why == (
        f"Team dach ({DACH}): nobody can take it. Maria has no room, 1 of 1 today. Jon is absent until 2026-11-30."
    )
    without = replace(some, routes=some.routes[:1])
    assert routed(lead("FR"), without, {}, MONDAY) == Routed(None, "No route fits this lead.")
    assert routed(lead(), Sales(), {}, MONDAY) == Routed(None, "There are no salespeople.")


def test_absence_counts_on_the_day_when_work_goes_on() -> None:
    """Sunday evening: who is away from Monday on does not get it, who is back on Monday does."""
    leaving, back = (
        person("maria", absences=away("2026-11-23", "2026-11-27")),
        person("jon", absences=away("2026-11-16", "2026-11-22")),
    )
    found = routed(lead(), company(leaving, back), {}, at("2026-11-22T20:00"))
    assert found.owner == "jon"
    assert found.why.startswith(f"Team dach ({DACH}): it is Jon's turn, with this one 1 for 2026-11-23.")
    assert reasons(found) == {"maria": "Maria is absent until 2026-11-27."}


@pytest.mark.parametrize(
    ("when", "raised", "owner"),
    [
        ("2026-11-23T10:00", True, "maria"),  # 04:00 in New York
        ("2026-11-23T20:00", True, "jon"),  # 14:00 in New York, Berlin has closed
        ("2026-11-23T20:00", False, "maria"),  # nobody waits at the telephone: the turn decides
        ("2026-11-28T10:00", True, "maria"),  # Saturday: nobody is at work
    ],
)
def test_a_hand_raise_goes_to_whoever_is_at_work(when: str, raised: bool, owner: str) -> None:
    some = company(person("maria"), person("jon", NEW_YORK))
    found = routed(lead(hand_raise=raised), some, {}, at(when))
    assert found.owner == owner
    if owner == "jon":
        assert reasons(found) == {"maria": "Maria is not at work now, and this lead asked to talk to sales."}
        assert routed(lead(hand_raise=True, previous_owner="maria"), some, {}, at(when)).owner == "maria"


class Day:
    """Leads given one after the other, with what is kept of each."""

    def __init__(self, sales: Sales) -> None:
        self.sales, self.load, self.given, self.at_us = sales, dict[str, Load](), list[str | None](), MONDAY

    def gives(self, number: int, *, absent: Sequence[str] = ()) -> Counter[str | None]:
        given = []
        for _ in range(number):
            self.at_us += 1
            found = routed(lead(excluded=set(absent)), self.sales, self.load, self.at_us)
            given.append(found.owner)
            if found.owner is not None:
                before = self.load.get(found.owner, Load())
                turns = {**before.turns, str(found.team): found.turn or 0}
                self.load[found.owner] = Load(before.today + 1, turns, self.at_us)
        self.given += given
        return Counter(given)


def test_turns_by_weight_by_hand() -> None:
    """Maria has twice the weight. Turns in halves: Maria 0, Jon 0 | Maria 1/2, 1, Jon 1 | Maria 3/2, 2, Jon 2."""
    day = Day(company(person("maria", weight=2), person("jon")))
    assert day.gives(9) == {"maria": 6, "jon": 3}
    # At the turn 1 Maria and Jon are equal, and Jon waited for longer; so at 2.
    assert day.given == ["maria", "jon", "maria", "jon", "maria", "maria", "jon", "maria", "maria"]


def test_who_comes_back_is_not_buried() -> None:
    """Jon is away for 40 leads; afterwards they alternate. Bea is new, and takes part from then on."""
    day = Day(company(person("maria"), person("jon")))
    day.gives(10)
    assert day.gives(40, absent=["jon"]) == {"maria": 40}
    assert day.gives(10) == {"maria": 5, "jon": 5}
    day.sales = company(person("maria"), person("jon"), person("bea"))
    assert day.gives(9) == {"maria": 3, "jon": 3, "bea": 3}


def test_whoever_knows_a_lead_takes_no_turn() -> None:
    some = company(person("maria"), person("jon"))
    assert routed(lead(previous_owner="jon"), some, {}, MONDAY).turn is None


people = st.lists(
    st.tuples(st.integers(1, 20), st.none() | st.integers(1, 5), st.booleans(), st.booleans()), min_size=1, max_size=5
)
counts = st.integers(0, 6)


@st.composite
def companies(draw: st.DrawFn) -> Sales:
    made = [
        person(
            f"p{number}",
            NEW_YORK if abroad else BERLIN,
            weight=weight,
            capacity=capacity,
            absences=away("2026-11-20", "2026-11-26") if absent else (),
        )
        for number, (weight, capacity, absent, abroad) in enumerate(draw(people))
    ]
    return company(*made)


@st.composite
def loads(draw: st.DrawFn, some: Sales) -> Mapping[str, Load]:
    turns = st.dictionaries(st.sampled_from(["dach", "world"]), st.integers(0, 3 * A_TURN))
    last = st.none() | st.integers(MONDAY - DAY_US, MONDAY)
    return {name: draw(st.builds(Load, counts, turns, last)) for name in some.people if draw(st.booleans())}


@given(data=st.data(), some=companies(), country=st.sampled_from(["DE", "FR", None]))
def test_only_whoever_can_take_it_gets_it(data: st.DataObject, some: Sales, country: str | None) -> None:
    names = st.none() | st.sampled_from([*some.people, "gone"])
    load = data.draw(loads(some))
    excluded = data.draw(st.sets(st.sampled_from(sorted(some.people)), max_size=2))
    asked = lead(
        country,
        previous_owner=data.draw(names),
        account_owner=data.draw(names),
        hand_raise=data.draw(st.booleans()),
        excluded=excluded,
    )
    at_us = data.draw(st.integers(MONDAY - 7 * DAY_US, MONDAY + 7 * DAY_US))

    def able(one: Salesperson) -> bool:
        room = one.capacity is None or load.get(one.name, Load()).today < one.capacity
        here = all(not each.first <= working_day(one.hours, at_us) <= each.last for each in one.absences)
        return room and here and one.name not in excluded

    found = routed(asked, some, load, at_us)
    assert found == routed(asked, some, dict(reversed(list(load.items()))), at_us)
    passed = [one.name for one in found.passed_over]
    assert len(set(passed)) == len(passed)
    if found.owner is None:
        assert not any(map(able, some.people.values()))
    else:
        assert able(some.people[found.owner])
        assert found.owner not in passed
        assert some.people[found.owner].label in found.why
    if found.turn is not None or found.owner is None:
        assert {found.owner, *passed} - {None, "gone"} == set(some.people)
    known = asked.previous_owner
    if known is not None and known in some.people and able(some.people[known]):
        assert found.owner == known


@settings(deadline=None)
@given(st.lists(st.integers(1, 20), min_size=1, max_size=5), st.integers(1, 60))
def test_leads_are_shared_by_weight(weights: Sequence[int], number: int) -> None:
    """No two people who are always here are further apart than one lead of each, by their weights."""
    some = company(*(person(f"p{place}", weight=weight) for place, weight in enumerate(weights)))
    given_to = Day(some).gives(number)
    for one in some.people.values():
        for other in some.people.values():
            share, others = given_to[one.name] * other.weight, given_to[other.name] * one.weight
            assert abs(share - others) <= one.weight + other.weight


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(1, 20), st.integers(1, 40))
def test_equal_weights_get_as_many(size: int, weight: int, number: int) -> None:
    given_to = Day(company(*(person(f"p{place}", weight=weight) for place in range(size)))).gives(number)
    shares = sorted(given_to[f"p{place}"] for place in range(size))
    assert shares[-1] - shares[0] <= 1


@settings(deadline=None)
@given(st.lists(st.sets(st.sampled_from(["p0", "p1", "p2"]), max_size=2), max_size=30))
def test_turns_only_grow(absent: Sequence[set[str]]) -> None:
    day = Day(company(person("p0"), person("p1", weight=3), person("p2", weight=7)))
    latest = []
    for away_now in absent:
        day.gives(1, absent=sorted(away_now))
        latest.append(max(one.turns["dach"] for one in day.load.values()))
    assert all(before <= after for before, after in pairwise(latest))
