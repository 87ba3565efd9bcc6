"""Working time against sums worked by hand and against a reference that looks at every minute."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripeline.adapters.tables.zones import load_zone
from ripeline.definition.model import Promise
from ripeline.handoff.hours import (
    MINUTE_US,
    at_work_from,
    begins,
    due,
    is_open,
    opening,
    share_due,
    worked,
    working_day,
)
from ripeline.vocabulary.calendar import (
    DAY_US,
    EARLIEST_US,
    EPOCH_DAY,
    LATEST_US,
    SECOND_US,
    day_number,
    instant_of,
)
from ripeline.vocabulary.sales import Absence, Hours, Salesperson, read_week

HOUR_US = 60 * MINUTE_US
OFFICE = "Mon-Fri 09:00-12:30, 13:30-17:30"


def hours(week: str = OFFICE, zone: str = "Europe/Berlin", holidays: tuple[str, ...] = ()) -> Hours:
    days = sorted({day_number(date.fromisoformat(day)) for day in holidays})
    return Hours(load_zone(zone), read_week(week), tuple(days))


@cache
def zoneinfo(name: str) -> ZoneInfo:
    """The pinned tzdata, not the machine's."""
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def at(text: str, zone: str = "Europe/Berlin", fold: int = 0) -> int:
    return instant_of(datetime.fromisoformat(text).replace(tzinfo=zoneinfo(zone), fold=fold))


def local(instant: int, zone: str = "Europe/Berlin") -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
    return moment.astimezone(zoneinfo(zone)).strftime("%a %Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("given_at", "promise", "expected"),
    [
        # Within one day, over lunch: 30 minutes to 12:30, then 3.5 hours from 13:30.
        ("2026-11-23 12:00", Promise(4, "h"), "Mon 2026-11-23 17:00:00"),
        # Exactly what is left of the day ends at its close, not at the next opening.
        ("2026-11-23 13:30", Promise(4, "h"), "Mon 2026-11-23 17:30:00"),
        # A minute more goes over to the next morning.
        ("2026-11-23 13:30", Promise(241, "m"), "Tue 2026-11-24 09:01:00"),
        # Friday 16:30: one hour on Friday, three on Monday.
        ("2026-11-27 16:30", Promise(4, "h"), "Mon 2026-11-30 12:00:00"),
        # On a day off at 15:00 the clock begins at the opening of the next working day, not at its 15:00.
        ("2026-11-28 15:00", Promise(30, "m"), "Mon 2026-11-30 09:30:00"),
        ("2026-11-28 15:00", Promise(1, "d"), "Tue 2026-12-01 09:00:00"),
        # At lunch too.
        ("2026-11-23 13:00", Promise(30, "m"), "Mon 2026-11-23 14:00:00"),
        # Christmas 2026: Friday 25 is a holiday, 26 a Saturday. Thursday 16:30: one hour, then Monday 28.
        ("2026-12-24 16:30", Promise(2, "h"), "Mon 2026-12-28 10:00:00"),
        ("2026-12-24 16:30", Promise(1, "d"), "Mon 2026-12-28 16:30:00"),
        # Three working days behind a Wednesday, over the holiday and the weekend: 24, 28, 29.
        ("2026-12-23 10:00", Promise(3, "d"), "Tue 2026-12-29 10:00:00"),
        # 14 working days of 7.5 hours are 105 hours; from a Monday's opening they end with the second Thursday after.
        ("2026-11-02 09:00", Promise(105, "h"), "Thu 2026-11-19 17:30:00"),
    ],
)
def test_a_promise_by_hand(given_at: str, promise: Promise, expected: str) -> None:
    assert local(due(hours(holidays=("2026-12-25", "2026-12-26")), at(given_at), promise)) == expected


def test_a_day_ends_with_the_hours_of_the_later_day() -> None:
    """Thursday 16:30 and one day: Friday closes at 15:00; 08:30 and one day: Friday opens at 09:00; at lunch it is behind lunch."""
    some = hours("Mon-Thu 08:00-17:30; Fri 09:00-12:00, 13:00-15:00")
    for given_at, expected in (("16:30", "15:00"), ("08:30", "09:00"), ("12:15", "13:00"), ("11:10", "11:10")):
        assert local(due(some, at(f"2026-11-26 {given_at}"), Promise(1, "d"))) == f"Fri 2026-11-27 {expected}:00"


def test_clocks_put_forward() -> None:
    """Berlin, 2026-03-29: 02:00 to 03:00 is skipped, so 01:00-05:00 lasts three hours."""
    night = hours("Sun 01:00-05:00")
    assert worked(night, at("2026-03-29 00:00"), at("2026-03-30 00:00")) == 3 * HOUR_US
    assert local(due(night, at("2026-03-29 01:30"), Promise(1, "h"))) == "Sun 2026-03-29 03:30:00"
    # A span that is skipped as a whole is none: the next one is a week later.
    skipped = hours("Sun 02:15-02:45")
    assert local(opening(skipped, at("2026-03-28 12:00"))) == "Sun 2026-04-05 02:15:00"
    # The week before, Saturday 16:00 to Sunday 10:00 is 17 hours away, not 18.
    weekend = hours("Sat-Sun 00:00-24:00")
    assert local(due(weekend, at("2026-03-28 16:00"), Promise(17, "h"))) == "Sun 2026-03-29 10:00:00"


def test_clocks_put_back() -> None:
    """Berlin, 2026-10-25: 02:00 to 03:00 is shown twice, so 01:00-05:00 lasts five hours and 02:00-02:30 one."""
    assert worked(hours("Sun 01:00-05:00"), at("2026-10-24 00:00"), at("2026-10-26 00:00")) == 5 * HOUR_US
    twice = hours("Sun 02:00-02:30")
    assert worked(twice, at("2026-10-24 00:00"), at("2026-10-26 00:00")) == HOUR_US
    first, second = at("2026-10-25 02:00"), at("2026-10-25 02:00", fold=1)
    assert second - first == HOUR_US
    assert opening(twice, first + 30 * MINUTE_US) == second
    assert due(twice, first, Promise(40, "m")) == second + 10 * MINUTE_US
    assert (
        local(due(hours("Sat-Sun 00:00-24:00"), at("2026-10-24 16:00"), Promise(19, "h"))) == "Sun 2026-10-25 10:00:00"
    )


def test_days_promised_in_the_hour_shown_twice() -> None:
    """Whoever comes at the second 02:10 comes later than at the first 02:50: clocks had shown 03:00 by then."""
    sundays, first = hours("Sun 00:00-24:00"), at("2026-10-25 02:00")
    for minutes, expected in ((50, "02:50"), (59, "02:59"), (70, "03:00"), (130, "03:10")):
        given_at = first + minutes * MINUTE_US
        assert local(due(sundays, given_at, Promise(1, "d"))) == f"Sun 2026-11-01 {expected}:00"


def test_a_working_day_is_not_twenty_four_hours() -> None:
    """A day from Saturday 10:00 to Sunday 10:00 has 25 hours when clocks are put back; half of it is over after 12.5."""
    weekend = hours("Sat-Sun 00:00-24:00")
    given_at, promise = at("2026-10-24 10:00"), Promise(1, "d")
    assert due(weekend, given_at, promise) == given_at + 25 * HOUR_US
    assert share_due(weekend, given_at, promise, 50_000) == given_at + 25 * HOUR_US // 2


def test_a_share_of_a_promise() -> None:
    """75 % of four hours from Friday 16:00: three hours, of which 1.5 on Friday and 1.5 on Monday."""
    assert local(share_due(hours(), at("2026-11-27 16:00"), Promise(4, "h"), 75_000)) == "Mon 2026-11-30 10:30:00"
    # A day from Friday 16:30 has 1 hour on Friday and 6.5 on Monday; 75 % of 7.5 are 5:37:30, so 4:37:30 on Monday.
    assert local(share_due(hours(), at("2026-11-27 16:30"), Promise(1, "d"), 75_000)) == "Mon 2026-11-30 14:37:30"


def test_to_midnight_and_on() -> None:
    """A span to 24:00 goes on with one from 00:00, and its close is the next midnight."""
    late = hours("Mon 22:00-24:00; Tue 00:00-02:00")
    assert worked(late, at("2026-11-23 21:00"), at("2026-11-24 12:00")) == 4 * HOUR_US
    assert local(due(late, at("2026-11-23 23:00"), Promise(2, "h"))) == "Tue 2026-11-24 01:00:00"
    assert not is_open(late, at("2026-11-24 02:00"))
    assert is_open(late, at("2026-11-24 02:00") - 1)
    # Tuesday 01:30 and one working day is Monday, whose hours begin at 22:00.
    assert local(due(late, at("2026-11-24 01:30"), Promise(1, "d"))) == "Mon 2026-11-30 22:00:00"


def test_one_minute_a_week() -> None:
    """Four hours of one minute a week are 240 weeks; what time does not suffice for is due at the end of time."""
    seldom = hours("Wed 12:00-12:01", "UTC")
    first = at("2026-11-25 12:00", "UTC")
    assert due(seldom, first - DAY_US, Promise(4, "h")) == first + 239 * 7 * DAY_US + MINUTE_US
    assert due(seldom, first, Promise(500, "d")) == first + 500 * 7 * DAY_US
    for unit in "mhd":
        assert due(seldom, first, Promise(1_000_000, unit)) == LATEST_US
        assert due(hours(), LATEST_US, Promise(1, unit)) == LATEST_US


def test_a_working_day_begins_with_the_close_before() -> None:
    """What comes from Friday 17:30 on is Monday's; what comes before Monday's close still is."""
    for text in ("2026-11-27 17:30", "2026-11-28 12:00", "2026-11-30 17:29"):
        assert working_day(hours(), at(text)) == day_number(date(2026, 11, 30))
    assert local(begins(hours(), day_number(date(2026, 11, 30)))) == "Fri 2026-11-27 17:30:00"
    # Behind a holiday too; and nothing comes before the first day of all that is taken.
    assert local(begins(hours(holidays=("2026-12-25",)), day_number(date(2026, 12, 28)))) == "Thu 2026-12-24 17:30:00"
    first = hours("Tue 09:00-10:00", "UTC")
    assert begins(first, working_day(first, EARLIEST_US)) == EARLIEST_US


ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia")
FIRST, LAST = 1_100_000_000 * SECOND_US, 2_000_000_000 * SECOND_US
no_hurry = settings(deadline=None)  # a zone's rows are made when first asked for
units = st.sampled_from("mhd")
amounts = st.integers(1, 40)


@st.composite
def calendars(draw: st.DrawFn) -> Hours:
    """Hours with at least one open minute a week, and holidays near each other."""
    week = tuple(draw(_spans()) for _ in range(7))
    if not any(week):
        week = (*week[:6], ((draw(st.integers(0, 1438)), 1439),))
    days = draw(st.sets(st.integers(0, 30), max_size=8))
    near = FIRST // DAY_US + EPOCH_DAY + draw(st.integers(0, (LAST - FIRST) // DAY_US))
    return Hours(load_zone(draw(st.sampled_from(ZONES))), week, tuple(near + day for day in sorted(days)))


@st.composite
def _spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    ends = sorted(
        draw(st.sets(st.one_of(st.integers(0, 1440), st.sampled_from([0, 60, 120, 150, 180, 1440])), max_size=6))
    )
    return tuple(zip(ends[::2], ends[1::2], strict=False))


@st.composite
def moments(draw: st.DrawFn, some: Hours) -> int:
    """Near a change of clocks, near a holiday, anywhere, or at a whole minute of these."""
    changes = [start for start, _ in some.zone.rows if FIRST < start < LAST]
    days = [(day - EPOCH_DAY) * DAY_US for day in some.holidays]
    near = draw(st.sampled_from([*changes, *days])) if changes or days else FIRST
    found = draw(st.one_of(st.just(near + draw(st.integers(-3 * DAY_US, 3 * DAY_US))), st.integers(FIRST, LAST)))
    return found // MINUTE_US * MINUTE_US if draw(st.booleans()) else found


@cache
def minutes_of_day(zone: str, minute: int) -> tuple[int, int]:
    """The local day and minute of an instant in minutes, as zoneinfo has it."""
    moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).astimezone(zoneinfo(zone))
    return day_number(moment.date()), moment.hour * 60 + moment.minute


def is_open_minute(some: Hours, minute: int) -> bool:
    day, of_day = minutes_of_day(some.zone.name, minute)
    return day not in some.holidays and any(start <= of_day < end for start, end in some.week[day % 7])


@no_hurry
@given(data=st.data(), some=calendars(), length=st.integers(0, 3 * 1440))
def test_working_time_is_what_every_minute_adds_up_to(data: st.DataObject, some: Hours, length: int) -> None:
    minute = data.draw(moments(some)) // MINUTE_US
    open_minutes = [each for each in range(minute, minute + length) if is_open_minute(some, each)]
    assert worked(some, minute * MINUTE_US, (minute + length) * MINUTE_US) == len(open_minutes) * MINUTE_US
    assert is_open(some, minute * MINUTE_US) == is_open_minute(some, minute)
    if open_minutes:
        assert opening(some, minute * MINUTE_US) == open_minutes[0] * MINUTE_US
        promise = Promise(len(open_minutes), "m")
        assert due(some, minute * MINUTE_US, promise) == (open_minutes[-1] + 1) * MINUTE_US


@no_hurry
@given(data=st.data(), some=calendars(), amount=amounts, unit=st.sampled_from("mh"))
def test_a_promise_is_due_when_its_time_is_worked(data: st.DataObject, some: Hours, amount: int, unit: str) -> None:
    given_at = data.draw(moments(some))
    at_us, promised = due(some, given_at, Promise(amount, unit)), amount * {"m": MINUTE_US, "h": HOUR_US}[unit]
    assert worked(some, given_at, at_us) == promised
    assert worked(some, given_at, at_us - 1) == promised - 1
    assert is_open(some, at_us - 1)


@no_hurry
@given(data=st.data(), some=calendars(), amount=amounts, more=amounts, unit=units)
def test_later_and_longer_promises_are_due_later(
    data: st.DataObject, some: Hours, amount: int, more: int, unit: str
) -> None:
    given_at = data.draw(moments(some))
    later = given_at + data.draw(st.one_of(st.integers(0, 2 * HOUR_US), st.integers(0, 10 * DAY_US)))
    at_us = due(some, given_at, Promise(amount, unit))
    assert at_us <= due(some, later, Promise(amount, unit))
    assert at_us < due(some, given_at, Promise(amount + more, unit))
    assert due(some, opening(some, given_at), Promise(amount, unit)) == at_us


@no_hurry
@given(data=st.data(), some=calendars(), promise=st.builds(Promise, amounts, units), share=st.integers(1, 99_999))
def test_a_share_is_due_before_the_whole(data: st.DataObject, some: Hours, promise: Promise, share: int) -> None:
    given_at = data.draw(moments(some))
    whole, part = due(some, given_at, promise), share_due(some, given_at, promise, share)
    assert given_at <= part <= whole
    assert worked(some, given_at, part) == worked(some, given_at, whole) * share // 100_000


@no_hurry
@given(data=st.data(), some=calendars())
def test_opening_is_the_first_open_instant(data: st.DataObject, some: Hours) -> None:
    given_at = data.draw(moments(some))
    opens = opening(some, given_at)
    assert opens >= given_at
    assert is_open(some, opens)
    assert worked(some, given_at, opens) == 0
    assert (opens == given_at) == is_open(some, given_at)


def test_at_work_from() -> None:
    """Tuesday's noon; Wednesday is free, so that an absence to Wednesday ends on Thursday, and two absences follow each other."""
    week = hours("Mon-Tue 09:00-17:00; Thu-Fri 09:00-17:00")

    def back(*days: tuple[str, str]) -> str:
        away = tuple(Absence(*(day_number(date.fromisoformat(day)) for day in one)) for one in days)
        person = Salesperson("maria", "Maria", "maria@acme.example", week, absences=away)
        return local(at_work_from(person, at("2026-11-24 12:00")))

    assert back() == "Tue 2026-11-24 12:00:00"
    assert back(("2026-11-24", "2026-11-25")) == "Thu 2026-11-26 09:00:00"
    assert back(("2026-11-23", "2026-11-24"), ("2026-11-26", "2026-11-26")) == "Fri 2026-11-27 09:00:00"
    assert back(("2026-11-27", "2026-11-27")) == "Tue 2026-11-24 12:00:00"
    assert back(("2026-11-01", "9999-12-31")).startswith("Thu 9999-12-30")


def test_a_day_whose_work_clocks_skipped_is_no_working_day() -> None:
    """On 14 October 2007 clocks in Santiago went from midnight to one: who was to work until 00:14 never did."""
    santiago = hours("Tue 00:02-07:00; Sat 09:00-10:00; Sun 00:00-00:14", "America/Santiago")
    begun = begins(santiago, working_day(santiago, at("2007-10-13 23:59", "America/Santiago")))
    assert local(begun, "America/Santiago") == "Sat 2007-10-13 10:00:00"


@no_hurry
@given(data=st.data(), some=calendars())
def test_a_working_day_holds_what_it_begins_with(data: st.DataObject, some: Hours) -> None:
    given_at = data.draw(moments(some))
    day = working_day(some, given_at)
    begun = begins(some, day)
    assert begun <= given_at
    assert some.zone.latest_shown(opening(some, begun)) // DAY_US + EPOCH_DAY >= day
