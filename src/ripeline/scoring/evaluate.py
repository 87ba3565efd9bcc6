"""One lead, scored in Python: what a plan means. The SQL reader is held equal to this, line by line.

Two steps: `observe` turns a history into what each signal counted by day; `judge` turns that into a
score at a local day. Time alone moves only the second.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ripeline.definition.conditions import Condition, Name, names_in
from ripeline.definition.model import (
    Accrual,
    Definition,
    EventMatch,
    Frequency,
    Inactivity,
    Level,
    Signal,
    TraitUnits,
)
from ripeline.plan.nodes import Limits, Plan, SignalPlan
from ripeline.scoring.limits import Part, held_apart, limit_line, limited_total, supported, weak_line
from ripeline.scoring.measure import MOST_A_DAY, Days, days_of, matching
from ripeline.scoring.profile import Profile
from ripeline.scoring.truth import Reader
from ripeline.vocabulary.calendar import EVER
from ripeline.vocabulary.derived_fields import INPUTS, derived_values
from ripeline.vocabulary.history import Event, LeadHistory
from ripeline.vocabulary.points import LARGEST_SUM, MICRO, clamp
from ripeline.vocabulary.scores import UNKNOWN_FIT, Contribution, LeadScore, Score
from ripeline.vocabulary.values import Value

ALWAYS = -1
"""The day since which a person is known who has nothing dated."""

NOBODY_YET = 10_000_000
"""Since when someone is known of whom nothing is known by then: after every day there is."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one signal saw: days that count, and the youngest day of its events and of `without`.

    unanswered: the youngest day of its events after the last disposition, where the signal raises a hand.
    """

    days: Days
    youngest: int | None
    without: int | None
    unanswered: int | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """A history as the signals of a plan see it, on a local day.

    known_since: the first day anything is known of. events: what they looked at. answered_us: the last disposition.
    """

    profile: Profile
    signals: Mapping[str, Seen]
    known_since: int
    day: int
    events: tuple[Event, ...]
    answered_us: int


def evaluate(plan: Plan, history: LeadHistory, as_of_us: int) -> LeadScore:
    """Return the score of one lead at an instant, with every reason."""
    day = plan.zone.day(as_of_us)
    return judge(plan, observe(plan, history, as_of_us), day)


def observe(plan: Plan, history: LeadHistory, as_of_us: int) -> Observed:
    """Return what the signals saw up to an instant."""
    events = tuple(event for event in history.events if event.time_us <= as_of_us)
    profile = Profile(history.statements, as_of_us, plan.tables)
    day = plan.zone.day(as_of_us)
    answered_us = max((at for at in history.answered_us if at <= as_of_us), default=EVER)
    signals = {one.name: _seen(plan, one.signal, events, profile, day, answered_us) for one in plan.signals}
    return Observed(profile, signals, _known_since(plan, history, events, as_of_us), day, events, answered_us)


def engagement_at(plan: Plan, observed: Observed, day: int) -> int:
    """Return engagement alone at a local day, in micro-points: all that further events can move."""
    reads, reads_trusted = (_trait_reader(plan, observed.profile, day, trusted=trusted) for trusted in (False, True))
    return _engagement(plan, _moved(plan, observed, day), reads, reads_trusted, day).micro


def judge(plan: Plan, observed: Observed, day: int) -> LeadScore:
    """Return the score at a local day of what was observed."""
    observed = _moved(plan, observed, day)
    reads = _trait_reader(plan, observed.profile, day, trusted=False)
    reads_trusted = _trait_reader(plan, observed.profile, day, trusted=True)
    fit, unknown = _fit(plan, reads, reads_trusted)
    engagement = _engagement(plan, observed, reads, reads_trusted, day)
    suppressed = suppressed_by(plan, observed.profile, day)
    cell = plan.definition.matrix[fit.level][engagement.level]
    hand_raise, stage = _hand_raise(plan, observed, reads, reads_trusted, day)
    action = "handoff" if hand_raise else cell.action
    reachable = _reachable(plan.definition, observed.profile)
    meets = action == "handoff" and reachable and not suppressed
    return LeadScore(
        fit=fit,
        engagement=engagement,
        rating=None if suppressed else cell.rating,
        action="none" if suppressed else action,
        meets_definition=meets,
        stage="suppressed" if suppressed else stage if meets else "lead",
        likelihood=likelihood_of(plan, fit.micro, engagement.micro),
        unknown=unknown,
        suppressed_by=suppressed,
        hand_raise=hand_raise,
        reachable=reachable,
    )


def suppressed_by(plan: Plan, profile: Profile, day: int) -> str | None:
    """Return the first rule by which a person is suppressed on a local day, None for none."""
    reads = _trait_reader(plan, profile, day, trusted=True)
    return next((rule.name for rule in plan.definition.suppress if reads(rule.when) is True), None)


def _moved(plan: Plan, observed: Observed, day: int) -> Observed:
    """Look again from another day where conditions on events count days: time alone moves those."""
    moving = [one for one in plan.signals if one.moves] if day != observed.day else []
    if not moving:
        return observed
    profile, events, answered_us = observed.profile, observed.events, observed.answered_us
    seen = {one.name: _seen(plan, one.signal, events, profile, day, answered_us) for one in moving}
    return replace(observed, signals={**observed.signals, **seen}, day=day)


def _reachable(definition: Definition, profile: Profile) -> bool:
    """Say whether one of the required facts is known."""
    return not definition.required or any(profile.get(key) is not None for key in definition.required)


def _trait_reader(plan: Plan, profile: Profile, day: int, *, trusted: bool) -> Callable[[Condition], bool | None]:
    return trait_reader(plan, profile, day, trusted=trusted).holds


def trait_reader(plan: Plan, profile: Profile, day: int, *, trusted: bool) -> Reader:
    """Return what reads conditions on traits, on a local day."""

    def lookup(name: Name) -> Value | None:
        return profile.get(name.key, trusted=trusted)

    return Reader(lookup, plan.zone, day)


def _known_since(plan: Plan, history: LeadHistory, events: Iterable[Event], as_of_us: int) -> int:
    stated = [statement.time_us for statement in history.statements]
    dated = [at for at in stated if at is not None]
    linked = (*history.seen_us, *(link.time_us for link in history.group_links))
    instants = [*(event.time_us for event in events), *dated, *linked]
    undated = ALWAYS if None in stated else NOBODY_YET
    return min((plan.zone.day(at) for at in instants if at <= as_of_us), default=undated)


# Engagement: what they do


def _seen(plan: Plan, signal: Signal, events: Iterable[Event], profile: Profile, day: int, answered_us: int) -> Seen:
    def holding(match: EventMatch) -> list[Event]:
        return matched(plan, signal, match, events, profile, day)

    def unanswered(counted: list[Event]) -> int | None:
        if signal.hand_raise is None:
            return None
        # An answer closes what was asked in the same instant.
        return _youngest(plan, (event for event in counted if event.time_us > answered_us))

    match signal.form:
        case Accrual(match=match, measure=measure, frequency_cap=cap):
            counted = holding(match)
            return Seen(days_of(counted, measure, cap, plan.zone), _youngest(plan, counted), None, unanswered(counted))
        case Frequency(match=match, measure=measure, frequency_cap=cap, without=without):
            counted = holding(match)
            stopped = _youngest(plan, holding(without)) if without else None
            days = days_of(counted, measure, cap, plan.zone)
            return Seen(days, _youngest(plan, counted), stopped, unanswered(counted))
        case Inactivity(match=match):
            return Seen(Days(), _youngest(plan, holding(match)), None)
    return Seen(Days(), None, None)


def matched(
    plan: Plan, signal: Signal, match: EventMatch, events: Iterable[Event], profile: Profile, day: int
) -> list[Event]:
    """Return the events that a signal looks at, on a local day."""
    where = _event_reader(plan, match.where, profile, day, trusted=signal.trusted)
    return matching(events, match, where, trusted=signal.trusted)


def _event_reader(
    plan: Plan, where: Condition | None, profile: Profile, day: int, *, trusted: bool
) -> Callable[[Event], bool | None]:
    if where is None:
        return lambda _: True
    reads = event_reader(plan, where, profile, day, trusted=trusted)
    return lambda event: reads(event).holds(where)


def event_reader(
    plan: Plan, where: Condition, profile: Profile, day: int, *, trusted: bool
) -> Callable[[Event], Reader]:
    """Return what reads a condition, and each part of it, beside an event, on a local day."""
    derived = {name.root for name in names_in(where) if name.root in INPUTS}

    def reads(event: Event) -> Reader:
        told = {root: derived_values(root, event.fields, plan.tables) for root in derived}

        def lookup(name: Name) -> Value | None:
            if name.root == "trait":
                return profile.get(name.key, trusted=trusted)
            return told.get(name.root, event.fields).get(name.key)

        return Reader(lookup, plan.zone, day)

    return reads


def _youngest(plan: Plan, events: Iterable[Event]) -> int | None:
    return max((plan.zone.day(event.time_us) for event in events), default=None)


def _engagement(
    plan: Plan,
    observed: Observed,
    reads: Callable[[Condition], bool | None],
    reads_trusted: Callable[[Condition], bool | None],
    day: int,
) -> Score:
    lines: list[Contribution] = []
    parts: list[Part] = []
    for one in plan.signals:
        signal = one.signal
        if signal.gate is not None and (reads_trusted if signal.trusted else reads)(signal.gate) is not True:
            continue
        own = list(signal_lines(one, observed, day))
        lines.extend(own)
        parts.append(Part(sum(line.micro for line in own), signal.group, signal.weak))
    return _engagement_score(plan, parts, lines)


def _engagement_score(plan: Plan, parts: list[Part], lines: list[Contribution]) -> Score:
    limits, share = plan.engagement_limits, plan.definition.engagement.weak_share
    full, limit_lines = limited_total(parts, limits)
    strong, _ = limited_total([part for part in parts if not part.weak], limits)
    after = supported(full, strong, share)
    all_lines = (*lines, *limit_lines, *weak_line(full, after))
    return Score(after, level_of(plan.definition.engagement.levels, after), all_lines)


def signal_lines(one: SignalPlan, observed: Observed, day: int) -> Iterator[Contribution]:
    """Yield a signal's own line, its clamp and its cap; nothing where it gives nothing."""
    signal = one.signal
    raw, clamped = _raw_points(one, observed, day)
    if raw:
        yield Contribution(signal.name, raw)
    total = clamp(raw, -LARGEST_SUM, LARGEST_SUM)
    if clamped or total != raw:
        yield Contribution(f"clamp:{signal.name}", total - raw)
    limits = Limits(signal.name, signal.cap, signal.floor)
    held = sum(held_apart((max(total, 0), min(total, 0)), limits))
    yield from limit_line(limits, total, held)


def _raw_points(one: SignalPlan, observed: Observed, day: int) -> tuple[int, bool]:
    """Return a signal's points before any limit, and whether a measure in them was clamped."""
    seen = observed.signals[one.name]
    match one.signal.form:
        case Accrual():
            return _accrued(one, seen.days, day)
        case Frequency(at_least=at_least, window=window):
            measure = sum(units for at, units in seen.days.counted.items() if age(day, at) < window)
            stopped = seen.without is not None and age(day, seen.without) < window
            given = one.signal.points if measure >= at_least and not stopped else 0
            return given, bool(given) and any(age(day, at) < window for at in seen.days.clamped)
        case Inactivity(days=days):
            since = observed.known_since if seen.youngest is None else seen.youngest
            quiet = since == ALWAYS or age(day, since) >= days
            return one.signal.points if quiet else 0, False
        case TraitUnits(trait):
            value = observed.profile.get(trait, trusted=one.signal.trusted)
            whole = 0 if value is None or value.number is None else max(value.number, 0) // MICRO
            return min(whole, MOST_A_DAY) * one.signal.points, whole > MOST_A_DAY and one.signal.points != 0


def _accrued(one: SignalPlan, days: Days, day: int) -> tuple[int, bool]:
    aged = ((age(day, at), units) for at, units in days.counted.items())
    raw = sum(units * one.units.at(old) for old, units in aged if old < one.horizon)
    return raw, any(age(day, at) < one.horizon for at in days.clamped)


def age(day: int, of: int) -> int:
    """Return how many whole days lie between a day and the scored one, never below 0."""
    return max(0, day - of)


def _hand_raise(
    plan: Plan,
    observed: Observed,
    reads: Callable[[Condition], bool | None],
    reads_trusted: Callable[[Condition], bool | None],
    day: int,
) -> tuple[str | None, str]:
    """Return the open hand-raise and the stage it leads to; sales_qualified wins over mql."""
    open_now: list[tuple[str, str]] = []
    for one in plan.signals:
        raised, unanswered = one.signal.hand_raise, observed.signals[one.name].unanswered
        if raised is None or unanswered is None or age(day, unanswered) >= raised.open_for:
            continue
        gate = one.signal.gate
        if gate is None or (reads_trusted if one.signal.trusted else reads)(gate) is True:
            open_now.append((one.name, raised.stage))
    best = next((pair for pair in open_now if pair[1] == "sales_qualified"), None)
    return best or (open_now[0] if open_now else (None, "mql"))


# Fit: who they are


def _fit(
    plan: Plan,
    reads: Callable[[Condition], bool | None],
    reads_trusted: Callable[[Condition], bool | None],
) -> tuple[Score, tuple[str, ...]]:
    fit = plan.definition.fit
    answers = {c.name: (reads_trusted if c.trusted else reads)(c.when) for c in fit.criteria}
    first_groups = {group.name for group in fit.groups if group.first}
    won: set[str] = set()
    lines: list[Contribution] = []
    parts: list[Part] = []
    for criterion in fit.criteria:
        if answers[criterion.name] is not True or criterion.group in won:
            continue
        if criterion.group in first_groups:
            won.add(criterion.group or "")
        if criterion.points:
            lines.append(Contribution(criterion.name, criterion.points))
            parts.append(Part(criterion.points, criterion.group))
    total, limit_lines = limited_total(parts, plan.fit_limits)
    known = sum(answer is not None for answer in answers.values())
    level = UNKNOWN_FIT if known < fit.min_known else level_of(fit.levels, total)
    unknown = tuple(name for name, answer in answers.items() if answer is None)
    return Score(total, level, (*lines, *limit_lines)), unknown


def level_of(levels: tuple[Level, ...], micro: int) -> str:
    """Return the level of a score: the first whose lowest score it reaches, else the last."""
    return next((level.name for level in levels if micro >= level.lowest), levels[-1].name)


def likelihood_of(plan: Plan, fit: int, engagement: int) -> int | None:
    """Return the calibrated likelihood in millionths, None where the definition has no table."""
    likelihood = plan.definition.likelihood
    if likelihood is None:
        return None
    points = {"fit": fit, "engagement": engagement, "fit + engagement": fit + engagement}[likelihood.of]
    reached = [value for least, value in likelihood.table if points >= least]
    return reached[-1] if reached else likelihood.table[0][1]
