"""What a definition would have done, worked by hand."""

import pytest

from ripeline.learning.backtest import Asked, Ends, Group, Met, backtest_of
from ripeline.vocabulary.calendar import DAY_US, UTC_ZONE
from ripeline.vocabulary.rates import Rate

# Day 0 is Thursday, 1 January 1970; the period has four weeks and a day.
FROM, UNTIL, KNOWN = 0, 29 * DAY_US - 1, 60 * DAY_US - 1
ASKED = Asked(FROM, UNTIL, KNOWN, 30)


def met(person: int, day: int, level: str = "high", *, before: bool = False) -> Met:
    return Met(person, day * DAY_US - 1, 10_000_000, "good", 60_000_000, level, before)


def at(day: int) -> int:
    return day * DAY_US + DAY_US // 2


LEADS = [
    met(1, 0, before=True),  # won on day 5
    met(2, 1),  # won on day 4, accepted
    met(3, 8, "medium"),  # won on day 50: not in 30 days
    met(4, 8),  # rejected, never won
    met(5, 15),  # won on day 10: before
    met(6, 29),  # won on day 40, in time; of its 30 days all are over
]
ENDS = Ends(
    won_us={1: at(5), 2: at(4), 3: at(50), 5: at(10), 6: at(40), 7: at(12)},
    accepted_us={2: at(1)},
    answered_us={2: at(1), 4: at(9), 6: -1},
)


def test_shares_are_those_of_a_plain_count() -> None:
    found = backtest_of(LEADS, ENDS, ASKED, UTC_ZONE, {"interest": lambda one: one.engagement_level})
    assert [one.person for one in found.mqls] == [2, 3, 4, 6]
    assert found.before == 1
    assert found.per_week == pytest.approx(4 / (29 / 7))
    assert found.won == Rate(2, 4)
    assert found.accepted == Rate(1, 2)
    # Won in the period: 1 and 2 as MQLs; 5 before it was one, and 7 without ever being one.
    assert found.caught == Rate(2, 4)
    assert found.missed == {5: at(10), 7: at(12)}
    assert found.groups == {"interest": [Group("high", 3, Rate(2, 3)), Group("medium", 1, Rate(0, 1))]}


def test_weeks_begin_on_monday_and_none_is_left_out() -> None:
    weeks = backtest_of(LEADS, ENDS, ASKED, UTC_ZONE, {}).weeks
    assert [week.mqls for week in weeks] == [1, 2, 0, 0, 1]
    assert all(week.first_day % 7 == 0 for week in weeks)
    assert weeks[0].won == Rate(1, 1)


def test_who_may_still_be_won_is_no_loss() -> None:
    """On day 35 the days of 3, 4 and 6 are not over."""
    early = Asked(FROM, UNTIL, 35 * DAY_US, 30)
    assert backtest_of(LEADS, ENDS, early, UTC_ZONE, {}).won == Rate(1, 1)


def test_days_to_win_are_days_that_happened() -> None:
    leads = [met(person, 1) for person in range(8)]
    ends = Ends({person: at(2 + person) for person in range(8)}, {}, {})
    assert backtest_of(leads, ends, ASKED, UTC_ZONE, {}).days == (2, 4, 6)
    assert backtest_of(leads[:3], ends, ASKED, UTC_ZONE, {}).days == (None, None, None)
