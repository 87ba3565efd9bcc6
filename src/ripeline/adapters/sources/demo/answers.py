"""How the invented salespeople answer: each at their own pace, and what fits well is taken up more often.

Whoever has a deal in `outcomes.csv` that is still to be decided is taken up; how it ends is told there, and by nobody
twice. The same seed gives the same answers.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log
from typing import Final

from ripeline.vocabulary.calendar import DAY_US, SECOND_US

After = Callable[[int, float], int]
"""From an instant and working minutes to the instant at which so many have passed, by the clock of whose lead it is."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How somebody works: in half of all cases the first answer takes so many working minutes; a share is forgotten."""

    minutes: float
    forgotten: float


PACES: Final = {"anna": Pace(30, 0.0), "ben": Pace(80, 0.02), "carla": Pace(200, 0.08)}
_ASKED: Final = 0.25
"""Who asked to talk to sales is answered in this part of the time."""

_SPREAD: Final = 0.7
_ACCEPTED_FIRST: Final = 0.6
"""The others are called at once, which accepts them."""

_FORGOTTEN_DAYS: Final = (3, 9)
_TAKEN_UP: Final = 0.97
_QUALIFIED: Final = {"won": 0.9, "lost": 0.5}
_WORKING_DAY: Final = 7.5 * 60

# What is said of whom nobody takes up, the likelier the worse a lead fits, and of whom it came to nothing with.
_AT_ONCE: Final = {
    "poor": {"too_small": 6, "student": 3, "wrong_person": 4, "no_need": 2},
    "fair": {"wrong_person": 5, "no_budget": 3, "no_need": 3, "unreachable": 2, "too_small": 2},
    "good": {"competitor_customer": 4, "not_now": 3, "no_budget": 2, "unreachable": 2},
}
_LATER: Final = {"no_need": 5, "unreachable": 4, "no_budget": 4, "not_now": 2, "competitor_customer": 2}
_AGAIN: Final = ("They plan for next year.", "Busy with a move until then.", "Asked to be called again then.")
_BUDGETS: Final = ("5,000 a year", "12,000 a year", "within what IT spends", "20,000, to be approved")
_NEEDS: Final = ("one place for all requests", "less work by hand", "a tool that auditors accept")
_FITS: Final = ("all they need is there", "one interface is missing", "a trial went well")
_TIMES: Final = ("this quarter", "next quarter", "by the end of the year")


@dataclass(frozen=True, slots=True)
class GivenLead:
    """A lead as a salesperson was given it.

    number: of the handoff; fit: points; asked: it asked to talk to sales; deal: won or lost, and when, where the story
    knows.
    """

    number: int
    lead: str
    owner: str
    fit: float
    asked: bool
    at_us: int
    deal: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class DemoAnswer:
    """What somebody says of a lead at an instant; words: what they tell besides, by what it is called."""

    at_us: int
    verb: str
    words: dict[str, str]


def answers_to(given: GivenLead, after: After, seed: int = 7) -> Iterator[DemoAnswer]:
    """Yield what a salesperson says of a lead, in order of time."""
    rng = random.Random(f"{seed} {given.lead} {given.number} {given.owner}")
    pace = PACES[given.owner]
    minutes = _minutes(rng, pace.minutes * (_ASKED if given.asked else 1))
    if rng.random() < pace.forgotten:
        minutes = rng.uniform(*_FORGOTTEN_DAYS) * _WORKING_DAY
    first_us = after(given.at_us, minutes)
    if rng.random() > _chance(given):
        yield _sent_back(rng, first_us, _AT_ONCE[_level(given.fit)])
        return
    touched_us = first_us
    if not given.asked and rng.random() < _ACCEPTED_FIRST:
        yield DemoAnswer(first_us, "accept", {})
        touched_us = after(first_us, _minutes(rng, pace.minutes * 1.5))
    yield DemoAnswer(touched_us, "touch", {})
    if given.deal is None:
        yield from _in_vain(rng, touched_us, after)
    else:
        yield from _dealing(rng, touched_us, *given.deal)


def _minutes(rng: random.Random, half: float) -> float:
    return rng.lognormvariate(log(half), _SPREAD)


def _chance(given: GivenLead) -> float:
    """Return how likely it is that a lead is taken up."""
    return _TAKEN_UP if given.deal else min(0.92, 0.3 + given.fit / 90 + 0.15 * given.asked)


def _level(fit: float) -> str:
    return "good" if fit >= 50 else "fair" if fit >= 25 else "poor"


def _sent_back(rng: random.Random, at_us: int, reasons: dict[str, int]) -> DemoAnswer:
    reason = _one_of(rng, reasons)
    if reason == "not_now":
        until = datetime.fromtimestamp(at_us // SECOND_US, UTC) + timedelta(days=rng.randint(30, 75))
        words = {"reason": "not now", "comment": rng.choice(_AGAIN), "until": str(until.date())}
        return DemoAnswer(at_us, "recycle", words)
    return DemoAnswer(at_us, "reject", {"reason": reason})


def _in_vain(rng: random.Random, at_us: int, after: After) -> Iterator[DemoAnswer]:
    """Yield how it goes on with a lead of whom no deal is known: sooner or later it is sent back."""
    if rng.random() < 0.3:
        at_us = after(at_us, rng.uniform(2, 8) * _WORKING_DAY)
        yield _qualified(rng, at_us)
    yield _sent_back(rng, after(at_us, rng.uniform(2, 15) * _WORKING_DAY), _LATER)


def _dealing(rng: random.Random, at_us: int, end: str, end_us: int) -> Iterator[DemoAnswer]:
    """Yield what is said on the way to a deal's end: most that are won were qualified before."""
    if rng.random() < _QUALIFIED[end] and end_us - at_us > DAY_US:
        yield _qualified(rng, at_us + round((end_us - at_us) * rng.uniform(0.2, 0.7)))


def _qualified(rng: random.Random, at_us: int) -> DemoAnswer:
    found = {"budget": _BUDGETS, "need": _NEEDS, "fit": _FITS, "timing": _TIMES}
    return DemoAnswer(at_us, "qualify", {name: rng.choice(words) for name, words in found.items()})


def _one_of(rng: random.Random, shares: dict[str, int]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]
