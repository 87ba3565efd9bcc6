"""The evidence behind every line of a score: what was counted, what was not, and why."""

from collections.abc import Mapping

from ripeline.definition.conditions import names_in
from ripeline.definition.model import Accrual, Criterion, Frequency, Inactivity, Signal, TraitUnits
from ripeline.plan.nodes import Limits, Plan, SignalPlan
from ripeline.scoring.evaluate import ALWAYS, Observed, age, matched
from ripeline.scoring.limits import WEAK
from ripeline.scoring.measure import MOST_A_DAY, Days
from ripeline.scoring.profile import Profile
from ripeline.vocabulary.calendar import day_text
from ripeline.vocabulary.derived_fields import INPUTS, derived_values
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.scores import Contribution

Evidence = dict[str, object]


def fit_evidence(plan: Plan, observed: Observed, line: Contribution) -> Evidence:
    """Return the facts behind a line of fit, or the limit that it is."""
    criterion = next((one for one in plan.criteria if one.name == line.name), None)
    if criterion is not None:
        return _facts(observed.profile, criterion)
    return _limit(plan.fit_limits, line.name.removeprefix("limit:"))


def engagement_evidence(plan: Plan, observed: Observed, day: int, line: Contribution) -> Evidence:
    """Return what was counted behind a line of engagement, or the limit that it is."""
    kind, _, name = line.name.rpartition(":")
    signal = next((one for one in plan.signals if one.name == name), None)
    if line.name == WEAK:
        return {"share": f"{points_text(plan.definition.engagement.weak_share * 1_000)}%"}
    if signal is None:
        return _limit(plan.engagement_limits, name)
    if kind == "limit":
        return _of_limits(Limits(name, signal.signal.cap, signal.signal.floor))
    return _clamped(signal, observed, day) if kind else _signal(plan, signal, observed, day)


def _facts(profile: Profile, criterion: Criterion) -> Evidence:
    keys = dict.fromkeys(name.key for name in names_in(criterion.when))
    values = {key: profile.get(key, trusted=criterion.trusted) for key in keys}
    return {key: None if value is None else value.plain for key, value in values.items()}


def _limit(limits: tuple[Limits, ...], name: str) -> Evidence:
    return next((_of_limits(one) for one in limits if one.name == name), {})


def _of_limits(limits: Limits) -> Evidence:
    given = {"cap": limits.at_most, "floor": limits.floor}
    return {key: points_text(points) for key, points in given.items() if points is not None}


def _clamped(one: SignalPlan, observed: Observed, day: int) -> Evidence:
    clamped = observed.signals[one.name].days.clamped
    days = sum(age(day, at) < one.horizon for at in clamped)
    return {"at_most": MOST_A_DAY, **({"days": days} if days else {})}


def _signal(plan: Plan, one: SignalPlan, observed: Observed, day: int) -> Evidence:
    seen = observed.signals[one.name]
    match one.signal.form:
        case Accrual() | Frequency():
            return _counted(one.signal, seen.days, day, one.horizon) | _derived(plan, observed, one, day)
        case Inactivity():
            since = observed.known_since if seen.youngest is None else seen.youngest
            last = None if seen.youngest is None else day_text(seen.youngest)
            return {"last": last, "quiet_days": None if since == ALWAYS else age(day, since)}
        case TraitUnits(trait):
            value = observed.profile.get(trait, trusted=one.signal.trusted)
            return {trait: None if value is None else value.plain}


def _counted(signal: Signal, days: Days, day: int, horizon: int) -> Evidence:
    young = _within(days.events, day, horizon)
    evidence: Evidence = {"count": sum(young.values()), "days": len(young)}
    form = signal.form
    if isinstance(form, Accrual | Frequency) and form.measure.kind not in {"count", "days"}:
        evidence[form.measure.kind] = sum(_within(days.measured, day, horizon).values())
    evidence["last"] = day_text(max(young)) if young else None
    ignored = _ignored(days, day, horizon)
    return evidence | ({"ignored": ignored} if ignored else {})


def _derived(plan: Plan, observed: Observed, one: SignalPlan, day: int) -> Evidence:
    """Every value that the derived fields had which a signal reads."""
    form = one.signal.form
    if not isinstance(form, Accrual | Frequency) or form.match.where is None:
        return {}
    names = dict.fromkeys(name for name in names_in(form.match.where) if name.root in INPUTS)
    if not names:
        return {}
    counted = matched(plan, one.signal, form.match, observed.events, observed.profile, day)
    young = [event for event in counted if age(day, plan.zone.day(event.time_us)) < one.horizon]
    told = {
        name: [derived_values(name.root, event.fields, plan.tables).get(name.key) for event in young] for name in names
    }
    return {name.key: sorted({value.text for value in values if value and value.text}) for name, values in told.items()}


def _ignored(days: Days, day: int, horizon: int) -> dict[str, int]:
    measured, counted = _within(days.measured, day, horizon), _within(days.counted, day, horizon)
    reasons = {
        "beyond the frequency cap": sum(measured.values()) - sum(counted.values()),
        "too old": sum(days.events.values()) - sum(_within(days.events, day, horizon).values()),
        "not a number": days.not_numbers,
    }
    return {reason: count for reason, count in reasons.items() if count}


def _within(by_day: Mapping[int, int], day: int, horizon: int) -> dict[int, int]:
    return {at: count for at, count in by_day.items() if age(day, at) < horizon}
