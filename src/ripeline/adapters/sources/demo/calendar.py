"""The days on which the invented story plays, and when in a day people act."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

FIRST_DAY: Final = date(2026, 1, 1)
TODAY: Final = date(2026, 9, 30)

# In UTC, so that no time zone table of the computer can change a byte. The last hour leaves room for a
# long visit before midnight in Berlin, where the company lives.
_HOURS: Final = range(5, 21)
_BUSY: Final = (1, 4, 9, 11, 10, 7, 8, 10, 9, 6, 4, 2, 2, 2, 2, 1)
_WEEKEND_SHARE: Final = 0.15


def day_between(rng: random.Random, first: date, last: date) -> date:
    """Draw a day from `first` to `last`, both included."""
    return first + timedelta(days=rng.randint(0, (last - first).days))


def busy_moment(rng: random.Random, day: date) -> datetime:
    """Draw a moment of that day, mostly in office hours; most weekend days become the Monday after."""
    if day.weekday() >= 5 and rng.random() > _WEEKEND_SHARE:
        day += timedelta(days=7 - day.weekday())
    hour = rng.choices(_HOURS, _BUSY)[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), UTC)


def age_in_days(moment: datetime, as_of: datetime) -> int:
    """Return the whole UTC days from the day of `moment` to the day of `as_of`."""
    return (as_of.date() - moment.date()).days


def rfc3339(moment: datetime) -> str:
    """Write a UTC moment as files hold it.

    >>> rfc3339(datetime(2026, 3, 1, 9, 5, 7, tzinfo=UTC))
    '2026-03-01T09:05:07Z'
    """
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
