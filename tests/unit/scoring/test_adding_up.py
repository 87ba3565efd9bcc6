"""A score is the sum of its lines, in micro-points and as shown, for any definition and any history."""

from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeline.plan.nodes import Plan
from ripeline.scoring.evaluate import evaluate, judge, observe
from ripeline.vocabulary.history import LeadHistory
from ripeline.vocabulary.points import MICRO, half_even, points_text, shown_parts, shown_total, tenths_text
from tests.how_many import most
from tests.parity.definitions import Made, definitions, plan_of, yaml_of
from tests.parity.histories import MOMENTS, leads

CALM = settings(
    max_examples=most(40), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def some_leads(data: st.DataObject, made: Made) -> tuple[Plan, int, list[LeadHistory]]:
    as_of = data.draw(st.sampled_from(MOMENTS[made["timezone"]]))
    return plan_of(yaml_of(made)), as_of, list(data.draw(leads(as_of, 4)).values())


@CALM
@given(definitions(), st.data())
def test_lines_add_up_to_the_score_exactly(made: Made, data: st.DataObject) -> None:
    plan, as_of, histories = some_leads(data, made)
    for history in histories:
        score = evaluate(plan, history, as_of)
        for part, limits in (
            (score.fit, plan.fit_limits[-1]),
            (score.engagement, plan.engagement_limits[-1]),
        ):
            assert limits.at_most is None or part.micro <= limits.at_most
            assert sum(line.micro for line in part.contributions) == part.micro
            names = [line.name for line in part.contributions]
            assert len(set(names)) == len(names)
            assert all(line.micro or line.name.startswith("clamp:") for line in part.contributions)


@CALM
@given(definitions(), st.data())
def test_a_later_day_without_events_is_told_from_what_was_observed(made: Made, data: st.DataObject) -> None:
    plan, as_of, histories = some_leads(data, made)
    zone, day = plan.zone, plan.zone.day(as_of)
    for history in histories:
        until_now = LeadHistory(
            tuple(event for event in history.events if event.time_us <= as_of),
            tuple(one for one in history.statements if one.time_us is None or one.time_us <= as_of),
        )
        observed = observe(plan, history, as_of)
        for ahead in (0, 1, 2, 7, 29, 30, 31, 365, 1_000):
            # Where clocks went back over midnight, the day's first instant may lie before as_of.
            then = max(zone.first_instant(day + ahead), as_of)
            if zone.day(then) == day + ahead:
                assert judge(plan, observed, day + ahead) == evaluate(plan, until_now, then)


micros = st.integers(-(10**16), 10**16) | st.integers(-50, 50).map(lambda tenths: tenths * MICRO // 20)


@given(st.lists(micros, max_size=12))
def test_shown_parts_add_up_to_the_shown_total(parts: list[int]) -> None:
    shown = shown_parts(parts)
    assert sum(shown) == shown_total(sum(parts)) == round(Fraction(sum(parts), MICRO // 10))
    # Each is the part itself, cut or lifted to the next tenth.
    assert all(0 <= part - 10**5 * (tenths - 1) <= 2 * 10**5 for part, tenths in zip(parts, shown, strict=True))
    assert all(abs(part - 10**5 * tenths) < 10**5 for part, tenths in zip(parts, shown, strict=True))


@given(st.lists(st.integers(0, 9).map(lambda rest: rest * 10_000), min_size=1, max_size=9))
def test_the_largest_remainders_are_lifted_and_of_equal_ones_the_first(parts: list[int]) -> None:
    lifted = shown_parts(parts)
    order = sorted(range(len(parts)), key=lambda place: (-parts[place], place))
    assert [lifted[place] for place in order] == sorted(lifted, reverse=True)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_half_even_is_how_fractions_round(numerator: int, denominator: int) -> None:
    assert half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@given(st.integers(-(10**17), 10**17))
def test_points_are_written_without_losing_any(micro: int) -> None:
    assert Fraction(points_text(micro)) * MICRO == micro
    assert Fraction(tenths_text(micro)) * 10 == micro
