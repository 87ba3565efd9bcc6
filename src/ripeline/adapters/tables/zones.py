"""Time zones as rows of offsets, from the pinned tzdata package and from nothing on the machine."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from ripeline.vocabulary.calendar import Zone, instant_of

FIRST_YEAR, LAST_YEAR = 1800, 2200
"""Zones changed first in the 19th century; after the last year the last offset is taken to hold."""

SINCE_EVER = -(2**62)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OLDEST_WRITTEN = -(10**10)
"""Seconds: some files list an older change that only marks the beginning."""


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all zones."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@cache
def load_zone(name: str) -> Zone:
    """Return a zone's rows; the name must be one of zone_names()."""
    data = files("tzdata.zoneinfo").joinpath(*name.split("/")).read_bytes()
    info = ZoneInfo.from_file(BytesIO(data), key=name)
    first = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    written = [at for at in _written_changes(data) if at > first]
    rows = [(SINCE_EVER, _offset(info, first))]
    for at in (*written, *_later_changes(info, max([first, *written]))):
        if _offset(info, at) != rows[-1][1]:
            rows.append((instant_of(at), _offset(info, at)))
    return Zone(name, tuple(rows))


def _written_changes(data: bytes) -> list[datetime]:
    """Return the changes that a zone's file lists (RFC 8536: a first block of 32-bit times, then one of 64)."""
    isut, isstd, leaps, times, types, letters = struct.unpack_from(">6l", data, 20)
    second = 44 + times * 5 + types * 6 + letters + leaps * 8 + isstd + isut
    (count,) = struct.unpack_from(">l", data, second + 32)
    seconds = struct.unpack_from(f">{count}q", data, second + 44)
    return [EPOCH + timedelta(seconds=at) for at in seconds if at > OLDEST_WRITTEN]


def _later_changes(info: ZoneInfo, since: datetime) -> Iterator[datetime]:
    """Yield the changes that follow from a zone's yearly rule, found week by week; none where it has no rule."""
    at, offset, ruled = since, _offset(info, since), False
    while at.year < LAST_YEAR and (ruled or at.year < since.year + 2):
        following = at + timedelta(days=7)
        if _offset(info, following) != offset:
            ruled = True
            change = _change(info, at, following)
            offset = _offset(info, change)
            yield change
        at = following


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
