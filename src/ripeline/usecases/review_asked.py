"""Which definition is reviewed, and from when to when."""

from dataclasses import dataclass
from typing import Final

from ripeline.handoff.sales import Sales
from ripeline.plan.nodes import Plan
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.calendar import DAY_US, instant_text
from ripeline.vocabulary.issues import InputError

USUAL_DAYS: Final = 30
"""How long ago "then" is where the definition was never published and nobody says since when."""

PUBLISHED, ASKED, USUAL = "published", "asked", "usual"
_HOW: Final = {PUBLISHED: "when it was published", ASKED: "--since", USUAL: f"{USUAL_DAYS} days before"}


@dataclass(frozen=True, slots=True)
class InUse:
    """A definition in use. name: in its workspace; published_us: when, None where it never was.

    fingerprint: as it was published. won_within: in how many days its likelihood says that leads are won, None: ever.
    """

    name: str
    plan: Plan
    published_us: int | None
    fingerprint: str
    won_within: int | None


@dataclass(frozen=True, slots=True)
class ReviewAsked:
    """From when to when. how: one of published, asked, usual. capacity: handoffs a week that sales can answer."""

    since_us: int
    as_of_us: int
    how: str
    capacity: int | None = None


def review_asked(
    of: InUse, since: str | None, as_of: str | None, now_us: int, capacity: int | None = None
) -> ReviewAsked:
    """Return from when to when is meant, or raise InputError."""
    as_of_us = now_us if as_of is None else instant_of_text(as_of, of.plan.zone)
    since_us, how = _since(of, since, as_of_us)
    if since_us >= as_of_us:
        raise InputError(
            f'"then" is {instant_text(since_us)} ({_HOW[how]}), which is not before "now", {instant_text(as_of_us)}; '
            "say --since a moment before --as-of"
        )
    return ReviewAsked(since_us, as_of_us, how, capacity)


def _since(of: InUse, since: str | None, as_of_us: int) -> tuple[int, str]:
    if since is not None:
        return instant_of_text(since, of.plan.zone), ASKED
    if of.published_us is not None:
        return of.published_us, PUBLISHED
    return as_of_us - USUAL_DAYS * DAY_US, USUAL


def weekly_capacity(sales: Sales) -> int | None:
    """Return how many handoffs a week all salespeople together may be given; None where somebody takes any number."""
    rooms = [(one.capacity, sum(map(bool, one.hours.week))) for one in sales.people.values()]
    if not rooms or any(most is None for most, _ in rooms):
        return None
    return sum((most or 0) * days for most, days in rooms)
