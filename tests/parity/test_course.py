"""Scores of many days and moments, made at once, are those of each by itself."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeline.scoring.evaluate import judge, observe
from ripeline.usecases.lead_course import moves_at, scores_on, times_of
from tests.how_many import most
from tests.parity import definitions, histories
from tests.parity.definitions import plan_of, yaml_of
from tests.parity.histories import MOMENTS


@settings(max_examples=most(25), derandomize=True, suppress_health_check=list(HealthCheck))
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


@settings(max_examples=most(25), derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_moments_did_adds_up_to_what_the_day_did(data: st.DataObject) -> None:
    plan = plan_of(yaml_of(data.draw(definitions.definitions())))
    at_us = data.draw(st.sampled_from(MOMENTS[plan.definition.timezone]))
    for history in data.draw(histories.leads(at_us)).values():
        times = [*times_of(history)]
        moves = moves_at(plan, history, times)
        assert list(moves) == sorted(set(times))
        for day in {plan.zone.day(time) for time in times}:
            first_us, last_us = plan.zone.first_instant(day), plan.zone.last_instant(day)
            before = judge(plan, observe(plan, history, first_us - 1), day)
            after = judge(plan, observe(plan, history, last_us), day)
            own = [move for time, move in moves.items() if first_us <= time <= last_us]
            assert sum(one.fit for one in own) == after.fit.micro - before.fit.micro
            assert sum(one.engagement for one in own) == after.engagement.micro - before.engagement.micro
