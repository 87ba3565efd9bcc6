"""Local days by integer arithmetic alone: a zone is a table of offsets that every reader looks up."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US
EPOCH_DAY = 719_162
"""Day number of 1970-01-01; day 0 is 0001-01-01, a Monday, so weeks are day // 7."""

EARLIEST_US = -(EPOCH_DAY - 1) * DAY_US
"""0001-01-02 UTC: no zone can make an earlier day number negative."""
LATEST_US = (2_932_896 - 1) * DAY_US
"""9999-12-30 UTC: the last instant taken, so that every local date can be written down."""

EVER, NEVER = -(2**63) + 1, 2**63 - 1
"""Before and behind every instant: what holds from one to the other holds always."""

OLDEST_AGE = 36_500
"""Events older than this many days give no points; no window is longer."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone as rows (from_us, offset_us), ascending; the first row holds since ever.

    >>> Zone("UTC", ((-(2**62), 0),)).day(0) == EPOCH_DAY
    True
    """

    name: str
    rows: tuple[tuple[int, int], ...]

    def offset(self, instant_us: int) -> int:
        """Return the offset from UTC in microseconds that holds at an instant."""
        return self.rows[max(self._row(instant_us), 0)][1]

    def day(self, instant_us: int) -> int:
        """Return the number of the local day an instant lies in."""
        return (instant_us + self.offset(instant_us)) // DAY_US + EPOCH_DAY

    def first_instant(self, day: int) -> int:
        """Return the first instant whose local day is this day or a later one."""
        return self.reached((day - EPOCH_DAY) * DAY_US)

    def reached(self, local_us: int) -> int:
        """Return the first instant at which clocks here show a local time or a later one."""
        spans = ((max(start, local_us - offset), end) for start, end, offset in self._spans())
        return min(start for start, end in spans if start < end)

    def latest_shown(self, instant_us: int) -> int:
        """Return the latest local time that clocks here have come to until an instant; it never runs back.

        It is what they show, but for the time after clocks were put back, until they show a new time again.
        """
        index = max(self._row(instant_us), 0)
        before = [self.rows[index][0] + self.rows[index - 1][1]] if index else []
        return max([instant_us + self.rows[index][1], *before])

    def stretches(self, since_us: int) -> Iterator[tuple[int, int, int]]:
        """Yield the stretches of one offset from an instant to the last one taken: (from_us, until_us, offset_us)."""
        first = max(self._row(since_us), 0)
        for index in range(first, len(self.rows)):
            start = since_us if index == first else self.rows[index][0]
            end = self.rows[index + 1][0] if index + 1 < len(self.rows) else LATEST_US
            if start < end:
                yield start, end, self.rows[index][1]

    def last_instant(self, day: int) -> int:
        """Return the last microsecond of a local day (of the day before, where the zone skipped it)."""
        midnight = (day + 1 - EPOCH_DAY) * DAY_US
        spans = ((start, min(end, midnight - offset) - 1) for start, end, offset in self._spans())
        return max((last for start, last in spans if last >= start and self.day(last) <= day))

    def from_local(self, local_us: int) -> int:
        """Return the instant at which clocks here show a local time.

        A time shown twice is the earlier one; a time skipped is read with the offset before the change.
        """
        shift = self.rows[0][1]
        for start, offset in self.rows[1:]:
            if local_us < start + max(shift, offset):
                break
            shift = offset
        return local_us - shift

    @property
    def days_run_forward(self) -> bool:
        """Say whether a later instant never has an earlier local day."""
        pairs = zip(self.rows, self.rows[1:], strict=False)
        return all((start + old - 1) // DAY_US <= (start + new) // DAY_US for (_, old), (start, new) in pairs)

    def _row(self, instant_us: int) -> int:
        return bisect_right(self.rows, instant_us, key=lambda row: row[0]) - 1

    def _spans(self) -> list[tuple[int, int, int]]:
        ends = [start for start, _ in self.rows[1:]] + [2**62]
        return [(start, end, offset) for (start, offset), end in zip(self.rows, ends, strict=True)]


def month_of(day: int) -> int:
    """Return a number that all days of one calendar month share and no other day has.

    Civil calendar from day counts in integers, months counted from March 0000, after H. Hinnant,
    "chrono-compatible low-level date algorithms", civil_from_days.

    >>> month_of(EPOCH_DAY + 30) == month_of(EPOCH_DAY), month_of(EPOCH_DAY + 31) == month_of(EPOCH_DAY) + 1
    (True, True)
    """
    shifted = day + 306
    era, of_era = divmod(shifted, 146_097)
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    return (year + era * 400) * 12 + (5 * of_year + 2) // 153


def week_of(day: int) -> int:
    """Return a number that the days of one week, Monday to Sunday, share."""
    return day // 7


def day_text(day: int) -> str:
    """Return a day number as an ISO date.

    >>> day_text(EPOCH_DAY)
    '1970-01-01'
    """
    return date.fromordinal(day + 1).isoformat()


UTC_ZONE = Zone("UTC", ((-(2**62), 0),))


def day_number(when: date) -> int:
    """Return the number of a calendar date."""
    return when.toordinal() - 1


def instant_text(instant_us: int) -> str:
    """Return an instant as RFC 3339 in UTC with six digits.

    >>> instant_text(0)
    '1970-01-01T00:00:00.000000Z'
    """
    moment = _EPOCH + timedelta(microseconds=instant_us)
    return f"{moment.year:04d}{moment.strftime('-%m-%dT%H:%M:%S.%f')}Z"


def instant_of(moment: datetime) -> int:
    """Return an aware datetime as microseconds since 1970 UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
