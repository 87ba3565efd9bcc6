"""Local days against zoneinfo and datetime, which are asked for nothing else in the project."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ripeline.adapters.tables.zones import load_zone
from ripeline.vocabulary.calendar import (
    DAY_US,
    EARLIEST_US,
    EPOCH_DAY,
    LATEST_US,
    SECOND_US,
    Zone,
    day_number,
    day_text,
    instant_text,
    month_of,
    week_of,
)

ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/Dublin",
    "America/St_Johns",
    "America/New_York",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Africa/Casablanca",
    "Africa/Monrovia",
    "Asia/Kathmandu",
    "Asia/Manila",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR_US = 3_600 * SECOND_US
FIRST, LAST = (int((datetime(year, 1, 1, tzinfo=UTC) - EPOCH).total_seconds()) * SECOND_US for year in (1800, 2199))
no_hurry = settings(deadline=None)  # a zone's rows are made when first asked for
zones = st.sampled_from(ZONES)
instants = st.integers(FIRST, LAST)
last_days = st.integers(day_number(date(2, 1, 1)), day_number(date(9998, 1, 1)))


@cache
def zoneinfo(name: str) -> ZoneInfo:
    """The pinned tzdata, not the machine's."""
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def near_changes(name: str) -> st.SearchStrategy[int]:
    """Instants within a day and a half of a change of clocks."""
    starts = [start for start, _ in load_zone(name).rows[1:]] or [0]
    around = st.integers(-36 * HOUR_US, 36 * HOUR_US) | st.sampled_from((-1, 0, 1))
    return st.tuples(st.sampled_from(starts), around).map(sum)


zone_and_instant = zones.flatmap(lambda name: st.tuples(st.just(name), instants | near_changes(name)))


@no_hurry
@given(zone_and_instant)
@example(("Pacific/Apia", 1_325_239_200_000_000))
@example(("Europe/Berlin", -(10**15)))
def test_a_local_day_is_the_date_on_the_calendar_there(at: tuple[str, int]) -> None:
    name, instant_us = at
    local = (EPOCH + timedelta(microseconds=instant_us)).astimezone(zoneinfo(name))
    assert load_zone(name).day(instant_us) == day_number(local.date())


def _day_changes(zone: Zone, around: int) -> list[tuple[int, int]]:
    """The days around an instant as (first instant, day): every place where the day may change."""
    near = range(around - 4 * DAY_US, around + 4 * DAY_US)
    edges = {start for start, _ in zone.rows if start in near} | {near.start}
    for _, offset in zone.rows:
        first = near.start - (near.start + offset) % DAY_US + DAY_US
        edges.update(range(first, near.stop, DAY_US))
    return [(edge, zone.day(edge)) for edge in sorted(edges)]


@no_hurry
@given(zone_and_instant)
def test_a_day_begins_at_its_first_and_ends_at_its_last_instant(at: tuple[str, int]) -> None:
    name, instant_us = at
    zone = load_zone(name)
    day, runs = zone.day(instant_us), _day_changes(zone, instant_us)
    assert zone.first_instant(day) == next(edge for edge, of in runs if of >= day)
    # What ends where the next run begins: the last run of this day, or of one before where it was skipped.
    ends = [following - 1 for (_, of), (following, _) in pairwise(runs) if of <= day]
    assert zone.last_instant(day) == ends[-1]


@pytest.mark.parametrize("name", ZONES)
def test_an_hour_shown_twice_is_the_first_and_one_skipped_reads_with_the_offset_before(name: str) -> None:
    zone = load_zone(name)
    for (_, before), (start, after) in zip(zone.rows, zone.rows[1:], strict=False):
        for local_us in (start + shift + step for shift in (before, after) for step in (-1, 0, 1, -HOUR_US // 4)):
            shown = [local_us - offset for offset in {before, after} if zone.offset(local_us - offset) == offset]
            expected = min(shown) if shown else local_us - before
            assert zone.from_local(local_us) == expected, (name, start, local_us)


@no_hurry
@given(zone_and_instant)
def test_reading_a_local_time_gives_back_the_instant_or_its_earlier_twin(at: tuple[str, int]) -> None:
    name, instant_us = at
    zone = load_zone(name)
    read = zone.from_local(instant_us + zone.offset(instant_us))
    assert read <= instant_us
    assert read + zone.offset(read) == instant_us + zone.offset(instant_us)


@no_hurry
@given(zone_and_instant)
def test_the_latest_time_shown_never_runs_back(at: tuple[str, int]) -> None:
    """It is the greatest that clocks showed in the days before, every change of clocks looked at from both sides."""
    name, instant_us = at
    zone = load_zone(name)
    edges = [start - 1 for start, _ in zone.rows if instant_us - 4 * DAY_US < start <= instant_us]
    shown = max(edge + zone.offset(edge) for edge in (*edges, instant_us))
    # Clocks never showed the microsecond at which they were put back, only the one before.
    assert zone.latest_shown(instant_us) - shown in {0, 1}
    assert zone.reached(instant_us + zone.offset(instant_us)) <= instant_us


@no_hurry
@given(zone_and_instant)
def test_stretches_of_one_offset(at: tuple[str, int]) -> None:
    """They follow each other from the instant to the last one, and every instant inside has the offset."""
    name, instant_us = at
    zone = load_zone(name)
    found = list(zone.stretches(instant_us))
    assert (found[0][0], found[-1][1]) == (instant_us, LATEST_US)
    assert all(until == start for (_, until, _), (start, _, _) in pairwise(found))
    assert all(zone.offset(start) == zone.offset(until - 1) == offset for start, until, offset in found)


@no_hurry
@given(last_days, st.integers(0, 400))
def test_months_and_weeks_are_those_of_the_calendar(day: int, later: int) -> None:
    one, other = date.fromordinal(day + 1), date.fromordinal(day + later + 1)
    months = (other.year - one.year) * 12 + other.month - one.month
    assert month_of(day + later) - month_of(day) == months
    monday, other_monday = (when - timedelta(days=when.weekday()) for when in (one, other))
    assert (week_of(day) == week_of(day + later)) == (monday == other_monday)
    assert day_text(day) == one.isoformat()


@no_hurry
@given(st.integers(EARLIEST_US, LATEST_US))
def test_an_instant_is_written_in_utc_with_six_digits(instant_us: int) -> None:
    moment = EPOCH + timedelta(microseconds=instant_us)
    assert instant_text(instant_us) == moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def test_day_numbers_count_from_a_monday_in_the_year_one() -> None:
    assert day_number(date(1, 1, 1)) == 0
    assert date(1, 1, 1).weekday() == 0
    assert day_number(date(1970, 1, 1)) == EPOCH_DAY


@pytest.mark.parametrize("name", ["Africa/Casablanca", "America/Recife"])
def test_summer_time_of_a_single_week_is_not_missed(name: str) -> None:
    """In Recife clocks went forward on 8 October 2000 and back on the 15th."""
    noons = range(11_200, 11_300)
    for noon in (day * DAY_US + DAY_US // 2 for day in noons):
        local = (EPOCH + timedelta(microseconds=noon)).astimezone(zoneinfo(name))
        assert load_zone(name).offset(noon) == (local.utcoffset() or timedelta()) // timedelta(microseconds=1)
