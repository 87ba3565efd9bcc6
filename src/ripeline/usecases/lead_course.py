"""How a lead's scores went from day to day."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
    news = sorted({plan.zone.day(at) for at in _times(stored)})
    scores, seen, observed = dict[int, LeadScore](), -1, None
    for day in sorted(days):
        # Where nothing came to be known, time alone moves scores: what was observed still holds.
        known = bisect_right(news, day)
        if observed is None or known != seen:
            observed, seen = _observed(plan, stored, day, at_us), known
        scores[day] = judge(plan, observed, day)
    return scores


def _observed(plan: Plan, stored: LeadHistory, day: int, at_us: int) -> Observed:
    return observe(plan, stored, min(plan.zone.last_instant(day), at_us))


def _times(stored: LeadHistory) -> Iterator[int]:
    """Yield when anything of a lead happened, or was said."""
    yield from (one.time_us for one in stored.events)
    yield from (one.time_us for one in stored.statements if one.time_us is not None)
    yield from (one.time_us for one in stored.group_links)
    yield from stored.seen_us
    yield from stored.answered_us
