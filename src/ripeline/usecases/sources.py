"""Where what is known comes from: each source with its keys, when it was heard of first and last, and how much came."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ripeline.ports.sources import HOUR_US, SourceHour

DAY_HOURS: Final = 24
WEEK_HOURS: Final = 7 * DAY_HOURS


@dataclass(frozen=True, slots=True)
class Source:
    """A source. keys: those in use; first_us, last_us: None while nothing came.

    day, week: how much came in the last 24 and 168 hours, the one that is under way among them.
    """

    name: str
    keys: Sequence[Mapping[str, Any]]
    first_us: int | None
    last_us: int | None
    total: int
    day: int
    week: int


def sources(keys: Iterable[Mapping[str, Any]], hours: Iterable[SourceHour], at_us: int) -> list[Source]:
    """Return every source that has a key or that something came from, what came last first, new ones before all.

    >>> hour = SourceHour("web", 100, 5, 100 * HOUR_US, 101 * HOUR_US)
    >>> [(one.name, one.day, one.week) for one in sources([], [hour], 124 * HOUR_US)]
    [('web', 0, 5)]
    >>> undated = SourceHour("file", -9, 1, -9 * HOUR_US, -9 * HOUR_US)
    >>> [(one.total, one.last_us) for one in sources([], [undated], 0)]
    [(1, None)]
    """
    by_key, by_hour = defaultdict[str, list[Mapping[str, Any]]](list), defaultdict[str, list[SourceHour]](list)
    for key in keys:
        by_key[key["source"]].append(key)
    for hour in hours:
        by_hour[hour.source].append(hour)
    found = [_source(name, by_key[name], by_hour[name], at_us // HOUR_US) for name in {*by_key, *by_hour}]
    return sorted(found, key=lambda one: (one.last_us is not None, -(one.last_us or 0), one.name))


def _source(name: str, keys: Sequence[Mapping[str, Any]], hours: Sequence[SourceHour], now: int) -> Source:
    def since(many: int) -> int:
        return sum(one.count for one in hours if now - many < one.hour <= now)

    # What a file told without a moment holds since before there was time: nobody received it then.
    dated = [one for one in hours if one.hour >= 0]
    first, last = (
        min((one.first_us for one in dated), default=None),
        max((one.last_us for one in dated), default=None),
    )
    return Source(name, keys, first, last, sum(one.count for one in hours), since(DAY_HOURS), since(WEEK_HOURS))
