"""Hours of a week as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.vocabulary.calendar import UTC_ZONE
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.sales import Absence, Hours, Salesperson, read_week, week_text

NINE, NOON, SIX = 540, 720, 1080


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri 09:00-18:00", (0, 1, 2, 3, 4)),
        ("Sun-Thu 09:00-18:00", (0, 1, 2, 3, 6)),
        ("Mon, Wed, Fri-Sun 09:00-18:00", (0, 2, 4, 5, 6)),
        ("Mon Wed 09:00-18:00; Tue 09:00-18:00", (0, 1, 2)),
        ("Sun-Sun 09:00-18:00", (6,)),
    ],
)
def test_days_of_a_week(text: str, days: tuple[int, ...]) -> None:
    assert read_week(text) == tuple(((NINE, SIX),) if day in days else () for day in range(7))


def test_times_are_sorted_and_may_touch() -> None:
    assert read_week("Mon 12:00-18:00,09:00-12:00")[0] == ((NINE, NOON), (NOON, SIX))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", '"" cannot be read; write weekdays and their times, such as "Mon-Fri'),
        ("Mon-Fri", '"Mon-Fri" cannot be read'),
        ("09:00-12:00", '"09:00-12:00" cannot be read'),
        ("Mon 09:00-12:00 Tue 09:00-12:00", "cannot be read"),
        ("Mon-Fri 09:00-12:00;", '"" cannot be read'),
        ("mon 09:00-12:00", '"mon" is no weekday; did you mean "Mon"?'),
        ("Mo 09:00-12:00", '"Mo" is no weekday; did you mean "Mon"?'),
        ("Mon-Xyz 09:00-12:00", '"Xyz" is no weekday; known here: Fri, Mon'),
        ("Mon- 09:00-12:00", '"" is no weekday'),
        ("Mon-Wed 09:00-12:00; Tue 13:00-14:00", "Tue stands twice"),
        ("Mon 9:00-12:00", '"9:00-12:00" is no time of day; write such as 09:00-12:30, or 18:00-24:00'),
        ("Mon 09:00", '"09:00" is no time of day'),
        ("Mon 09:00 - 12:00", '"09:00" is no time of day'),
        ("Mon 09:00-24:01", '"09:00-24:01" is no time of day'),
        ("Mon 09:00-12:60", '"09:00-12:60" is no time of day'),
        ("Mon 24:00-24:00", "ends before it begins"),
        ("Mon 22:00-02:00", 'a night is written as "Mon 22:00-24:00; Tue 00:00-06:00"'),
        ("Mon 09:00-12:00, 11:59-13:00", "09:00-12:00 and 11:59-13:00 overlap"),
        ("Mon 09:00-18:00, 10:00-11:00", "09:00-18:00 and 10:00-11:00 overlap"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, message: str) -> None:
    with pytest.raises(InputError) as told:
        read_week(text)
    assert message in str(told.value)


spans = (
    st.sets(st.integers(0, 1440), max_size=6)
    .map(sorted)
    .map(lambda ends: tuple(zip(ends[::2], ends[1::2], strict=False)))
)
weeks = st.tuples(*[st.one_of(spans, st.just(((NINE, SIX),)))] * 7).filter(any)


@given(weeks)
def test_a_week_as_text_reads_back(week: tuple[tuple[tuple[int, int], ...], ...]) -> None:
    assert read_week(week_text(week)) == week


def test_absent_until() -> None:
    away = (Absence(10, 12), Absence(20, 20))
    person = Salesperson(
        "maria", "Maria", "maria@acme.example", Hours(UTC_ZONE, read_week("Mon 09:00-12:00")), absences=away
    )
    assert [person.absent_until(day) for day in (9, 10, 12, 13, 20)] == [None, 12, 12, None, 20]
