"""What `ripeline learn` is asked, read from text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ripeline.learning.snapshots import Given, Now, When
from ripeline.usecases.learn_told import USUAL_RULES, LearnTold
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.calendar import OLDEST_AGE, SECOND_US, Zone
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.looks import AfterCreation, Every, moments_text, read_moments

_DAYS: Final = re.compile(r"([1-9][0-9]{0,4})d")
_CAPACITY: Final = re.compile(r"([1-9][0-9]{0,6})/week")

EVERY_WEEK: Final = Every(7)
AN_HOUR_AFTER: Final = AfterCreation(3_600 * SECOND_US)


@dataclass(frozen=True, slots=True)
class LearnAsked:
    """What to learn. within_days: in how many days a lead has to be won, None for ever; when: None for what fits.

    ignored, kept: traits and events that are left out, and those that are not though they may know the outcome.
    per_week: how many leads sales can answer; starts: from the company's own definition, which is corrected.
    """

    as_of_us: int
    within_days: int | None = None
    when: When | None = None
    ignored: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    most: int = USUAL_RULES
    repeats: bool = False
    per_week: int | None = None
    seed: int = 0
    is_ordered: bool = False
    starts: bool = False


def learn_asked(told: LearnTold, zone: Zone, now_us: int, given: Callable[[str], Given]) -> LearnAsked:
    """Return what is asked; given: reads a file of moments. Raises InputError where something is written wrong."""
    return LearnAsked(
        as_of_us=now_us if told.as_of is None else instant_of_text(told.as_of, zone),
        within_days=within_asked(told.win_within),
        when=when_asked(told.score_at, given),
        ignored=told.ignore,
        kept=told.keep,
        most=told.most,
        repeats=told.repeats,
        per_week=capacity_asked(told.capacity),
        seed=told.seed,
        is_ordered=told.is_ordered,
        starts=told.starts,
    )


def within_asked(text: str | None) -> int | None:
    """Return a number of days, such as 30d; None for ever. Raises InputError."""
    if text is None:
        return None
    found = _DAYS.fullmatch(text)
    if found is None:
        raise InputError(f'"{text}" is no number of days; write such as 30d')
    if int(found[1]) > OLDEST_AGE:
        raise InputError(f'"{text}" is more than {OLDEST_AGE}d')
    return int(found[1])


HANDOFFS: Final = "handoffs"
"""The moments at which leads were given to sales."""


def when_asked(text: str | None, given: Callable[[str], Given]) -> When | None:
    """Return at which moments leads are looked at; given: reads a file, or HANDOFFS. Raises InputError.

    >>> when_asked("every:4d", None), when_asked("created+1h", None)
    (Every(days=4), AfterCreation(wait_us=3600000000))
    """
    if text is None:
        return None
    if (found := read_moments(text)) is not None:
        return found
    if text.startswith(("every", "created")):
        raise InputError(f'"{text}" is no moment to score at; write such as every:4d, created+1h, handoffs, or a file')
    return given(text)


def capacity_asked(text: str | None) -> int | None:
    """Return how many leads a week sales can answer, such as 40/week. Raises InputError."""
    if text is None:
        return None
    found = _CAPACITY.fullmatch(text)
    if found is None:
        raise InputError(f'"{text}" is no number of leads a week; write such as 40/week')
    return int(found[1])


def names_asked(told: Sequence[str]) -> tuple[str, ...]:
    """Return names of several options, each of one name or of several with commas between them.

    >>> names_asked(["Tags, Lead Quality", "City"])
    ('Tags', 'Lead Quality', 'City')
    """
    return tuple(name for one in told for part in one.split(",") if (name := part.strip()))


def when_told(when: When) -> str:
    """Return how moments are written."""
    match when:
        case Every() | AfterCreation():
            return moments_text(when)
        case Given():
            return when.called
        case Now():
            return "now"
