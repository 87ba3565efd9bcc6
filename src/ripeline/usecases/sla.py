"""How sales answers, over a period: who asks for what, and the report as plain values."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ripeline.handoff.report import GROUPS, Answers, SlaReport
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.calendar import SECOND_US, Zone, day_number, day_text, instant_text
from ripeline.vocabulary.handoffs import STATES
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.rates import Rate, at_rank
from ripeline.vocabulary.values import read_date

Record = dict[str, Any]
USUAL_DAYS: Final = 30
"""Days that are looked at where nobody says from when on, today's among them."""

USUALLY_BY: Final = "owner"

FIRST_DAY: Final = day_number(date(1900, 1, 1))
LAST_DAY: Final = day_number(date(2199, 12, 31))
"""What periods lie between: months and weeks that begin and end there are still days."""


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant to another, both included."""

    from_us: int
    until_us: int


def period_asked(from_: str | None, to: str | None, zone: Zone, now_us: int, usual_days: int = USUAL_DAYS) -> Period:
    """Return the period that people mean: from the first instant of a day, to the last one of a day, or to now.

    usual_days: how many it has where nobody says from when on. Raises InputError where it ends before it begins.
    """
    until_us = now_us if to is None else instant_of_text(to, zone)
    first_day = None if from_ is None else read_date(from_.strip())
    if from_ is None:
        from_us = zone.first_instant(zone.day(until_us) - usual_days + 1)
    else:
        from_us = instant_of_text(from_, zone) if first_day is None else zone.first_instant(first_day)
    _must_be_known(zone.day(until_us), zone.day(from_us))
    if from_us > until_us:
        raise InputError(f"the period ends at {instant_text(until_us)} before it begins, at {instant_text(from_us)}")
    return Period(from_us, until_us)


def days_before(period: Period, zone: Zone) -> Period:
    """Return the period of equally many local days just before a period."""
    first, last = zone.day(period.from_us), zone.day(period.until_us)
    return Period(zone.first_instant(2 * first - last - 1), zone.last_instant(first - 1))


def _must_be_known(*days: int) -> None:
    for day in days:
        if not FIRST_DAY <= day <= LAST_DAY:
            raise InputError(
                f"a period lies between {day_text(FIRST_DAY)} and {day_text(LAST_DAY)}, not {day_text(day)}"
            )


def group_asked(by: str | None) -> str:
    """Return by what handoffs are told apart, or raise InputError."""
    if by is not None and by not in GROUPS:
        raise InputError(f'handoffs are not told apart by "{by}"; {did_you_mean(by, GROUPS)}')
    return by or USUALLY_BY


def sla_record(report: SlaReport, by: str, period: Period, zone: Zone, ungiven: Mapping[str, int]) -> Record:
    """Return the report as `ripeline sla --format json` writes it, the groups with most handoffs first."""
    groups = sorted(report.groups.items(), key=lambda one: (-one[1].given, -one[1].lapsed, one[0] or ""))
    return {
        "from": instant_text(period.from_us),
        "to": instant_text(period.until_us),
        "timezone": zone.name,
        "by": by,
        "total": _answers(report.total),
        "groups": [{"group": name, **_answers(answers)} for name, answers in groups],
        "not_given": dict(ungiven),
    }


def rate_record(rate: Rate) -> Record:
    """Return a rate with its interval at 95 %; share, low and high are null where there are too few."""
    low, high = rate.interval or (None, None)
    return {"count": rate.count, "of": rate.of, "share": _told(rate.share), "low": _told(low), "high": _told(high)}


def _told(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _answers(answers: Answers) -> Record:
    return {
        "given": answers.given,
        "states": {state: answers.states[state] for state in STATES},
        "still_open": answers.still_open,
        "rejected": dict(sorted(answers.rejected.items(), key=lambda one: (-one[1], one[0]))),
        "acceptance": rate_record(answers.acceptance),
        "accepted_in_time": rate_record(answers.accepting),
        "touched_in_time": rate_record(answers.touching),
        "time_to_accept": _times(answers.accept_times),
        "time_to_touch": _times(answers.touch_times),
        "breached": answers.breached,
        "reassigned": answers.reassigned,
        "lapsed": answers.lapsed,
    }


def _times(times: "array[int]") -> Record:
    """Return half and nine tenths of some working times, in whole seconds."""
    known = sorted(times)
    half, most = at_rank(known, 50), at_rank(known, 90)
    return {"count": len(known), "half_within_s": _seconds(half), "most_within_s": _seconds(most)}


def _seconds(time_us: int | None) -> int | None:
    return None if time_us is None else time_us // SECOND_US
