"""When leads are looked at, to see what becomes of them: at the ends of days, or once after they are known."""

import re
from dataclasses import dataclass
from typing import Final

from ripeline.vocabulary.calendar import DAY_US, SECOND_US

PATTERN: Final = r"every:[1-9][0-9]{0,4}d|created\+[0-9]{1,5}[mhd]"
"""How moments are written."""

_EVERY: Final = re.compile(r"every:([1-9][0-9]{0,4})d")
_CREATED: Final = re.compile(r"created\+([0-9]{1,5})([mhd])")
_UNITS: Final = {"m": 60 * SECOND_US, "h": 3_600 * SECOND_US, "d": DAY_US}


@dataclass(frozen=True, slots=True)
class Every:
    """At the end of every so many days, of everybody who is at risk."""

    days: int


@dataclass(frozen=True, slots=True)
class AfterCreation:
    """Once, so long after a lead is known, if it is at risk then."""

    wait_us: int


Moments = Every | AfterCreation


def read_moments(text: str) -> Moments | None:
    """Return the moments that a text tells, None where it tells none.

    >>> read_moments("every:4d"), read_moments("created+1h"), read_moments("created")
    (Every(days=4), AfterCreation(wait_us=3600000000), None)
    """
    if found := _EVERY.fullmatch(text):
        return Every(int(found[1]))
    if found := _CREATED.fullmatch(text):
        return AfterCreation(int(found[1]) * _UNITS[found[2]])
    return None


def moments_text(moments: Moments) -> str:
    """Return moments as they are written.

    >>> moments_text(Every(7)), moments_text(AfterCreation(5_400_000_000))
    ('every:7d', 'created+90m')
    """
    if isinstance(moments, Every):
        return f"every:{moments.days}d"
    unit = next(unit for unit in ("d", "h", "m") if moments.wait_us % _UNITS[unit] == 0)
    return f"created+{moments.wait_us // _UNITS[unit]}{unit}"
