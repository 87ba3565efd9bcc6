"""What signals make of one event, and in which words: each outcome worked out by hand.

The zone is UTC; it is looked at on 2026-03-31. An event of n days ago is written as `act(n, ...)`.
"""

import pytest

from ripeline.adapters.tables.references import ShippedReferences
from ripeline.plan.nodes import Plan
from ripeline.scoring.evaluate import evaluate
from ripeline.scoring.looked_at import MOST_EVENTS, Look, looked_at
from ripeline.usecases.load_plan import load_plan
from ripeline.usecases.looked_words import look_text, nearest, no_signal_text
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.history import Event, LeadHistory, Statement
from ripeline.vocabulary.values import typed

AS_OF_US = 1_774_994_399_000_000
"""2026-03-31 21:59:59 UTC."""

DEFINITION = """\
version: 1
required: []
fit: {levels: {any: 0}}
engagement:
  signals:
    %s
  levels: {any: 0}
matrix: {any: {any: nurture}, unknown: {any: nurture}}
"""


def plan_of(*signals: str) -> Plan:
    return load_plan(DEFINITION % "\n    ".join(signals), "looked", "looked.yaml", ShippedReferences())


def act(age: float, name: str = "Hit", *, kind: str = "track", trusted: bool = True, **properties: object) -> Event:
    at_us = AS_OF_US - round(age * DAY_US)
    said = {f"properties.{key}": value for key, raw in properties.items() if (value := typed(raw)) is not None}
    return Event(kind, name, at_us, at_us, said, trusted)


def size(number: int) -> Statement:
    return Statement({"company_size": typed(number)}, None, AS_OF_US, 1)


def look(signal: str, *events: Event, of: int = -1, facts: tuple[Statement, ...] = ()) -> Look:
    """Look at one of some events with one signal."""
    (found,) = looked_at(plan_of(signal), LeadHistory(events, facts), events[of], AS_OF_US)
    return found


def told(found: Look) -> tuple[str, int, str]:
    return found.found, found.micro // 100_000, look_text(found)


HIT = "hit: {event: Hit, points: 3, decay: {half_life: 2d}, cap: 5}"
PRICE = "price: {event: Hit, when: properties.price > 10 and properties.plan = 'pro', points: 3}"
BOUGHT = "bought: {event: Hit, measure: sum(properties.price), points: 0.1}"
OFTEN = "often: {event: Hit, at_least: 3 within 2d, points: 7}"
UNLESS = "unless: {event: Hit, at_least: 1 within 9d, without: {event: Left}, points: 7}"


@pytest.mark.parametrize(
    ("signal", "events", "expected"),
    [
        # 3 points; half of them after two days.
        (HIT, [act(0)], ("gives", 30, "")),
        (HIT, [act(2)], ("gives", 15, "")),
        # Two of today are 6, of which the cap leaves 5: the second one gives 2; a third one gives nothing.
        (HIT, [act(0.2), act(0.1)], ("gives", 20, "")),
        (HIT, [act(0.3), act(0.2), act(0.1)], ("full", 0, "as much as may count came before it")),
        ("daily: {event: Hit, points: 3, at_most: 1 per day}", [act(0.2), act(0.1)], ("full", 0, "as much as may")),
        ("asked: {event: Hit, points: 15, hand_raise: {open_for: 2d}}", [act(0)], ("gives", 150, "asks for sales")),
        ("asked: {event: Hit, points: 0, hand_raise: {open_for: 2d}}", [act(0)], ("no_points", 0, "gives no points")),
        # 25 of something are 2.5 points; nothing to add up gives none.
        (BOUGHT, [act(0, price=25)], ("gives", 25, "")),
        (BOUGHT, [act(0.1, price=25), act(0, price="much")], ("adds_nothing", 0, "adds nothing to properties.price")),
        # The third one within two days brings all 7; before it the signal waits, and one more is one too many.
        (OFTEN, [act(0.2), act(0.1)], ("too_few", 0, "2 of 3 so far")),
        (OFTEN, [act(0.3), act(0.2), act(0.1)], ("gives", 70, "")),
        (OFTEN, [act(0.4), act(0.3), act(0.2), act(0.1)], ("full", 0, "as much as may count")),
        (OFTEN, [act(5)], ("too_old", 0, "older than the 2 days that are looked at")),
        ("now: {event: Hit, points: 3, within: 4d}", [act(5)], ("too_old", 0, "older than the 4 days that count")),
        ("gone: {event: Hit, points: 3, decay: {fade: 4d}}", [act(5)], ("too_old", 0, "older than anything")),
        (UNLESS, [act(1)], ("gives", 70, "")),
        (UNLESS, [act(1), act(0, "Left")], ("stops", -70, "stops it for 9 days")),
        (UNLESS, [act(1, "Left"), act(0)], ("stopped", 0, "gives nothing while there was Left")),
        # Four quiet days cost 4; whoever comes back has them again, and once they are back there is nothing to end.
        ("quiet: {event: Hit, inactive: 3d, points: -4}", [act(4), act(0)], ("gives", 40, "")),
        ("quiet: {event: Hit, inactive: 3d, points: -4}", [act(1), act(0)], ("adds_nothing", 0, "no silence to end")),
        (HIT, [act(-1)], ("later", 0, "still to come")),
        ("sure: {event: Hit, points: 3, trusted: true}", [act(0, trusted=False)], ("untrusted", 0, "with a web key")),
        (HIT, [act(0, "Miss")], ("name", 0, "")),
        ("seen: {type: page, points: 3}", [act(0)], ("type", 0, "")),
        ("seen: {type: any, points: 3}", [act(0, "Miss")], ("gives", 30, "")),
    ],
)
def test_what_a_signal_makes_of_the_last_event(
    signal: str, events: list[Event], expected: tuple[str, int, str]
) -> None:
    found, tenths, text = told(look(signal, *events))
    assert (found, tenths) == expected[:2]
    assert expected[2] in text
    assert bool(text) == bool(expected[2])


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (act(0, price=5, plan="pro"), "properties.price > 10 is not so: properties.price is 5"),
        (act(0, price=20, plan="free"), "properties.plan = 'pro' is not so: properties.plan is \"free\""),
        (act(0, plan="pro"), "properties.price > 10 cannot be told: properties.price is not known"),
        (act(0, price="x", plan="pro"), 'properties.price > 10 cannot be told: properties.price is "x"'),
        (
            act(0, price=5, plan="free"),
            "properties.price > 10 is not so: properties.price is 5; properties.plan = 'pro' is not so: properties.plan is \"free\"",
        ),
    ],
)
def test_each_part_of_a_condition_that_does_not_hold_is_told_with_what_it_saw(event: Event, expected: str) -> None:
    found = look(PRICE, event)
    assert (found.found, found.counts, look_text(found)) == ("where", False, expected)


def test_a_condition_on_traits_closes_a_signal() -> None:
    signal = "large: {event: Hit, when: company_size > 100, points: 3}"
    closed = look(signal, act(0), facts=(size(50),))
    assert (closed.found, closed.micro) == ("closed", 0)
    assert look_text(closed) == "company_size > 100 is not so: company_size is 50"
    assert look(signal, act(0)).parts[0].answer is None
    assert told(look(signal, act(0), facts=(size(500),))) == ("gives", 30, "")


def test_what_single_events_give_adds_up_to_what_the_signal_gives() -> None:
    """Points of each event are those beyond what came before it: however many there are, together they are the score."""
    signals = [HIT, OFTEN, BOUGHT, "daily: {event: Hit, points: 2, at_most: 1 per day}", UNLESS]
    plan = plan_of(*signals)
    events = [act(age, price=age * 7) for age in (0, 0.1, 0.2, 1.1, 1.2, 3, 3.1, 8)] + [act(2, "Left"), act(4)]
    history = LeadHistory(tuple(events))
    each = sum(one.micro for event in events for one in looked_at(plan, history, event, AS_OF_US))
    assert each == evaluate(plan, history, AS_OF_US).engagement.micro > 0


def test_of_a_lead_with_very_much_no_points_are_told() -> None:
    events = tuple(act(number / 1e6) for number in range(MOST_EVENTS + 1))
    (found,) = looked_at(plan_of(HIT), LeadHistory(events), events[0], AS_OF_US)
    assert (found.counts, found.micro) == (True, 0)
    assert "not worked out here" in look_text(found)


def test_the_nearest_signals_are_told_and_the_nearest_name_where_there_are_none() -> None:
    plan = plan_of(HIT, PRICE, "seen: {type: page, event: Pricing, points: 3}")
    event = act(0)
    looks = looked_at(plan, LeadHistory((event,)), event, AS_OF_US)
    assert [one.signal.name for one in nearest(looks)] == ["hit"]
    other = act(0, "Pricng", kind="page")
    looks = looked_at(plan, LeadHistory((other,)), other, AS_OF_US)
    assert nearest(looks) == []
    told = no_signal_text(plan.definition, "page", "Pricng")
    assert told == 'No signal looks at page calls named "Pricng"; did you mean "Pricing"?'
    assert no_signal_text(plan.definition, "screen", "") == "No signal looks at screen calls without a name"
