"""The level of likelihoods by both engines, one by one and for everybody, against looks that are counted one by one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.leads import StoredHistory
from ripeline.adapters.engines.levels import MOST_INSTANTS, levels_of
from ripeline.adapters.engines.python import PythonEngine
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked, unwatched
from ripeline.scoring.evaluate import evaluate
from ripeline.scoring.level import Became, moved, steps_of
from ripeline.usecases.explain import explain
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.history import Event, LeadHistory, Statement
from ripeline.vocabulary.values import typed
from tests.how_many import most
from tests.parity.definitions import plan_of, yaml_of
from tests.parity.workspace import Deal, stored

pytestmark = pytest.mark.engine_duckdb

HOUR_US = DAY_US // 24
NOW = 20_000 * DAY_US + 7 * HOUR_US
"""An instant of 2024, in the early hours."""

NAMES = ("ada", "Bob", "çem", "d'or", "zoë", "Zed")
ZONES = ("UTC", "America/St_Johns", "Pacific/Apia")


@dataclass(frozen=True)
class Case:
    """A definition as its text, leads, and what became of them."""

    text: str
    leads: Mapping[str, LeadHistory]
    deals: Sequence[Deal]

    @property
    def plan(self) -> Plan:
        return plan_of(self.text)

    def known_by(self, end_us: int) -> "Case":
        """Return the same without all that is younger, or was not known."""
        leads = {name: then(history, end_us) for name, history in self.leads.items()}
        some = {name: history for name, history in leads.items() if history.is_known}
        return Case(self.text, some, [one for one in self.deals if one.at_us <= end_us and one.lead in some])


def then(history: LeadHistory, end_us: int) -> LeadHistory:
    events = tuple(one for one in history.events if max(one.time_us, one.known_us) <= end_us)
    return LeadHistory(events, tuple(one for one in history.statements if (one.known_us or 0) <= end_us))


def instants(most_days: int = 70) -> st.SearchStrategy[int]:
    return st.tuples(st.integers(-3, most_days), st.integers(-30, 30)).map(
        lambda p: NOW - p[0] * DAY_US + p[1] * HOUR_US
    )


@st.composite
def histories(draw: st.DrawFn, place: int) -> LeadHistory:
    created = draw(instants())
    known = draw(st.sampled_from((created, created, created + 2 * DAY_US)))
    stated = Statement({"t": typed(draw(st.sampled_from(("x", "y"))))}, created, known, place + 1)
    done = draw(st.lists(instants(), max_size=4))
    late = draw(st.sampled_from((0, 0, 3 * DAY_US)))
    return LeadHistory(tuple(Event("track", "A", at_us, at_us + late) for at_us in done), (stated,))


@st.composite
def definitions(draw: st.DrawFn) -> str:
    follows: dict[str, object] = {
        "looks": draw(st.sampled_from((1, 4, 1000))),
        "score_at": draw(st.sampled_from(("every:1d", "every:7d", "every:10d", "created+1h", "created+3d"))),
    }
    if draw(st.booleans()):
        follows["won_within"] = draw(st.sampled_from(("1d", "9d", "30d")))
    if draw(st.booleans()):
        follows["repeat"] = True
    table = [[0, 0.01], [1, 0.1], [5, 0.4], [8, 0.75]]
    levels = {"high": 5, "low": 0}
    cells = {"high": "handoff", "low": "nurture"}
    return yaml_of(
        {
            "version": 1,
            "timezone": draw(st.sampled_from(ZONES)),
            "required": [],
            "fit": {"criteria": {"x": {"when": "t = 'x'", "points": 5}}, "levels": levels},
            "engagement": {"signals": {"a": {"event": "A", "points": 3, "decay": {"fade": "30d"}}}, "levels": levels},
            "matrix": dict.fromkeys(("high", "low", "unknown"), cells),
            "learned": {"likelihood": {"of": "fit + engagement", "table": table, "follows": follows}},
        }
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    leads = {name: draw(histories(place)) for place, name in enumerate(NAMES[: draw(st.integers(1, 6))])}
    deal = st.builds(Deal, st.sampled_from(sorted(leads)), st.booleans(), instants())
    return Case(draw(definitions()), leads, draw(st.lists(deal, min_size=1, max_size=10)))


# ---- looks counted one by one -----------------------------------------------------------------------------


def begun(plan: Plan, at_us: int) -> int:
    return plan.zone.first_instant(plan.zone.day(at_us)) - 1


def steps_by_hand(case: Case, at_us: int) -> int:
    """Count the looks of everybody as of the beginning of a day."""
    plan = case.plan
    likelihood = plan.definition.likelihood
    assert likelihood is not None
    assert likelihood.follows is not None
    known = case.known_by(begun(plan, at_us))
    if not known.deals:
        return 0
    last_us = max(one.at_us for one in known.deals)
    found = sorted(looks(known, plan, last_us), key=lambda look: look.order)
    return steps_of(
        Became(chance, 1, int(look.won))
        for look in found[: likelihood.follows.looks]
        if (chance := chance_of(known, plan, look)) is not None
    )


@dataclass(frozen=True)
class Looked:
    lead: str
    at_us: int
    told_us: int
    won: bool

    @property
    def order(self) -> tuple[object, ...]:
        return -self.told_us, md5(f"user:{self.lead}".encode()).hexdigest(), -self.at_us


def chance_of(case: Case, plan: Plan, look: Looked) -> int | None:
    return evaluate(plan, then(case.leads[look.lead], look.at_us), look.at_us).likelihood


def looks(case: Case, plan: Plan, last_us: int) -> Iterator[Looked]:
    likelihood = plan.definition.likelihood
    assert likelihood is not None
    follows = likelihood.follows
    assert follows is not None
    for lead, history in case.leads.items():
        own = sorted((one.at_us, one.won) for one in case.deals if one.lead == lead)
        seen = min(
            *(max(one.time_us, one.known_us) for one in history.events),
            *(max(one.time_us or 0, one.known_us or 0) for one in history.statements),
            NOW * 2,
        )
        for at_us in moments(case, plan, seen, last_us):
            if at_us < seen or (own and own[0][0] <= at_us and not follows.repeats):
                continue
            after = [one for one in own if one[0] > at_us]
            if follows.within:
                over = at_us + follows.within * DAY_US
                if over <= last_us:
                    yield Looked(lead, at_us, over, any(won and when <= over for when, won in after))
            elif after:
                won_us = [when for when, won in after if won]
                yield Looked(lead, at_us, min(won_us or [after[0][0]]), bool(won_us))


def moments(case: Case, plan: Plan, seen: int, last_us: int) -> Iterator[int]:
    follows = plan.definition.likelihood.follows  # type: ignore[union-attr]
    told = case.text.split('"score_at": "')[1].split('"')[0]
    if told.startswith("created"):
        yield seen + {"created+1h": HOUR_US, "created+3d": 3 * DAY_US}[told]
        return
    every, within = int(told[6:-1]), follows.within or 0  # type: ignore[union-attr]
    apart = every if within <= every else -(-within // every) * every
    day = plan.zone.day(last_us) - within - 1
    while day % every:
        day -= 1
    for number in range(MOST_INSTANTS):
        yield plan.zone.last_instant(day - number * apart)


# ---- everybody says the same ------------------------------------------------------------------------------


@settings(max_examples=most(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases(), ago=st.lists(st.integers(-2, 20), min_size=1, max_size=3, unique=True))
def test_levels_are_those_of_looks_counted_one_by_one(case: Case, ago: list[int]) -> None:
    plan = case.plan
    with stored(case.leads, deals=case.deals) as store:
        for days in ago:
            at_us = NOW - days * DAY_US
            steps = steps_by_hand(case, at_us)
            event(f"moves: {steps != 0}")
            assert levels_of(store, plan, Asked(at_us)) == ({at_us: steps} if steps else {})
        rows = tuple((lead, NOW - days * DAY_US) for days in ago for lead in case.leads)
        every = {at_us: steps_by_hand(case, at_us) for _, at_us in rows}
        expected = sorted((lead, at_us, likelihood(case, plan, lead, at_us, every[at_us])) for lead, at_us in rows)
        for engine in (DuckEngine(store), PythonEngine(store)):
            told = engine.score(plan, Asked(max(every), rows=rows), unwatched).rows()
            assert sorted((row["lead"], row["as_of_us"], row["likelihood"]) for row in told) == expected
        lead, at_us = rows[0]
        assert explain(plan, StoredHistory(store), lead, at_us).score.likelihood == next(
            chance for one, when, chance in expected if (one, when) == (lead, at_us)
        )


def likelihood(case: Case, plan: Plan, lead: str, at_us: int, steps: int) -> int:
    chance = evaluate(plan, case.leads[lead], at_us).likelihood
    assert chance is not None
    return moved(chance, steps)


@settings(max_examples=most(12), deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases())
def test_what_comes_after_the_day_began_changes_no_level(case: Case) -> None:
    plan = case.plan
    before = case.known_by(begun(plan, NOW))
    found = []
    for one in (case, before):
        with stored(one.leads, deals=one.deals) as store:
            found.append(levels_of(store, plan, Asked(NOW)))
    assert found[0] == found[1]
