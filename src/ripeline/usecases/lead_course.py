"""How a lead's scores went from day to day, and what each moment did to them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ripeline.plan.nodes import Plan
from ripeline.ports.history import History
from ripeline.scoring.evaluate import Observed, judge, observe
from ripeline.vocabulary.history import LeadHistory
from ripeline.vocabulary.scores import LeadScore


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """Scores in micro-points when a local day ended, or by now."""

    day: int
    fit: int
    engagement: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What a moment did to scores: how many micro-points more they were than right before it."""

    fit: int
    engagement: int

    def __add__(self, other: "Moved") -> "Moved":
        """Return what both did."""
        return Moved(self.fit + other.fit, self.engagement + other.engagement)


UNMOVED: Final = Moved(0, 0)


def lead_course(history: History, plan: Plan, lead: str, at_us: int, days: int) -> list[CoursePoint]:
    """Return a lead's scores on each of the last days, the oldest first, today's as they are by now.

    Whose is what is told as of the instant, also for the days before. Raises InputError where nobody has the
    identifier.
    """
    _, stored = history.lead(plan, lead, at_us)
    today = plan.zone.day(at_us)
    scores = scores_on(plan, stored, range(today - days + 1, today + 1), at_us)
    return [CoursePoint(day, one.fit.micro, one.engagement.micro) for day, one in scores.items()]


def scores_on(plan: Plan, stored: LeadHistory, days: Iterable[int], at_us: int) -> dict[int, LeadScore]:
    """Return a lead's scores when each of some local days ended, or by an instant, in the order of days."""
    past = _Past(plan, stored)
    return {day: judge(plan, past.by(min(plan.zone.last_instant(day), at_us)), day) for day in sorted(days)}


def moves_at(plan: Plan, stored: LeadHistory, instants: Iterable[int]) -> dict[int, Moved]:
    """Return what each of some instants did to a lead's scores, in their order."""
    past, moves = _Past(plan, stored), dict[int, Moved]()
    for at_us in sorted(set(instants)):
        day = plan.zone.day(at_us)
        before, after = (judge(plan, past.by(one), day) for one in (at_us - 1, at_us))
        moves[at_us] = Moved(after.fit.micro - before.fit.micro, after.engagement.micro - before.engagement.micro)
    return moves


class _Past:
    """What was observed of a lead by ascending instants."""

    def __init__(self, plan: Plan, stored: LeadHistory) -> None:
        self._plan, self._stored, self._news = plan, stored, sorted(times_of(stored))
        self._known, self._observed = -1, None

    _observed: Observed | None

    def by(self, at_us: int) -> Observed:
        """Return what was observed by an instant. Where nothing came since the one before, time alone moves scores."""
        known = bisect_right(self._news, at_us)
        if self._observed is None or known != self._known:
            self._observed, self._known = observe(self._plan, self._stored, at_us), known
        return self._observed


def times_of(stored: LeadHistory) -> Iterator[int]:
    """Yield when anything of a lead happened, or was said."""
    yield from (one.time_us for one in stored.events)
    yield from (one.time_us for one in stored.statements if one.time_us is not None)
    yield from (one.time_us for one in stored.group_links)
    yield from stored.seen_us
    yield from stored.answered_us
