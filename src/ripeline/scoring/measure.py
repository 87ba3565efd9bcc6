"""Events to what a signal counts on each local day."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ripeline.definition.model import EventMatch, FrequencyCap, Measure
from ripeline.vocabulary.calendar import SECOND_US, Zone, month_of, week_of
from ripeline.vocabulary.history import Event
from ripeline.vocabulary.points import clamp
from ripeline.vocabulary.visits import cut

Mismatch = Literal["type", "name", "untrusted", "where"]
"""What of an event may not be as a signal wants it."""

MOST_A_DAY = 10_000
"""A day's measure is held between 0 and this, before the frequency cap."""

_BUCKETS: dict[str, Callable[[int], int]] = {
    "day": lambda day: day,
    "week": week_of,
    "month": month_of,
    "ever": lambda _: 0,
}


@dataclass(frozen=True, slots=True)
class Days:
    """What one signal saw of one person, by local day.

    measured: units after the clamp; counted: those left by the frequency cap; events: how many
    matched. clamped: days whose measure was held; not_numbers: events with nothing to add up.
    """

    measured: Mapping[int, int] = field(default_factory=dict)
    counted: Mapping[int, int] = field(default_factory=dict)
    events: Mapping[int, int] = field(default_factory=dict)
    clamped: tuple[int, ...] = ()
    not_numbers: int = 0


def matching(
    events: Iterable[Event], match: EventMatch, where: Callable[[Event], bool | None], *, trusted: bool
) -> list[Event]:
    """Return the events that a signal looks at. where: whether the condition holds for an event."""
    return [event for event in events if mismatch(event, match, where, trusted=trusted) is None]


def mismatch(
    event: Event, match: EventMatch, where: Callable[[Event], bool | None], *, trusted: bool
) -> Mismatch | None:
    """Return what of an event is not as a signal wants it, the first of several; None where all is."""
    if match.type not in {"any", event.type}:
        return "type"
    if match.names is not None and event.name not in match.names:
        return "name"
    if trusted and not event.trusted:
        return "untrusted"
    return None if where(event) is True else "where"


def days_of(events: Sequence[Event], measure: Measure, cap: FrequencyCap | None, zone: Zone) -> Days:
    """Return the measure of matching events by local day."""
    counted = Counter(zone.day(event.time_us) for event in events)
    raw = _raw_measure(events, measure, zone, counted)
    measured = {day: clamp(units, 0, MOST_A_DAY) for day, units in raw.items()}
    return Days(
        measured=measured,
        counted=counted_days(measured, cap),
        events=counted,
        clamped=tuple(day for day, units in raw.items() if units > MOST_A_DAY),
        not_numbers=_not_numbers(events, measure),
    )


def _raw_measure(events: Sequence[Event], measure: Measure, zone: Zone, counted: Counter[int]) -> dict[int, int]:
    match measure.kind:
        case "count":
            return dict(counted)
        case "days":
            return dict.fromkeys(counted, 1)
        case "sum":
            return _sums(events, measure.field or "", zone)
    visits = _visits(events)
    by_day: Counter[int] = Counter()
    for first, last in visits:
        by_day[zone.day(first)] += 1 if measure.kind == "visits" else last - first
    if measure.kind == "visits":
        return dict(by_day)
    return {day: silent // (60 * SECOND_US) for day, silent in by_day.items()}


def _visits(events: Iterable[Event]) -> list[tuple[int, int]]:
    """Return (first, last) instants of the visits that events make, in order of time."""
    return [(visit[0], visit[-1]) for visit in cut((event.time_us for event in events), lambda at: at)]


def _sums(events: Iterable[Event], key: str, zone: Zone) -> dict[int, int]:
    """Return each day's sum in whole units, cut toward zero; below zero it is 0 by the clamp."""
    thousandths: Counter[int] = Counter()
    for event in events:
        addend = value.addend if (value := event.fields.get(key)) else None
        if addend is not None:
            thousandths[zone.day(event.time_us)] += addend
    return {day: max(total, 0) // 1000 for day, total in thousandths.items()}


def _not_numbers(events: Iterable[Event], measure: Measure) -> int:
    if measure.kind != "sum":
        return 0
    values = (event.fields.get(measure.field or "") for event in events)
    return sum(value is None or value.addend is None for value in values)


def counted_days(measured: Mapping[int, int], cap: FrequencyCap | None) -> Mapping[int, int]:
    """Return what counts: of each bucket at most so many units, the youngest first."""
    if cap is None:
        return measured
    left: dict[int, int] = {}
    counted: dict[int, int] = {}
    for day in sorted(measured, reverse=True):
        bucket = _BUCKETS[cap.per](day)
        room = left.setdefault(bucket, cap.most)
        counted[day] = min(measured[day], room)
        left[bucket] = room - counted[day]
    return counted
