"""What comes next for a lead: when its level falls by itself, and what would raise it today."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from ripeline.definition.model import Accrual, EventMatch, Frequency, Inactivity, Level
from ripeline.plan.nodes import Plan, SignalPlan
from ripeline.scoring.evaluate import Observed, Seen, engagement_at, judge, level_of
from ripeline.scoring.measure import MOST_A_DAY, Days, counted_days
from ripeline.scoring.truth import day_of
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.scores import LeadScore

FARTHEST = 3_650
"""Days ahead that a fall is looked for."""


@dataclass(frozen=True, slots=True)
class Fall:
    """The first local day whose first instant has a lower level, and the levels then."""

    day: int
    fit: str
    engagement: str


@dataclass(frozen=True, slots=True)
class Raise:
    """The fewest further events of a signal today that reach the next engagement level."""

    signal: str
    events: int
    level: str


def next_fall(plan: Plan, observed: Observed, score: LeadScore, day: int, farthest: int = FARTHEST) -> Fall | None:
    """Return when fit or engagement first falls a level if nothing happens; None within so many days."""
    fit, engagement = plan.definition.fit.levels, plan.definition.engagement.levels
    lowest = score.engagement.level == engagement[-1].name and score.fit.level in {fit[-1].name, "unknown"}
    if lowest:
        return None

    def falls(then: int) -> Fall | None:
        levels = _levels_at(plan, observed, score, then)
        is_lower = _lower(fit, score.fit.level, levels[0]) or _lower(engagement, score.engagement.level, levels[1])
        return Fall(then, *levels) if is_lower else None

    last = min(_still_after(plan, observed, day), day + farthest)
    # Once nothing rises any more, who has fallen stays so: days need not be gone through one by one.
    rises = min(_rises_until(plan, observed, day), last)
    after = range(rises + 1, last + 1)
    fallen = after[bisect_left(after, x=True, key=lambda then: falls(then) is not None) :]
    found = (falls(then) for then in chain(range(day + 1, rises + 1), fallen) if _comes(plan.zone, then))
    return next(filter(None, found), None)


def _rises_until(plan: Plan, observed: Observed, day: int) -> int:
    """Return a day from which on time alone raises nothing, at most FARTHEST days ahead."""
    farthest = day + FARTHEST
    if plan.counts_days or any(one.moves for one in plan.signals):
        return farthest
    rising = (_last_change(one, observed) for one in plan.signals if _may_rise(one, observed.signals[one.name]))
    return min(farthest, max((day, *rising)))


def _may_rise(one: SignalPlan, seen: Seen) -> bool:
    """Say whether a signal may give more points as time goes by: what speaks against somebody grows old, too."""
    sign = -1 if one.signal.points < 0 else 1
    match one.signal.form:
        case Accrual():
            return any(sign * units < 0 for units in seen.days.counted.values())
        case Frequency():
            less = sign < 0 or seen.without is not None
            return bool(seen.days.counted) and (less or any(units < 0 for units in seen.days.counted.values()))
        case Inactivity():
            return sign > 0
    return False


def _still_after(plan: Plan, observed: Observed, day: int) -> int:
    """Return a day from which on time alone changes nothing, at most FARTHEST days ahead."""
    farthest = day + FARTHEST
    if plan.ages_asked is None or any(one.moves for one in plan.signals):
        return farthest
    last = max((day, *_last_answers(plan, observed), *(_last_change(one, observed) for one in plan.signals)))
    # A skipped day makes room for a change on the day behind it.
    return min(farthest, last + 1)


def _last_answers(plan: Plan, observed: Observed) -> Iterator[int]:
    """Yield the days on which conditions that ask for the age of a trait are answered otherwise for the last time."""
    for trait, age in plan.ages_asked or ():
        for trusted in (False, True):
            since = day_of(observed.profile.get(trait, trusted=trusted), plan.zone)
            if since is not None:
                yield since + age


def _last_change(one: SignalPlan, observed: Observed) -> int:
    """Return the day on which a signal changes last if nothing happens."""
    seen, form = observed.signals[one.name], one.signal.form
    match form:
        case Accrual():
            return max(seen.days.counted, default=0) + one.horizon
        case Frequency(window=window):
            return max(seen.youngest or 0, seen.without or 0) + window
        case Inactivity(days=days):
            return max(seen.youngest or 0, observed.known_since) + days
    return 0


def _levels_at(plan: Plan, observed: Observed, score: LeadScore, day: int) -> tuple[str, str]:
    """Return the levels of fit and engagement on a later day; fit moves only where conditions count days."""
    if plan.counts_days:
        then = judge(plan, observed, day)
        return then.fit.level, then.engagement.level
    levels = plan.definition.engagement.levels
    return score.fit.level, level_of(levels, engagement_at(plan, observed, day))


def _comes(zone: Zone, day: int) -> bool:
    """Say whether a local day has an instant: a zone that moves across the date line skips one."""
    return zone.day(zone.first_instant(day)) == day


def ways_up(plan: Plan, observed: Observed, score: LeadScore, day: int) -> tuple[Raise, ...]:
    """Return, fewest events first, what would raise engagement by a level if it happened today."""
    names = [level.name for level in plan.definition.engagement.levels]
    rank = names.index(score.engagement.level)
    if rank == 0:
        return ()
    target = plan.definition.engagement.levels[rank - 1]
    found = (
        Raise(one.name, events, target.name)
        for one in plan.signals
        if _can_be_done(one) and (events := _fewest(plan, observed, one, day, target.lowest)) is not None
    )
    return tuple(sorted(found, key=lambda way: way.events))


def _lower(levels: tuple[Level, ...], now: str, then: str) -> bool:
    names = [level.name for level in levels]
    return now in names and then in names and names.index(then) > names.index(now)


def _can_be_done(one: SignalPlan) -> bool:
    form = one.signal.form
    countable = isinstance(form, Accrual | Frequency) and form.measure.kind in {"count", "days", "visits"}
    return countable and one.signal.points > 0


def _fewest(plan: Plan, observed: Observed, one: SignalPlan, day: int, goal: int) -> int | None:
    """Return the least number of events that reaches the goal: more events never lower a score."""

    def reaches(events: int) -> bool:
        return engagement_at(plan, _with_events(plan, observed, one, day, events), day) >= goal

    high = 1
    while not reaches(high):
        if high == MOST_A_DAY:
            return None
        high = min(2 * high, MOST_A_DAY)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high


def _with_events(plan: Plan, observed: Observed, one: SignalPlan, day: int, events: int) -> Observed:
    """Return what would be observed after so many further events of a signal today."""
    form, seen = one.signal.form, observed.signals[one.name]
    if not isinstance(form, Accrual | Frequency):
        raise TypeError(form)
    had = seen.days.measured.get(day, 0)
    today = 1 if form.measure.kind == "days" else min(had + events, MOST_A_DAY)
    measured = {**seen.days.measured, day: today}
    days = Days(measured, counted_days(measured, form.frequency_cap), seen.days.events, seen.days.clamped)
    counted = dict(observed.signals) | {one.name: replace(seen, days=days, youngest=day)}
    signals = {other.name: _also_seen(other, one, counted[other.name], day) for other in plan.signals}
    return replace(observed, signals=signals)


def _also_seen(other: SignalPlan, by: SignalPlan, seen: Seen, day: int) -> Seen:
    """Return what else such an event certainly does: it ends a silence, and it is what should not happen."""
    match other.signal.form:
        case Inactivity(match=match) if _covers(other, match, by):
            return replace(seen, youngest=day)
        case Frequency(without=EventMatch() as match) if _covers(other, match, by):
            return replace(seen, without=day)
    return seen


def _covers(other: SignalPlan, wide: EventMatch, by: SignalPlan) -> bool:
    """Say whether every event that counts for one signal surely matches what another looks at."""
    form = by.signal.form
    if not isinstance(form, Accrual | Frequency) or wide.where is not None:
        return False
    narrow = form.match
    same_type = wide.type in {"any", narrow.type}
    names = wide.names is None or (narrow.names is not None and set(narrow.names) <= set(wide.names))
    return same_type and names and (by.signal.trusted or not other.signal.trusted)
