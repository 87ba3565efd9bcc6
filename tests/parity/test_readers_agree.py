"""Two readers of one plan: Python and SQL give the same scores and the same lines, whatever is asked."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.kin import links_around
from ripeline.adapters.engines.python import PythonEngine
from ripeline.ports.scores import Asked, Engine
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.history import LeadHistory
from tests.how_many import most
from tests.parity.definitions import Made, counting_definitions, definitions, plan_of, raising_definitions, yaml_of
from tests.parity.histories import (
    MOMENTS,
    Answer,
    Link,
    Merge,
    answers,
    asking_leads,
    crowded_leads,
    leads,
    links,
    merges,
)
from tests.parity.workspace import assert_same, both_readings, stored, without_subjects

pytestmark = pytest.mark.engine_duckdb

QUICK = settings(
    max_examples=most(30), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
DEEP = settings(QUICK, max_examples=most(120), derandomize=True, print_blob=True)


def agree(made: Made, data: st.DataObject) -> None:
    """Ask both readers everything about some leads, and compare."""
    plan = plan_of(yaml_of(made))
    as_of = data.draw(st.sampled_from(MOMENTS[made["timezone"]]), "as of")
    found = data.draw(leads(as_of), "leads")
    told = _told(data, found, as_of)
    known_us = data.draw(st.sampled_from((None, None, as_of, as_of - DAY_US)), "known")
    with stored(found, *told) as store:
        sql, python = both_readings(store, plan, Asked(as_of, known_us))
        assert_same(sql, python)
        shown = tuple(sorted(row[0] for row in python.rows))
        if not shown:
            return
        sql_each, python_each = both_readings(store, plan, Asked(as_of, known_us, tuple((one, as_of) for one in shown)))
        assert_same(sql_each, python_each)
        assert_same(without_subjects(sql_each), without_subjects(sql))
        sql_mixed, python_mixed = both_readings(store, plan, _mixed(data, list(found), as_of, known_us))
        assert_same(sql_mixed, python_mixed)


@settings(QUICK, max_examples=most(20))
@given(definitions(most_signals=4), st.data())
def test_people_by_their_identifiers(made: Made, data: st.DataObject) -> None:
    """As live scores ask for them: the same from both engines, and the same people that a run over everybody finds."""
    plan = plan_of(yaml_of(made))
    as_of = data.draw(st.sampled_from(MOMENTS[made["timezone"]]), "as of")
    found = data.draw(leads(as_of), "leads")
    with stored(found, *_told(data, found, as_of)) as store:
        around = links_around(store, range(1, len(found) + 1))
        whose = around.until(as_of)
        people = sorted({whose.person(key) for key in range(1, len(found) + 1)})
        engines = (PythonEngine(store), DuckEngine(store))
        python, sql = (engine.score_people(plan, people, around, as_of).rows() for engine in engines)
        everybody = DuckEngine(store).score(plan, Asked(as_of, accounts=True), lambda _, __: None).rows()
    assert list(python) == list(sql) == list(everybody)


def _told(
    data: st.DataObject, found: Mapping[str, LeadHistory], as_of: int
) -> tuple[list[Link], list[Merge], list[Answer]]:
    """Return links, merges and answers of sales, or none of each."""
    return (
        data.draw(st.one_of(st.just([]), links(list(found), as_of)), "links"),
        data.draw(st.one_of(st.just([]), merges(list(found), as_of)), "merges"),
        data.draw(st.one_of(st.just([]), answers(found, as_of)), "answers"),
    )


def _mixed(data: st.DataObject, names: list[str], as_of: int, known_us: int | None) -> Asked:
    """Ask for leads at instants of their own, some of them twice."""
    away = st.sampled_from((0, 0, 1, -1, -DAY_US, -7 * DAY_US, 30 * DAY_US, -40_000 * DAY_US))
    pairs = st.lists(st.tuples(st.sampled_from(names), away), min_size=1, max_size=6)
    rows = tuple((lead, as_of + shift) for lead, shift in data.draw(pairs, "rows"))
    return Asked(max(at for _, at in rows), known_us, rows)


@settings(QUICK, max_examples=most(8))
@given(definitions(most_signals=4), st.data())
def test_both_engines_give_equal_rows_lines_and_files(made: Made, data: st.DataObject) -> None:
    """Through the engines, as the commands use them: in order, and in the same bytes."""
    plan = plan_of(yaml_of(made))
    as_of = data.draw(st.sampled_from(MOMENTS[made["timezone"]]), "as of")
    found = data.draw(leads(as_of), "leads")
    asked = data.draw(st.sampled_from((Asked(as_of), _mixed(data, list(found), as_of, None))), "asked")
    with stored(found) as store, tempfile.TemporaryDirectory() as folder:
        engines: dict[str, Engine] = {"duck": DuckEngine(store), "python": PythonEngine(store)}
        said = {}
        for name, engine in engines.items():
            file = Path(folder) / f"{name}.csv"
            scores = engine.score(plan, asked, lambda _, __: None)
            scores.write(file)
            said[name] = (scores.rows(), list(engine.contributions(plan, asked)), file.read_bytes())
    assert said["duck"] == said["python"]


@settings(QUICK, max_examples=most(20))
@given(counting_definitions(), st.data())
def test_measures_frequency_caps_and_decays_count_alike(made: Made, data: st.DataObject) -> None:
    plan = plan_of(yaml_of(made))
    as_of = data.draw(st.sampled_from(MOMENTS[made["timezone"]]), "as of")
    with stored(data.draw(crowded_leads(as_of), "leads")) as store:
        assert_same(*both_readings(store, plan, Asked(as_of)))


@settings(QUICK, max_examples=most(30))
@given(raising_definitions(), st.data())
def test_hands_are_raised_and_answered_alike(made: Made, data: st.DataObject) -> None:
    plan = plan_of(yaml_of(made))
    as_of = data.draw(st.sampled_from(MOMENTS[made["timezone"]]), "as of")
    found, given_by_sales = data.draw(asking_leads(as_of), "leads and answers")
    tied, merged = data.draw(links(list(found), as_of), "links"), data.draw(merges(list(found), as_of), "merges")
    known_us = data.draw(st.sampled_from((None, None, as_of)), "known")
    with stored(found, tied, merged, given_by_sales) as store:
        sql, python = both_readings(store, plan, Asked(as_of, known_us))
        assert_same(sql, python)
        rows = tuple((row[0], as_of) for row in python.rows)
        sql_each, python_each = both_readings(store, plan, Asked(as_of, known_us, rows))
        assert_same(sql_each, python_each)
        assert_same(without_subjects(sql_each), without_subjects(sql))


@QUICK
@given(definitions(most_signals=4), st.data())
def test_every_line_of_every_lead_is_the_same(made: Made, data: st.DataObject) -> None:
    agree(made, data)


@pytest.mark.slow
@DEEP
@given(definitions(most_signals=4), st.data())
def test_every_line_of_every_lead_is_the_same_in_a_long_run(made: Made, data: st.DataObject) -> None:
    agree(made, data)
