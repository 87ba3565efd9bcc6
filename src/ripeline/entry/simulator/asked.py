"""What somebody asks of a simulation, read from words: where to, how fast, how long, how many."""

import re
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from itertools import islice, takewhile

from ripeline.entry.bootstrap.traffic import Message, Pace, at_rate, at_speed
from ripeline.entry.simulator.connection import Target, target_of
from ripeline.vocabulary.issues import InputError, UsageError

_RATE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:/(s|m|h))?")
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(s|m|h)")
_UNITS_S = {"s": 1, "m": 60, "h": 3600}


def target_asked(url: str, *, anywhere: bool) -> Target:
    """Return where to send to.

    Raises InputError for what is no address, and for another machine unless any will do.
    """
    target = target_of(url)
    if not anywhere and not _is_here(target.host):
        raise InputError(f"{target.host} is not this machine; --anywhere sends invented leads there all the same")
    return target


def _is_here(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def must_be_within(name: str, number: int | None, most: int | None = None) -> None:
    """Raise UsageError where an option that was given is below 1, or above the most there is."""
    if number is not None and (number < 1 or (most is not None and number > most)):
        raise UsageError(f"--{name} is {number:,}; it takes " + (f"1 to {most:,}" if most else "1 or more"))


def pace_asked(rate: str | None, speed: float | None) -> Pace:
    """Return when messages are due: 50 a second where nothing is said.

    Raises UsageError for two answers, and for what is no pace.
    """
    if rate is not None and speed is not None:
        raise UsageError("--rate and --speed do not go together")
    if speed is None:
        return at_rate(per_second(rate or "50/s"))
    if not 0 < speed < float("inf"):
        raise UsageError(f"--speed is {speed:g}; it takes a number above 0, such as 3600")
    return at_speed(speed)


def per_second(rate: str) -> float:
    """Return how many a second a rate is, or raise UsageError.

    >>> per_second("30/m")
    0.5
    """
    found = _RATE.fullmatch(rate.strip())
    if found is None or float(found[1]) == 0:
        raise UsageError(f'--rate is "{rate}"; it takes a number above 0 and a unit, such as 50/s or 30/m')
    return float(found[1]) / _UNITS_S[found[2] or "s"]


def seconds(lasts: str) -> float:
    """Return how many seconds a duration has, or raise UsageError.

    >>> seconds("1.5m")
    90.0
    """
    found = _DURATION.fullmatch(lasts.strip())
    if found is None or float(found[1]) == 0:
        raise UsageError(f'--for is "{lasts}"; it takes a number above 0 and a unit, such as 30s, 5m or 1h')
    return float(found[1]) * _UNITS_S[found[2]]


def messages_asked(messages: Iterator[Message], events: int | None, lasts_s: float | None) -> Iterator[Message]:
    """Yield messages until there were so many, or so many seconds are over; None: no end."""
    timely = messages if lasts_s is None else takewhile(lambda message: message.at_s < lasts_s, messages)
    return islice(timely, events)
