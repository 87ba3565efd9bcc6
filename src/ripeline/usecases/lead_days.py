"""What happened to a lead day by day, visit by visit, and what that did to its scores."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ripeline.plan.nodes import Plan
from ripeline.ports.history import History, TimelineAsked, TimelineEntry
from ripeline.usecases.lead_course import UNMOVED, Moved, moves_at, scores_on
from ripeline.usecases.lead_visits import Happened, LeadVisit, by_visit
from ripeline.usecases.timeline import entry_record
from ripeline.vocabulary.history import LeadHistory
from ripeline.vocabulary.scores import LeadScore

LEAST_MOVED, MOST_WORK = 10, 30_000
"""What an entry did to scores is told of so many at least; of more while entries times events of the lead are no more
than that, which is half a second's work."""


@dataclass(frozen=True, slots=True)
class LeadDay:
    """A local day on which something happened.

    entries: what began on it, the youngest first; nothing where a visit of the day before went on and that was all.
    fit, engagement: micro-points when it ended, or by now; fit_moved, engagement_moved: how many more than when the day
    before ended.
    """

    day: int
    entries: tuple[Happened | LeadVisit, ...]
    fit: int
    engagement: int
    fit_moved: int
    engagement_moved: int


@dataclass(frozen=True, slots=True)
class DaysAsked:
    """How much of the timeline is looked at. mail_names: events that tell of a mail, and are part of no visit."""

    most: int
    mail_names: Collection[str] = ()


def lead_days(
    history: History, plan: Plan, lead: str, at_us: int, asked: DaysAsked, beside: Sequence[Happened] = ()
) -> tuple[list[LeadDay], bool]:
    """Return the last days of a lead, the youngest first, and whether there are earlier ones.

    beside: what the timeline does not hold, in any order. Whose is what is told as of the instant, also for the days
    before. What is undated is left out: it moved nothing on a day. Raises InputError where nobody has the identifier.
    """
    _, found = history.timeline(lead, at_us, TimelineAsked(limit=asked.most + 1))
    _, stored = history.lead(plan, lead, at_us)
    shown, left_out = [one for _, one in found[: asked.most]], [one for _, one in found[asked.most :]]
    before_us = left_out[0].time_us if left_out else None
    # An import may hold what is still to come; what stands beside is told as far back as everything is.
    dated = [one for one in _dated(shown) if one.at_us <= at_us]
    far = [one for one in beside if one.at_us <= at_us and (before_us is None or one.at_us >= before_us)]
    entries = sorted((*far, *_moved(plan, stored, dated)), key=lambda one: -one.at_us)
    days = {plan.zone.day(one.at_us): list[Happened | LeadVisit]() for one in entries}
    for one in by_visit(entries, asked.mail_names, before_us):
        days[plan.zone.day(one.from_us)].append(one)
    scores = scores_on(plan, stored, {one for day in days for one in (day, day - 1)}, at_us)
    return [_day(day, own, scores) for day, own in days.items()], bool(left_out)


def _dated(entries: Sequence[TimelineEntry]) -> Iterator[Happened]:
    return (Happened(one.time_us, entry_record(one)) for one in entries if one.time_us is not None)


def _moved(plan: Plan, stored: LeadHistory, entries: Sequence[Happened]) -> Iterator[Happened]:
    """Yield entries with what they did to scores; of whoever did very much, the last entries alone.

    What several of one instant did together is said once: of interest beside an act, of fit beside a statement.
    """
    last = entries[: max(LEAST_MOVED, MOST_WORK // max(1, len(stored.events)))]
    moves = moves_at(plan, stored, (one.at_us for one in last))
    for at_us, found in groupby(entries, key=lambda one: one.at_us):
        together, moved = list(found), moves.get(at_us, UNMOVED)
        told, done = _first(together, "traits"), _first(together, "event")
        for one in together:
            own = Moved(moved.fit if one is told else 0, moved.engagement if one is done else 0)
            yield replace(one, moved=own)


def _first(entries: Sequence[Happened], kind: str) -> Happened:
    """Return the first of a kind, else the first of all."""
    return next((one for one in entries if one.record["kind"] == kind), entries[0])


def _day(day: int, own: Sequence[Happened | LeadVisit], scores: Mapping[int, LeadScore]) -> LeadDay:
    now, before = scores[day], scores[day - 1]
    moved = now.fit.micro - before.fit.micro, now.engagement.micro - before.engagement.micro
    return LeadDay(day, tuple(own), now.fit.micro, now.engagement.micro, *moved)
