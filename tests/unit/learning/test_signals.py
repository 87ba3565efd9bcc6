"""What is learned from is what is scored: a signal's column is what the definition's own reader gives its text."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.definition.model import Measure
from ripeline.entry.bootstrap.shipped import references
from ripeline.learning.acts import Acts, Done, Kind
from ripeline.learning.columns import Rule, column
from ripeline.learning.lines import Lines
from ripeline.learning.sample import Numbers, Sample
from ripeline.learning.scorecard.candidates import candidates_of
from ripeline.learning.scorecard.selection import chosen
from ripeline.learning.signals import ALL_TIME, AtLeast, Fading, SignalRule, Silent
from ripeline.learning.written import Proposed, definition_text
from ripeline.scoring.evaluate import evaluate
from ripeline.scoring.measure import days_of
from ripeline.usecases.load_plan import load_plan
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.history import Event, LeadHistory, Statement
from ripeline.vocabulary.values import typed
from tests.unit.learning.done import done_at

TODAY = 400
AS_OF_US = (TODAY + 1) * DAY_US - 1
UTC = references().zone("UTC")
LOGIN, PLAN = Kind("track", "Login"), Kind("track", "Plan", "properties.size", "it's big")
KINDS = (LOGIN, PLAN, Kind("page"), Kind("any"), Kind("track", "Plan", "properties.paid", "true", is_boolean=True))

RULES: st.SearchStrategy[SignalRule] = st.one_of(
    st.builds(
        Fading,
        st.sampled_from(KINDS),
        st.sampled_from([None, 7, 30, 180]),
        st.sampled_from([1, 2, 4, 10]),
        st.sampled_from(["count", "days", "visits", "minutes"]),
    ),
    st.builds(
        AtLeast,
        st.sampled_from(KINDS),
        st.integers(1, 4),
        st.sampled_from([3, 30, ALL_TIME]),
        st.sampled_from(["count", "days", "visits", "minutes"]),
    ),
    st.builds(Silent, st.sampled_from(KINDS), st.sampled_from([3, 14, 90])),
)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from([("track", "Login"), ("track", "Plan"), ("page", "Prices")]),
        st.integers(0, TODAY),
        st.sampled_from([0, 20, 45, 600, 1_430]),
        st.sampled_from([{}, {"properties.size": "it's big"}, {"properties.size": "small", "properties.paid": True}]),
    ),
    max_size=8,
)


def is_of(kind: Kind, event: Event) -> bool:
    value = event.fields.get(kind.field or "")
    said = None if value is None else str(value.boolean).lower() if kind.is_boolean else value.text
    return (
        kind.type in {"any", event.type}
        and kind.name in {None, event.name}
        and (kind.field is None or said == kind.value)
    )


def event_of(act: tuple[tuple[str, str], int, int, dict[str, object]]) -> Event:
    (type_, name), day, minute, fields = act
    values = {key: value for key, raw in fields.items() if (value := typed(raw)) is not None}
    at_us = day * DAY_US + minute * 60_000_000 + 5
    return Event(type_, name, at_us, at_us, values, trusted=True)


def acts_of(events: Sequence[Event], known_for: int) -> Acts:
    """What was done, counted by day as definitions count it."""
    rows = [
        (place, 0, UTC.day(AS_OF_US) - day, *(measured[how].get(day, 0) for how in ("count", "visits", "minutes")))
        for place, kind in enumerate(KINDS)
        for measured in [_measured([event for event in events if is_of(kind, event)])]
        for day in sorted(measured["count"], reverse=True)
    ]
    kind, row, age, *counts = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    return Acts(KINDS, kind, Done(row, age, *counts), np.array([known_for]))


def _measured(events: Sequence[Event]) -> dict[str, Mapping[int, int]]:
    return {how: days_of(events, Measure(how), None, UTC).measured for how in ("count", "visits", "minutes")}


def told(rule: Rule, points: int, history: LeadHistory) -> float:
    """Return what the definition's own reader gives somebody for a rule, as part of its points."""
    lines = Lines({"poor": 0}, {"low": -100}, {("poor", "low"): "nurture"})
    text = definition_text(Proposed("x", "UTC", [rule], [points], ["why"], lines, [(0, 500_000)], {}, ["head"]))
    plan = load_plan(text, "x", "x.yaml", references())
    return evaluate(plan, history, AS_OF_US).engagement.micro / 1e6 / points


@given(RULES, EVENTS, st.integers(0, TODAY), st.booleans())
def test_a_column_is_what_its_text_gives(rule: SignalRule, acts: list, since: int, is_bad: bool) -> None:  # type: ignore[type-arg]
    events = [event_of(act) for act in acts]
    statement = Statement({"plan": typed("free")}, since * DAY_US, since * DAY_US, 1, trusted=True)
    known_for = TODAY - min([since, *(event.time_us // DAY_US for event in events)])
    sample = Sample(np.array([1.0]), {}, acts_of(events, known_for))
    points = rule.step * (-2 if is_bad else 3)
    found = told(rule, points, LeadHistory(tuple(events), (statement,)))
    assert column(rule, sample)[0] == pytest.approx(found, abs=1e-5)


def test_what_somebody_did_long_ago_fades_and_full_is_full() -> None:
    """12 logins 30 days ago are 6 of now, of which 4 are all that count."""
    done = done_at(np.array([0, 1]), np.array([30, 30]), np.array([12, 1]))
    acts = Acts((LOGIN,), np.zeros(2, dtype=np.int64), done, np.array([40, 40, 40]))
    assert Fading(LOGIN, 30, 4).column(acts).tolist() == [1.0, 0.125, 0.0]
    assert Fading(LOGIN, 30, 4, "days").column(acts).tolist() == [0.125, 0.125, 0.0]
    assert AtLeast(LOGIN, 2, 31).column(acts).tolist() == [1.0, 0.0, 0.0]
    assert Silent(LOGIN, 35).column(acts).tolist() == [0.0, 0.0, 1.0]


def test_rows_of_acts_are_those_of_their_sample() -> None:
    done = done_at(np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([1, 1, 5]))
    acts = Acts((LOGIN,), np.zeros(3, dtype=np.int64), done, np.array([10, 20, 30])).rows(np.array([True, False, True]))
    assert [each.tolist() for each in acts.of(LOGIN)] == [[0, 1], [1, 3], [1, 5], [1, 5], [0, 0]]
    assert acts.known_for.tolist() == [10, 30]


@pytest.mark.parametrize("seed", range(3))
def test_what_was_planted_is_found(seed: int) -> None:
    """Demos count, by the day and half after 30; noise and clicks do not."""
    rng, rows = np.random.default_rng(seed), 20_000
    acts = _random_acts(rng, rows)
    half = Fading(LOGIN, 30, 4).column(acts)
    won = (rng.random(rows) < 1 / (1 + np.exp(2 - 3.5 * half))).astype(np.float64)
    found = chosen(Sample(won, {"noise": Numbers(rng.normal(size=rows))}, acts), 5)
    best = found.rules[0]
    assert isinstance(best, Fading)
    assert best.kind == LOGIN
    assert best.half_life in {14, 30, 60}
    # The same is sometimes said by two rules: together they say what is true.
    told, true = found.columns[:, 1:] @ found.weights[1:], 3.5 * half
    assert np.corrcoef(told, true)[0, 1] > 0.97
    assert np.polyfit(true, told, 1)[0] == pytest.approx(1, abs=0.15)


def _random_acts(rng: np.random.Generator, rows: int) -> Acts:
    kinds, kind, row, age = (LOGIN, Kind("page")), [], [], []
    for place in range(2):
        many = rng.poisson(2, rows)
        kind += [place] * int(many.sum())
        row += np.repeat(np.arange(rows), many).tolist()
        age += rng.integers(0, 120, int(many.sum())).tolist()
    done = done_at(np.array(row), np.array(age), np.ones(len(row), dtype=np.int64))
    return Acts(kinds, np.array(kind), done, np.full(rows, 200))


def test_nothing_is_offered_where_nobody_did_anything() -> None:
    assert candidates_of(Sample(np.array([1.0, 0.0]), {})) == []
