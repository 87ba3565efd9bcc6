"""How a lead's scores went from day to day."""

from collections.abc import Iterator
from dataclasses import dataclass

from ripeline.plan.nodes import Plan
from ripeline.ports.history import History
from ripeline.scoring.evaluate import judge, observe
from ripeline.vocabulary.history import LeadHistory


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
    zone, today = plan.zone, plan.zone.day(at_us)
    news, observed, course = {zone.day(at) for at in _times(stored)}, None, list[CoursePoint]()
    for day in range(today - days + 1, today + 1):
        # Where nothing came to be known, time alone moves scores: what was observed still holds.
        if observed is None or day in news:
            observed = observe(plan, stored, min(zone.last_instant(day), at_us))
        score = judge(plan, observed, day)
        course.append(CoursePoint(day, score.fit.micro, score.engagement.micro))
    return course


def _times(stored: LeadHistory) -> Iterator[int]:
    """Yield when anything of a lead happened, or was said."""
    yield from (one.time_us for one in stored.events)
    yield from (one.time_us for one in stored.statements if one.time_us is not None)
    yield from (one.time_us for one in stored.group_links)
    yield from stored.seen_us
    yield from stored.answered_us
