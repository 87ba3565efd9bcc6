"""Instants and lines of the log of stages, by days of March 2026 in UTC."""

from ripeline.vocabulary.calendar import DAY_US, SECOND_US
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.stages import StageChange

MARCH = (1_772_323_200 * SECOND_US) - DAY_US
"""2026-02-28T00:00:00Z: so many days later it is that day of March."""


def day(number: float) -> int:
    return round(MARCH + number * DAY_US)


def line(at: float, after: str, cause: str = "event", by: str = "") -> StageChange:
    return StageChange("d", Name("user", "x"), "lead", after, day(at), cause, "Told why.", "f" * 16, by)
