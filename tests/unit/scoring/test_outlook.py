"""What comes next, against going through the days and adding the events one by one."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeline.plan.nodes import Plan
from ripeline.scoring.evaluate import Observed, evaluate, judge, observe
from ripeline.scoring.outlook import FARTHEST, Fall, next_fall, ways_up
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.history import Event, LeadHistory, Statement
from ripeline.vocabulary.scores import LeadScore
from ripeline.vocabulary.values import typed
from tests.how_many import most
from tests.parity import definitions
from tests.parity.definitions import Made, plan_of, yaml_of
from tests.parity.histories import MINUTE_US, MOMENTS, at, leads

CALM = settings(
    max_examples=most(60), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
AS_OF = at("2026-03-27T22:59:59.999999Z")
"""The last microsecond of a Friday in Berlin, two days before the clocks change."""
MOST_TRIED = 40
MOST_AHEAD = 150
FARTHEST_TRIED = 400
LEVELS = {"high": 40, "medium": 20, "low": 0}


@st.composite
def signals(draw: st.DrawFn) -> Made:
    """Return signals of different events each, so that an event counts for one of them."""
    made: Made = {}
    for name in "ABCD"[: draw(st.integers(1, 4))]:
        one: Made = {"event": name, "points": draw(st.sampled_from((1, 3, 10, 45, -5)))}
        if one["points"] > 0 and draw(st.booleans()):
            one["cap"] = max(one["points"], 25)
        if draw(st.integers(0, 2)) == 0:
            one["evidence"] = "weak"
        if draw(st.integers(0, 2)) == 0:
            one |= {"at_least": f"{draw(st.integers(1, 4))} within {draw(st.sampled_from((1, 7, 30)))}d"}
            if draw(st.booleans()):
                one["without"] = {"event": draw(st.sampled_from("ABCD"))}
        else:
            one["decay"] = draw(st.sampled_from(({"half_life": "7d"}, {"fade": "30d"}, "none")))
        one["measure"] = draw(st.sampled_from(("count", "days", "visits")))
        if draw(st.booleans()):
            one["at_most"] = draw(st.sampled_from(("2 per day", "3 per week", "4 per month", "5 ever")))
        if draw(st.integers(0, 3)) == 0:
            one["when"] = draw(st.sampled_from(("days_since(d) < 20", "days_since(d) > 5", "n = 1")))
        made[f"s_{name.lower()}"] = one
    made["quiet"] = {"type": "any", "inactive": "14d", "points": -15}
    made["sure"] = {"event": "E", "points": 1, "within": "60d"}
    return made


def plan_with(made: Made, criteria: Made | None = None) -> Plan:
    matrix = {row: dict.fromkeys(LEVELS, "none") for row in ("good", "poor", "unknown")}
    return plan_of(
        yaml_of(
            {
                "version": 1,
                "timezone": "Europe/Berlin",
                "fit": {"criteria": criteria or {}, "levels": {"good": 0, "poor": -20}},
                "engagement": {"signals": made, "levels": LEVELS},
                "matrix": matrix,
            }
        )
    )


def acts(names: Sequence[str], ages: Sequence[int]) -> tuple[Event, ...]:
    times = [AS_OF - age * DAY_US for age in ages]
    return tuple(Event("track", name, time, time) for name, time in zip(names, times, strict=True))


@st.composite
def histories(draw: st.DrawFn, least_age: int = 0) -> LeadHistory:
    count = draw(st.integers(0, 25))
    names = draw(st.lists(st.sampled_from("AABCDE"), min_size=count, max_size=count))
    ages = draw(st.lists(st.integers(least_age, 40), min_size=count, max_size=count))
    dated = draw(st.sampled_from(("2026-03-15", "2026-03-15", "2026-05-01")))
    traits = {"d": typed(dated), "n": typed(draw(st.integers(0, 1)))}
    return LeadHistory(acts(names, ages), (Statement(traits, AS_OF - 50 * DAY_US, None, 1),))


def seen(plan: Plan, history: LeadHistory) -> tuple[Observed, int]:
    return observe(plan, history, AS_OF), plan.zone.day(AS_OF)


@CALM
@given(signals(), histories(), st.sampled_from(("days_since(d) > 25", "days_since(d) >= 26", "days_since(d) - 9 > 16")))
def test_the_next_fall_is_the_first_one_when_days_are_gone_through(made: Made, history: LeadHistory, old: str) -> None:
    plan = plan_with(made, {"fresh": {"when": old, "points": -25}})
    observed, day = seen(plan, history)
    now = evaluate(plan, history, AS_OF)
    expected = _fall(plan, history, day)
    found = next_fall(plan, observed, now, day)
    assert (found if found and found.day <= day + FARTHEST_TRIED else None) == expected


def _fall(plan: Plan, history: LeadHistory, day: int) -> Fall | None:
    """Return the first fall within some days, by scoring at the first instant of each."""
    ranks = {name: rank for rank, name in enumerate(("high", "medium", "low"))} | {
        "good": 0,
        "poor": 1,
        "unknown": 0,
    }
    now = evaluate(plan, history, AS_OF)
    for ahead in range(1, FARTHEST_TRIED + 1):
        then = evaluate(plan, history, plan.zone.first_instant(day + ahead))
        if any(ranks[b.level] > ranks[a.level] for a, b in ((now.fit, then.fit), (now.engagement, then.engagement))):
            return Fall(day + ahead, then.fit.level, then.engagement.level)
    return None


@pytest.mark.parametrize(
    ("rises", "base"),
    [
        ({"event": "B", "points": -10, "within": "20d"}, 20),
        ({"event": "B", "points": -10, "at_least": "1 within 20d"}, 20),
        ({"event": "C", "points": 10, "at_least": "1 within 40d", "without": {"event": "B"}}, 10),
        ({"type": "any", "inactive": "14d", "points": 10}, 10),
    ],
    ids=["fades", "is over", "is allowed again", "silence counts"],
)
def test_who_falls_and_rises_again_falls_first(rises: Made, base: int) -> None:
    """20 points now, 10 five days from now, 20 again some days later, and at last nothing: the first fall is told."""
    signals_made = {"soon_over": {"event": "A", "points": 10, "within": "5d"}, "rises": rises}
    plan = plan_with(signals_made | {"sure": {"event": "E", "points": base, "within": "200d"}})
    ages = {"A": 0, "B": 25 if "without" in rises else 0, "C": 0, "E": 0}
    history = LeadHistory(acts(tuple(ages), tuple(ages.values())))
    observed, day = seen(plan, history)
    now = evaluate(plan, history, AS_OF)
    assert now.engagement.level == "medium"
    assert next_fall(plan, observed, now, day) == Fall(day + 5, now.fit.level, "low")


@CALM
@given(st.data())
def test_the_next_fall_by_any_definition_is_the_first_one(data: st.DataObject) -> None:
    plan = plan_of(yaml_of(data.draw(definitions.definitions())))
    at_us = data.draw(st.sampled_from(MOMENTS[plan.definition.timezone]))
    day, zone = plan.zone.day(at_us), plan.zone
    fit, engagement = ([one.name for one in part.levels] for part in (plan.definition.fit, plan.definition.engagement))
    ranks = {name: rank for rank, name in enumerate(fit)} | {"unknown": -1}
    for history in data.draw(leads(at_us)).values():
        observed = observe(plan, history, at_us)
        now, expected = judge(plan, observed, day), None
        for then in range(day + 1, day + MOST_AHEAD + 1):
            later = judge(plan, observed, then)
            lower = engagement.index(later.engagement.level) > engagement.index(now.engagement.level)
            if (lower or _fits_less(ranks, now, later)) and zone.day(zone.first_instant(then)) == then:
                expected = Fall(then, later.fit.level, later.engagement.level)
                break
        assert next_fall(plan, observed, now, day, MOST_AHEAD) == expected


def _fits_less(ranks: Mapping[str, int], now: LeadScore, later: LeadScore) -> bool:
    """Nobody falls to where they are unknown, or from there."""
    known = "unknown" not in {now.fit.level, later.fit.level}
    return known and ranks[later.fit.level] > ranks[now.fit.level]


def test_conditions_on_events_that_count_days_move_with_time() -> None:
    mixed = {"event": "A", "points": 25, "when": "days_since(d) < 20 or properties.p = 'x'"}
    plan = plan_with({"seen": mixed, "sure": {"event": "E", "points": 40}})
    told = Statement({"d": typed("2026-03-15")}, AS_OF - 50 * DAY_US, None, 1)
    history = LeadHistory(acts("A", [0]), (told,))
    observed, day = seen(plan, history)
    now = evaluate(plan, history, AS_OF)
    # The 15th of March is 12 days ago on the 27th, and 20 days ago 8 days later.
    assert now.engagement.micro == 25_000_000
    assert next_fall(plan, observed, now, day) == Fall(day + 8, "unknown", "low")


@CALM
@given(signals(), histories(least_age=1))
def test_ways_up_name_the_fewest_events(made: Made, history: LeadHistory) -> None:
    plan = plan_with(made)
    observed, day = seen(plan, history)
    now = evaluate(plan, history, AS_OF)
    found = {way.signal: way.events for way in ways_up(plan, observed, now, day)}
    if now.engagement.level == "high":
        assert found == {}
        return
    goal = {"low": "medium", "medium": "high"}[now.engagement.level]
    for name in made:
        if name != "quiet":
            fewest = _fewest(plan, history, "E" if name == "sure" else name[-1].upper(), goal)
            # A negative signal raises nothing by counting, though its event may end a silence.
            expected = fewest if made[name]["points"] > 0 else None
            assert (found.get(name) if found.get(name, 0) <= MOST_TRIED else None) == expected, name


def _fewest(plan: Plan, history: LeadHistory, name: str, goal: str) -> int | None:
    """Add events one by one, half an hour and more apart, and score."""
    for count in range(1, MOST_TRIED + 1):
        times = [AS_OF - step * 31 * MINUTE_US for step in range(count)]
        more = tuple(Event("track", name, time, time) for time in times)
        grown = LeadHistory((*history.events, *more), history.statements)
        if evaluate(plan, grown, AS_OF).engagement.level in {goal, "high"}:
            return count
    return None


def test_a_fall_is_never_on_a_day_that_the_zone_skipped() -> None:
    # In Apia the 29th of December 2011 was followed by the 31st.
    text = yaml_of(
        {
            "version": 1,
            "timezone": "Pacific/Apia",
            "fit": {"levels": {"only": 0}},
            "engagement": {
                "signals": {"seen": {"event": "A", "points": 5, "within": "1d"}},
                "levels": {"high": 5, "low": 0},
            },
            "matrix": {row: {"high": "none", "low": "none"} for row in ("only", "unknown")},
        }
    )
    plan, as_of = plan_of(text), at("2011-12-29T20:00:00Z")
    history = LeadHistory((Event("track", "A", as_of, as_of),))
    observed, day = observe(plan, history, as_of), plan.zone.day(as_of)
    fall = next_fall(plan, observed, evaluate(plan, history, as_of), day)
    assert fall == Fall(day + 2, "unknown", "low")


@pytest.mark.parametrize("points", [1, 45])
def test_who_is_lowest_cannot_fall(points: int) -> None:
    plan = plan_with({"seen": {"event": "A", "points": points}, "sure": {"event": "E", "points": 1}})
    history = LeadHistory(acts("A", [0]))
    observed, day = seen(plan, history)
    # Nothing fades here, and FARTHEST days are looked at.
    assert FARTHEST >= FARTHEST_TRIED
    assert next_fall(plan, observed, evaluate(plan, history, AS_OF), day) is None
