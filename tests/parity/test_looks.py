"""A backtest looks at those alone of whom something is new: it finds whom looks at everybody find, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.looks import only_news_matters
from ripeline.adapters.engines.replay import StoredReplay
from ripeline.adapters.tables.references import ShippedReferences
from ripeline.learning.backtest import Met
from ripeline.plan.nodes import Plan
from ripeline.scoring.rising import rising
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.history import LeadHistory
from tests.how_many import most
from tests.parity import definitions, histories
from tests.parity.definitions import Made, plan_of, yaml_of
from tests.parity.histories import MOMENTS, Link, Merge
from tests.parity.workspace import stored

pytestmark = pytest.mark.engine_duckdb


@dataclass(frozen=True)
class Case:
    """A definition that hands over the more interested, as its text, and a history up to a moment."""

    text: str
    leads: Mapping[str, LeadHistory]
    links: Sequence[Link]
    merges: Sequence[Merge]
    last_us: int

    @cached_property
    def plan(self) -> Plan:
        return plan_of(self.text)

    @property
    def instants(self) -> list[int]:
        """Ends of steps of several lengths, the last at the moment."""
        return [self.last_us - days * DAY_US for days in (60, 31, 14, 7, 1, 0)]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    text = yaml_of(draw(st.one_of(definitions.handing_definitions(), of_any_form())))
    plan = plan_of(text)
    assume(rising(plan) is not None)
    last_us = draw(st.sampled_from(MOMENTS[plan.definition.timezone]))
    leads = draw(histories.leads(last_us))
    names = list(leads)
    return Case(text, leads, draw(histories.links(names, last_us)), draw(histories.merges(names, last_us)), last_us)


@st.composite
def of_any_form(draw: st.DrawFn) -> Made:
    """Return a definition of all that there is, which hands over the more interested."""
    made = draw(definitions.definitions(most_signals=2))
    # So that somebody meets it, now and then only after the first look.
    made |= {"required": [], "suppress": {}}
    made["engagement"]["signals"]["sure"] |= {"event": ["A", "B"]}
    made["engagement"]["levels"] = {"high": draw(st.sampled_from((2.5, 5))), "medium": 0, "low": -20}
    wanted = {row: draw(st.integers(1, 2)) for row in made["matrix"]}
    made["matrix"] = {
        row: {level: "handoff" if place < wanted[row] else "nurture" for place, level in enumerate(columns)}
        for row, columns in made["matrix"].items()
    }
    return made


def replay_of(store: Store, case: Case) -> StoredReplay:
    return StoredReplay(store, ShippedReferences().tables().channels, case.last_us)


def by_looking_at_everybody(replay: StoredReplay, case: Case) -> list[Met]:
    """The first of single looks, each of them at everybody, at which somebody met the definition."""
    found: dict[int, Met] = {}
    for at_us in case.instants:
        for one in replay.first_met(case.plan, [at_us], lambda *_: None):
            found.setdefault(one.person, replace(one, before=at_us == case.instants[0]))
    return sorted(found.values(), key=lambda one: (one.at_us, one.person))


@settings(max_examples=most(25), derandomize=True, suppress_health_check=list(HealthCheck))
@given(case=cases())
def test_who_meets_a_definition_is_found_when_they_first_do(case: Case) -> None:
    with stored(case.leads, case.links, case.merges) as store:
        replay = replay_of(store, case)
        assert only_news_matters(store, case.plan)
        found = replay.first_met(case.plan, case.instants, lambda *_: None)
        event(f"met after the first look: {any(not one.before for one in found)}")
        assert sorted(found, key=lambda one: (one.at_us, one.person)) == by_looking_at_everybody(replay, case)
