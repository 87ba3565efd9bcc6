"""Time zones as rows of offsets, from the pinned tzdata package and from nothing on the machine."""

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from ripeline.vocabulary.calendar import Zone, instant_of

FIRST_YEAR, LAST_YEAR = 1800, 2200
"""Zones changed first in the 19th century; after the last year the last offset is taken to hold."""

SINCE_EVER = -(2**62)


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all zones."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@cache
def load_zone(name: str) -> Zone:
    """Return a zone's rows; the name must be one of zone_names()."""
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as file:
        info = ZoneInfo.from_file(file, key=name)
    rows = [(SINCE_EVER, _offset(info, datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)))]
    at = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    while at.year < LAST_YEAR:
        following = at + timedelta(days=7)
        if _offset(info, following) != rows[-1][1]:
            change = _change(info, at, following)
            rows.append((instant_of(change), _offset(info, change)))
            following = change
        at = following
    return Zone(name, tuple(rows))


def _offset(info: ZoneInfo, at: datetime) -> int:
    shift = at.astimezone(info).utcoffset() or timedelta(0)
    return shift // timedelta(microseconds=1)


def _change(info: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first second at which another offset holds than at `before`."""
    old = _offset(info, before)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        before, after = (middle, after) if _offset(info, middle) == old else (before, middle)
    return after
