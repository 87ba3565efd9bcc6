"""Scores of many days, made at once, are those of each day by itself."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeline.scoring.evaluate import judge, observe
from ripeline.usecases.lead_course import scores_on
from tests.how_many import most
from tests.parity import definitions, histories
from tests.parity.definitions import plan_of, yaml_of
from tests.parity.histories import MOMENTS


@settings(max_examples=most(60), derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_each_day_is_scored_as_if_alone(data: st.DataObject) -> None:
    plan = plan_of(yaml_of(data.draw(definitions.definitions())))
    at_us = data.draw(st.sampled_from(MOMENTS[plan.definition.timezone]))
    today = plan.zone.day(at_us)
    days = data.draw(st.sets(st.integers(today - 60, today), max_size=12))
    for history in data.draw(histories.leads(at_us)).values():
        alone = {}
        for day in sorted(days):
            then_us = min(plan.zone.last_instant(day), at_us)
            alone[day] = judge(plan, observe(plan, history, then_us), day)
        assert scores_on(plan, history, days, at_us) == alone
        assert list(scores_on(plan, history, days, at_us)) == sorted(days)
