"""Whose hand-raises an answer of sales closes, worked out by hand; both readers must say it, asked in either way."""

from collections.abc import Mapping, Sequence

import pytest

from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.kin import links_around
from ripeline.adapters.engines.python import PythonEngine
from ripeline.ports.scores import Asked
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.history import LeadHistory
from tests.parity.definitions import plan_of, yaml_of
from tests.parity.histories import MINUTE_US, Answer, Link, Merge, at
from tests.parity.test_edges import AS_OF, acts
from tests.parity.workspace import assert_same, both_readings, stored, without_subjects

pytestmark = pytest.mark.engine_duckdb

ONLY = {"only": 0}


def definition(open_for: str = "30d", zone: str = "UTC") -> str:
    """Return a definition of which nothing but a raised hand tells."""
    signals = {"asked": {"event": "A", "points": 1, "hand_raise": {"open_for": open_for}}}
    return yaml_of(
        {
            "version": 1,
            "timezone": zone,
            "required": [],
            "fit": {"levels": ONLY},
            "engagement": {"signals": signals, "levels": ONLY},
            "matrix": {"only": {"only": "none"}, "unknown": {"only": "none"}},
        }
    )


def raised(
    leads: Mapping[str, LeadHistory],
    answers: Sequence[Answer],
    links: Sequence[Link] = (),
    merges: Sequence[Merge] = (),
    *,
    asked: Asked | None = None,
    text: str = "",
) -> dict[str, bool]:
    """Return whose hand is up, once everybody at once and lead by lead agree in both readers."""
    asked, plan = asked or Asked(AS_OF), plan_of(text or definition())
    with stored(leads, links, merges, answers) as store:
        sql, python = both_readings(store, plan, asked)
        assert_same(sql, python)
        alone = Asked(asked.as_of_us, asked.known_us, tuple((row[0], asked.as_of_us) for row in sql.rows))
        for reading in both_readings(store, plan, alone):
            assert_same(without_subjects(reading), without_subjects(sql))
    return {row[0]: row[-5] for row in sql.rows}


def answered(lead: str, time_us: int, late: int = 0) -> Answer:
    return Answer(lead, time_us, time_us + late)


def test_a_hand_is_down_from_the_instant_of_an_answer_on() -> None:
    leads = {name: LeadHistory(acts([AS_OF - 5])) for name in ("before", "at", "after", "later", "never")}
    answers = [answered("before", AS_OF - 6), answered("at", AS_OF - 5), answered("after", AS_OF - 4)]
    answers.append(answered("later", AS_OF + 1))
    assert raised(leads, answers) == {"before": True, "at": False, "after": False, "later": True, "never": True}


def test_the_last_answer_decides_whatever_the_order_they_are_told_in() -> None:
    leads = {name: LeadHistory(acts([AS_OF - 9, AS_OF - 5])) for name in ("one", "other")}
    answers = [answered("one", AS_OF - 4), answered("one", AS_OF - 8), answered("other", AS_OF - 8)]
    assert raised(leads, answers) == {"one": False, "other": True}


def test_an_answer_holds_from_when_it_was_known() -> None:
    leads = {"ada": LeadHistory(acts([AS_OF - 5]))}
    answers = [answered("ada", AS_OF - 4, late=2)]
    known = {AS_OF - late: raised(leads, answers, asked=Asked(AS_OF, AS_OF - late))["ada"] for late in (3, 2)}
    assert known == {AS_OF - 3: True, AS_OF - 2: False}


def test_an_answer_to_a_device_is_to_whoever_has_it_then() -> None:
    """Ada has the tablet until and with the fifth microsecond before the end, then Bob."""
    links = [Link("tablet", "ada", AS_OF - 5, AS_OF - 5, 1), Link("tablet", "bob", AS_OF - 3, AS_OF - 3, 2)]
    leads = {
        "ada": LeadHistory(acts([AS_OF - 9])),
        "bob": LeadHistory(acts([AS_OF - 9])),
        "tablet": LeadHistory(acts([AS_OF - 20])),
    }
    assert raised(leads, [answered("tablet", AS_OF - 5)], links) == {"ada": False, "bob": True}
    assert raised(leads, [answered("tablet", AS_OF - 4)], links) == {"ada": True, "bob": False}
    # What was asked with the device is answered by an answer to its owner.
    leads = {"ada": LeadHistory(), "bob": LeadHistory(), "tablet": LeadHistory(acts([AS_OF - 6, AS_OF - 1]))}
    assert raised(leads, [answered("ada", AS_OF)], links) == {"ada": False, "bob": True}


def test_a_merge_brings_answers_with_it_and_only_from_then_on() -> None:
    leads = {"ada": LeadHistory(acts([AS_OF - 9])), "lovelace": LeadHistory(acts([AS_OF - 8]))}
    answers, merges = [answered("lovelace", AS_OF - 7)], [Merge("ada", "lovelace", AS_OF - 2, AS_OF - 2, 1)]
    assert raised(leads, answers) == {"ada": True, "lovelace": False}
    assert raised(leads, answers, merges=merges) == {"ada": False}
    assert raised(leads, answers, merges=merges, asked=Asked(AS_OF - 3)) == {"ada": True, "lovelace": False}
    # The one asked again after the other was answered.
    leads["ada"] = LeadHistory(acts([AS_OF - 6]))
    assert raised(leads, answers, merges=merges) == {"ada": True}


def test_what_was_asked_after_an_answer_closes_by_its_own_age() -> None:
    """In St John's clocks went from 00:01 on 7 November 2010 back to 23:01 on the 6th: a later act on an earlier day."""
    first_midnight = at("2010-11-07T02:30:30Z")
    earlier_day = first_midnight + MINUTE_US
    leads = {name: LeadHistory(acts([first_midnight, earlier_day])) for name in ("between", "never")}
    answers, text = [answered("between", first_midnight)], definition("1d", "America/St_Johns")
    # On the 7th, what was asked on the 7th is open; of what is left after the answer the last is of the 6th.
    noon = Asked(at("2010-11-07T15:30:00Z"))
    assert raised(leads, answers, asked=noon, text=text) == {"between": False, "never": True}
    assert raised(leads, answers, asked=Asked(earlier_day), text=text) == {"between": True, "never": True}


def test_an_answer_alone_makes_nobody_known() -> None:
    """Its lead was somebody once, by an event that counts no more."""
    leads = {"ada": LeadHistory(acts([AS_OF])), "nobody": LeadHistory(answered_us=(AS_OF - DAY_US,))}
    plan = plan_of(definition())
    with stored(leads) as store:
        for engine in (PythonEngine(store), DuckEngine(store)):
            people = engine.score_people(plan, [1, 2], links_around(store, [1, 2]), AS_OF).rows()
            everybody = engine.score(plan, Asked(AS_OF), lambda _, __: None).rows()
            assert [[row["lead"] for row in rows] for rows in (people, everybody)] == [["ada"], ["ada"]]
