"""A snapshot is of who was at risk, and its label is what came after: as a plain look at each lead says."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.entry.bootstrap.shipped import references
from ripeline.learning import snapshots as module
from ripeline.learning.people import Deals, People
from ripeline.learning.snapshots import Given, Horizon, Now, When, days_of, snapshots_of, some_of
from ripeline.vocabulary.calendar import DAY_US, EVER, UTC_ZONE
from ripeline.vocabulary.looks import AfterCreation, Every

NOW = 100 * DAY_US - 1
HOURS = st.integers(0, 110 * 24).map(lambda hours: hours * DAY_US // 24)


@dataclass(frozen=True)
class Lead:
    """Since when somebody is known, and when they were won (True) or lost."""

    since_us: int
    outcomes: tuple[tuple[int, bool], ...] = ()


LEADS = st.lists(st.builds(Lead, HOURS, st.lists(st.tuples(HOURS, st.booleans()), max_size=3).map(tuple)), max_size=6)


def people_of(leads: list[Lead], now_us: int = NOW) -> People:
    """People as history tells of them at an instant: it knows no lead and no outcome that comes later."""
    known = [lead for lead in leads if lead.since_us <= now_us]
    deals = sorted(
        (place, at_us, won) for place, lead in enumerate(known) for at_us, won in lead.outcomes if at_us <= now_us
    )
    person, at_us, won = ([one[part] for one in deals] for part in range(3))
    since = np.array([lead.since_us for lead in known], dtype=np.int64)
    told = Deals(np.array(person, dtype=np.int64), np.array(at_us, dtype=np.int64), np.array(won, dtype=np.bool_))
    return People(np.arange(len(known)) * 10, since, np.arange(len(known)), told)


def rows_of(leads: list[Lead], when: When, horizon: Horizon) -> list[tuple[int, int, float]]:
    found = snapshots_of(people_of(leads, horizon.as_of_us), when, horizon, UTC_ZONE)
    return sorted(zip(found.place.tolist(), found.at_us.tolist(), found.won.tolist(), strict=True))


def plainly(leads: list[Lead], moments: list[int], horizon: Horizon) -> list[tuple[int, int, float]]:
    """The same, lead by lead and moment by moment."""
    known = [lead for lead in leads if lead.since_us <= horizon.as_of_us]
    found = []
    for place, lead in enumerate(known):
        outcomes = [one for one in lead.outcomes if one[0] <= horizon.as_of_us]
        for at_us in moments:
            is_over = any(us <= at_us for us, _ in outcomes) and not horizon.repeats
            if at_us < lead.since_us or is_over:
                continue
            won = [us for us, is_won in outcomes if is_won and us > at_us]
            if horizon.within_days is not None:
                over_us = at_us + horizon.within_days * DAY_US
                if over_us <= horizon.as_of_us:
                    found.append((place, at_us, float(any(us <= over_us for us in won))))
            elif any(us > at_us for us, _ in outcomes):
                found.append((place, at_us, float(bool(won))))
    return sorted(found)


WITHIN = st.one_of(st.none(), st.integers(1, 30))


@given(LEADS, st.integers(1, 20), WITHIN, st.booleans())
def test_of_everybody_every_few_days(leads: list[Lead], days: int, within: int | None, repeats: bool) -> None:
    horizon = Horizon(NOW, within, repeats)
    last = 99 - (within or 0) - 1
    moments = [(day + 1) * DAY_US - 1 for day in range(last, -1, -days)]
    assert rows_of(leads, Every(days), horizon) == plainly(leads, moments, horizon)


@given(LEADS, st.integers(0, 200), WITHIN, st.booleans())
def test_of_each_some_time_after_creation(leads: list[Lead], hours: int, within: int | None, repeats: bool) -> None:
    horizon = Horizon(NOW, within, repeats)
    wait_us = hours * DAY_US // 24
    known = [lead for lead in leads if lead.since_us <= NOW]
    plain = [
        row
        for place, lead in enumerate(known)
        for row in plainly(leads, [lead.since_us + wait_us], horizon)
        if row[0] == place and row[1] == lead.since_us + wait_us
    ]
    assert rows_of(leads, AfterCreation(wait_us), horizon) == sorted(set(plain))


@given(LEADS, st.lists(st.tuples(st.integers(0, 6), HOURS), max_size=5), WITHIN)
def test_at_given_moments(leads: list[Lead], asked: list[tuple[int, int]], within: int | None) -> None:
    """Who is not known is passed over."""
    key, at_us = (np.array([one[part] for one in asked], dtype=np.int64) for part in range(2))
    plain = [
        row
        for place, moment in asked
        for row in plainly(leads, [moment], Horizon(NOW, within))
        if row[0] == place and row[1] == moment
    ]
    assert rows_of(leads, Given(key * 10, at_us), Horizon(NOW, within)) == sorted(plain)


@given(LEADS, st.integers(1, 20), WITHIN, st.integers(20, 99))
def test_what_comes_later_changes_nothing(leads: list[Lead], days: int, within: int | None, day: int) -> None:
    """Learned at an instant, snapshots are those that somebody made who was there then."""
    then_us = day * DAY_US - 1
    past = [
        Lead(lead.since_us, tuple(one for one in lead.outcomes if one[0] <= then_us))
        for lead in leads
        if lead.since_us <= then_us
    ]
    horizon = Horizon(then_us, within)
    assert rows_of(leads, Every(days), horizon) == rows_of(past, Every(days), horizon)


def test_without_times_each_lead_that_is_closed_is_one_row() -> None:
    """Who was ever won is won, who was only lost is not, and of who is open nothing is known."""
    deals = Deals(np.array([0, 1, 1]), np.full(3, EVER), np.array([False, False, True]))
    found = snapshots_of(
        People(np.arange(3), np.full(3, EVER), np.arange(3), deals), Now(), Horizon(NOW, None), UTC_ZONE
    )
    assert (found.place.tolist(), found.won.tolist()) == ([0, 1], [0.0, 1.0])


def test_days_run_over_clock_changes() -> None:
    berlin = references().zone("Europe/Berlin")
    instants = np.arange(1_774_000_000, 1_776_000_000, 599) * 10**6
    assert days_of(instants, berlin).tolist() == [berlin.day(int(us)) for us in instants]


def test_of_too_many_those_of_some_leads_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    leads = [Lead(0)] * 200
    found = snapshots_of(people_of(leads), Every(5), Horizon(NOW, 5), UTC_ZONE)
    monkeypatch.setattr(module, "MOST_SNAPSHOTS", 1_000)
    some = some_of(found, seed=1)
    rows = np.bincount(some.place, minlength=200)
    assert len(found) == 3_800
    assert 500 < len(some) < 1_500
    assert set(rows.tolist()) == {0, 19}
