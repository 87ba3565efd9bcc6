"""Working time: how much of it passes, and when a promise made in it is due. Integers alone, in microseconds.

It is working time while clocks show a time that the week names, and the day is no holiday. So a span that holds a
change of clocks is longer or shorter than it reads, an hour shown twice counts twice, a skipped one not at all.

Between two changes local time runs evenly, and what clocks show as working time is a sum over whole weeks, less
holidays; where it reaches an amount is found by halving. No step is ever taken by day, minute or second.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from ripeline.definition.model import Promise
from ripeline.vocabulary.calendar import DAY_US, EARLIEST_US, EPOCH_DAY, LATEST_US, SECOND_US
from ripeline.vocabulary.sales import Hours, Salesperson, Span

MINUTE_US: Final = 60 * SECOND_US
WHOLE: Final = 100_000
"""All of a promise, in thousandths of a percent."""

_UNIT_US: Final = {"m": MINUTE_US, "h": 60 * MINUTE_US}
_END: Final = LATEST_US - 1
"""Where work goes on that goes on no more."""
_DAYS: Final = range(LATEST_US // DAY_US + EPOCH_DAY + 2)
"""The numbers of all days, with one behind the last that is taken."""


# Everybody who could be given a lead is asked about one and the same instant, for each lead of many.
_of_everybody = lru_cache(maxsize=2**12)


def is_open(hours: Hours, at_us: int) -> bool:
    """Say whether an instant is working time."""
    day, of_day = _local(at_us + hours.zone.offset(at_us))
    return any(start <= of_day < end for start, end in _spans(hours, day))


def opening(hours: Hours, at_us: int) -> int:
    """Return the first instant, from this one on, at which work goes on."""
    return at_us if is_open(hours, at_us) else _after(hours, at_us, 1) - 1


def worked(hours: Hours, from_us: int, until_us: int) -> int:
    """Return how many microseconds of working time lie between two instants; none where the second is not later."""
    total = 0
    for start, end, offset in hours.zone.stretches(from_us):
        if start >= until_us:
            break
        total += _shown(hours, min(end, until_us) + offset) - _shown(hours, start + offset)
    return total


def due(hours: Hours, from_us: int, promise: Promise) -> int:
    """Return when a promise is due that is given at an instant; its time runs from the next opening on.

    Minutes and hours: when so much working time has passed. Days: at the same local time so many working days later;
    if nobody works then, at the next opening of that day, or at its close if there is none. A promise for which time
    does not suffice is due at the last instant taken.
    """
    if promise.unit == "d":
        return _days_later(hours, opening(hours, from_us), promise.amount)
    return _after(hours, from_us, promise.amount * _UNIT_US[promise.unit])


def share_due(hours: Hours, from_us: int, promise: Promise, share: int) -> int:
    """Return when a share of a promise's working time has passed, in thousandths of a percent."""
    promised = worked(hours, from_us, due(hours, from_us, promise))
    return _after(hours, from_us, promised * share // WHOLE)


@_of_everybody
def working_day(hours: Hours, at_us: int) -> int:
    """Return the day on which work goes on: what comes in after a close belongs to the next working day."""
    return hours.zone.day(opening(hours, at_us))


@_of_everybody
def begins(hours: Hours, day: int) -> int:
    """Return the first instant that belongs to a working day: the close of the one before."""
    before = _working_days_from(hours, day, -1)
    while before >= 0 and _is_skipped(hours, before):
        before = _working_days_from(hours, before, -1)
    return EARLIEST_US if before < 0 else _close(hours, before)


def ends(hours: Hours, at_us: int) -> int:
    """Return the instant, behind this one, at which the present working day ends, and the next one begins."""
    return _close(hours, working_day(hours, at_us))


def at_work_from(person: Salesperson, at_us: int) -> int:
    """Return the first instant, from this one on, at which somebody is at work and not absent."""
    zone, opens = person.hours.zone, opening(person.hours, at_us)
    while opens < _END and (last := person.absent_until(zone.day(opens))) is not None:
        opens = opening(person.hours, zone.first_instant(last + 1))
    return opens


def _after(hours: Hours, from_us: int, amount_us: int) -> int:
    """Return the first instant by which so much working time has passed."""
    if amount_us <= 0:
        return from_us
    for start, end, offset in hours.zone.stretches(from_us):
        begun = _shown(hours, start + offset)
        there_is = _shown(hours, end + offset) - begun
        if amount_us <= there_is:
            local = range(start + offset, end + offset)
            return start + bisect_left(local, begun + amount_us, key=lambda local_us: _shown(hours, local_us))
        amount_us -= there_is
    return LATEST_US


def _shown(hours: Hours, local_us: int) -> int:
    """Return how much working time clocks show on their way to a local time, if they are never changed."""
    day, of_day = _local(local_us)
    minutes = [sum(end - start for start, end in spans) for spans in hours.week]
    today = sum(max(0, min(of_day, end) - start) for start, end in _spans(hours, day))
    return _sum_before(hours, minutes, day) * MINUTE_US + today


def _days_later(hours: Hours, opening_us: int, days: int) -> int:
    # By the latest time shown, so that whoever comes later is never promised an earlier time in the hour shown twice.
    day, of_day = _local(hours.zone.latest_shown(opening_us))
    later = _working_days_from(hours, day, days)
    if later == _DAYS[-1]:
        return LATEST_US
    at_us = hours.zone.reached((later - EPOCH_DAY) * DAY_US + of_day)
    return min(opening(hours, at_us), _close(hours, later))


def _working_days_from(hours: Hours, day: int, days: int) -> int:
    """Return the working day that is so many working days after a working day, or before it."""
    works = [int(bool(spans)) for spans in hours.week]
    wanted = _sum_before(hours, works, day + 1) + days
    return bisect_left(_DAYS, wanted, key=lambda day: _sum_before(hours, works, day)) - 1


def _is_skipped(hours: Hours, day: int) -> bool:
    """Say whether clocks went forward over all that was to be worked on a working day, so that nobody ever did."""
    return all(start == end for start, end in _instants(hours, day))


def _close(hours: Hours, day: int) -> int:
    """Return the instant at which the work of a working day ends; what clocks went forward over was never worked."""
    instants = _instants(hours, day)
    return max((end for start, end in instants if start < end), default=instants[-1][1])


def _instants(hours: Hours, day: int) -> list[Span]:
    """Return when the working time of a working day begins and ends, by what clocks really show."""
    midnight = (day - EPOCH_DAY) * DAY_US
    reached = hours.zone.reached
    return [(reached(midnight + start), reached(midnight + end)) for start, end in _spans(hours, day)]


def _sum_before(hours: Hours, each: Sequence[int], day: int) -> int:
    """Sum what each weekday counts over all days before a day, holidays left out."""
    weeks, weekday = divmod(day, 7)
    holidays = hours.holidays[: bisect_left(hours.holidays, day)]
    return weeks * sum(each) + sum(each[:weekday]) - sum(each[holiday % 7] for holiday in holidays)


def _spans(hours: Hours, day: int) -> tuple[Span, ...]:
    """Return the working time of a day in microseconds since its midnight."""
    if day in hours.holidays:
        return ()
    return tuple((start * MINUTE_US, end * MINUTE_US) for start, end in hours.week[day % 7])


def _local(local_us: int) -> tuple[int, int]:
    """Return the day of a local time, and how far into it."""
    day, of_day = divmod(local_us, DAY_US)
    return day + EPOCH_DAY, of_day
