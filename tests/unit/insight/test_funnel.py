"""How far MQLs come, counted by hand. Days are those of March 2026, in UTC: the 2nd and the 9th are Mondays."""

import pytest

from ripeline.insight.funnel import Funnel, funnel
from ripeline.insight.journey import Journey
from ripeline.usecases.funnel import days_asked, whole_cohorts
from ripeline.usecases.sla import Period
from ripeline.vocabulary.calendar import NEVER, UTC_ZONE, day_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.stages import CUSTOMER, SALES_ACCEPTED, SALES_QUALIFIED
from tests.unit.insight.march import day, line


def made(*journeys: Journey, by: str = "week", within: int = 10, now: float = 100) -> Funnel:
    return funnel(journeys, by, (0, NEVER), within, UTC_ZONE, day(now))


def lead(mql: float, *moves: tuple[float, str], cause: str = "event", won: float | None = None) -> Journey:
    """Somebody who was an MQL on a day, and was moved by a person from then on."""
    lines = [line(mql, "mql", cause), *(line(at, after, "person", "maria") for at, after in moves)]
    return Journey("x", lines, () if won is None else (day(won),))


def test_steps_and_days() -> None:
    """Of five of one week three were accepted, after 0, 1 and 10 days; one came too late, on the eleventh."""
    (cohort,) = made(
        lead(2, (2.9, SALES_ACCEPTED)),
        lead(3.9, (4.1, SALES_ACCEPTED), (9, SALES_QUALIFIED), (12, CUSTOMER)),
        lead(8, (18, SALES_ACCEPTED)),
        lead(8.5, (19, SALES_ACCEPTED)),
        lead(5),
    ).cohorts
    assert (day_text(cohort.first), day_text(cohort.last), cohort.leads) == ("2026-03-02", "2026-03-08", 5)
    # Accepted on the next day, qualified 6 days after the 3rd, and a customer 9 days after it.
    assert cohort.days == {SALES_ACCEPTED: [0, 1, 10], SALES_QUALIFIED: [6], CUSTOMER: [9]}


def test_cohorts_are_over_when_everybody_had_their_days() -> None:
    """The week to the 8th has had ten days for all after the 18th; the one to the 15th not before the 26th."""
    both = (lead(8), lead(9))
    for now, over in ((18.9, [False, False]), (19, [True, False]), (25.5, [True, False]), (26, [True, True])):
        assert [cohort.is_over for cohort in made(*both, now=now).cohorts] == over, now


def test_months_have_their_own_lengths() -> None:
    """February has 28 days, and December is followed by January: 28 February is day 0, 31 December day -59."""
    found = made(lead(-59), lead(0), lead(1), lead(31), lead(32), by="month").cohorts
    assert [(day_text(one.first), day_text(one.last), one.leads) for one in found] == [
        ("2025-12-01", "2025-12-31", 1),
        ("2026-02-01", "2026-02-28", 1),
        ("2026-03-01", "2026-03-31", 2),
        ("2026-04-01", "2026-04-30", 1),
    ]


def test_what_came_about_by_no_act_of_theirs_is_left_out() -> None:
    """An import puts everybody on one day. Who was an MQL once and falls and rises again counts once, at first."""
    again = Journey("x", [line(2, "mql"), line(5, "lead"), line(10, "mql")])
    found = made(lead(2, cause="import"), lead(2, cause="definition"), again, Journey("y", [line(3, "suppressed")]))
    assert (found.left_out, [one.leads for one in found.cohorts]) == (2, [1])


def test_a_score_or_an_older_deal_is_no_step() -> None:
    """Qualified by a raised hand is nobody's word yet; a deal told by an import is one, if it was not won before."""
    raised = Journey("x", [line(2, SALES_QUALIFIED, "hand_raise")], (day(1), day(9), None))
    (cohort,) = made(raised).cohorts
    assert cohort.days == {SALES_ACCEPTED: [], SALES_QUALIFIED: [], CUSTOMER: [7]}


def test_cohorts_are_whole() -> None:
    """From Wednesday the 4th to Tuesday the 10th: from Monday the 2nd to Sunday the 15th; or all of March."""
    asked = Period(day(4), day(10.5))
    assert whole_cohorts(asked, "week", UTC_ZONE) == Period(day(2), day(16) - 1)
    assert whole_cohorts(asked, "month", UTC_ZONE) == Period(day(1), day(32) - 1)


@pytest.mark.parametrize("text", ["90", "3w", "0d", "-1d", "1.5d", "10000d"])
def test_days_that_are_none(text: str) -> None:
    with pytest.raises(InputError, match="90d"):
        days_asked(text)
