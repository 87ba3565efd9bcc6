"""Times that people write on a command line or in a file of moments, to instants."""

from datetime import date

from ripeline.vocabulary.calendar import EARLIEST_US, LATEST_US, Zone
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.values import read_date, read_time


def instant_of_text(text: str, zone: Zone) -> int:
    """Return the instant a text means: a date is the last microsecond of that local day, a time itself.

    A time that names no zone is UTC. Raises InputError for what is neither.
    """
    text = text.strip()
    day = read_date(text)
    at = zone.last_instant(day) if day is not None else read_time(text)
    if at is None or not EARLIEST_US <= at <= LATEST_US:
        hint = f"write a date such as {date(2026, 3, 31)} or a time such as 2026-03-31T12:00:00Z"
        raise InputError(f'"{text}" is no time; {hint}')
    return at
