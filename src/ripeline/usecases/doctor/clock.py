"""The machine's clock is not behind what was received."""

from collections.abc import Iterator

from ripeline.usecases.doctor.case import Case, Finding
from ripeline.vocabulary.calendar import instant_text

APART_US = 60 * 1_000_000


def clock(case: Case) -> Iterator[Finding]:
    """Find a clock that went back, or that was ahead once."""
    youngest_us = case.state.youngest_us
    if youngest_us - case.now_us > APART_US:
        message = f"it shows {instant_text(case.now_us)}, and something was received at {instant_text(youngest_us)}"
        advice = "set the machine's clock: events are dated and scored by it"
        yield Finding("clock", message, advice)
