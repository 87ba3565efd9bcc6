"""What happened to a lead day by day, and what that did to its scores."""

from dataclasses import dataclass
from itertools import groupby

from ripeline.plan.nodes import Plan
from ripeline.ports.history import History, TimelineAsked
from ripeline.usecases.lead_course import scores_on
from ripeline.usecases.timeline import Record, entry_record


@dataclass(frozen=True, slots=True)
class LeadDay:
    """A local day on which something happened. entries: of it, the youngest first, as `timeline_record` has them.

    fit, engagement: micro-points when it ended, or by now; fit_moved, engagement_moved: how many more than when the day
    before ended.
    """

    day: int
    entries: tuple[Record, ...]
    fit: int
    engagement: int
    fit_moved: int
    engagement_moved: int


def lead_days(history: History, plan: Plan, lead: str, at_us: int, most: int) -> tuple[list[LeadDay], bool]:
    """Return the last days of a lead, the youngest first, and whether there are earlier ones.

    most: entries of all days. Whose is what is told as of the instant, also for the days before. What is undated is
    left out: it moved nothing on a day. Raises InputError where nobody has the identifier.
    """
    _, found = history.timeline(lead, at_us, TimelineAsked(limit=most + 1))
    _, stored = history.lead(plan, lead, at_us)
    # An import may hold what is still to come.
    past = (one for _, one in found[:most] if one.time_us is not None and one.time_us <= at_us)
    dated = [(plan.zone.day(one.time_us or 0), one) for one in past]
    scores = scores_on(plan, stored, {one for day, _ in dated for one in (day, day - 1)}, at_us)
    days = []
    for day, own in groupby(dated, key=lambda pair: pair[0]):
        now, before = scores[day], scores[day - 1]
        moved = now.fit.micro - before.fit.micro, now.engagement.micro - before.engagement.micro
        entries = tuple(entry_record(one) for _, one in own)
        days.append(LeadDay(day, entries, now.fit.micro, now.engagement.micro, *moved))
    return days, len(found) > most
