"""Definition to plan."""

from collections.abc import Iterable, Iterator

from ripeline.definition.conditions import Compare, Condition, DaysSince, Expr, Literal, Name, children, names_in
from ripeline.definition.model import (
    Accrual,
    Definition,
    EventMatch,
    Form,
    Frequency,
    Inactivity,
    Signal,
    TraitUnits,
)
from ripeline.plan.fingerprint import fingerprint_of
from ripeline.plan.nodes import Plan, SignalPlan
from ripeline.plan.weights import units_of
from ripeline.vocabulary.calendar import OLDEST_AGE, Zone
from ripeline.vocabulary.derived import Tables
from ripeline.vocabulary.derived_fields import INPUTS, stored_fields
from ripeline.vocabulary.points import MICRO
from ripeline.vocabulary.values import Value


def build_plan(definition: Definition, zone: Zone, tables: Tables) -> Plan:
    """Return the plan of a definition, for the rows of its time zone and the shipped tables."""
    read = list(_conditions(definition))
    conditions = [condition for condition, _ in read]
    traits = _traits(definition, read)
    derived = _derived_fields(conditions)
    all_traits = tuple(dict.fromkeys([*(trait for trait, _ in traits), *definition.required]))
    return Plan(
        definition=definition,
        zone=zone,
        tables=tables,
        signals=tuple(map(_signal_plan, definition.engagement.signals)),
        traits=all_traits,
        fields=tuple(dict.fromkeys([*_fields(definition, conditions), *stored_fields(derived)])),
        derived_fields=derived,
        trusted_traits=tuple(dict.fromkeys(trait for trait, trusted in traits if trusted)),
        ages_asked=_ages_asked(conditions),
        fingerprint=fingerprint_of(definition, zone, tables, all_traits, conditions),
    )


def _traits(definition: Definition, read: list[tuple[Condition, bool]]) -> list[tuple[str, bool]]:
    """Return each trait that is read, and whether as trusted statements alone have it."""
    named = [(name.key, trusted) for when, trusted in read for name in names_in(when) if name.root == "trait"]
    signals = definition.engagement.signals
    return named + [(one.form.trait, one.trusted) for one in signals if isinstance(one.form, TraitUnits)]


def _derived_fields(conditions: list[Condition]) -> tuple[str, ...]:
    names = (name for condition in conditions for name in names_in(condition))
    return tuple(dict.fromkeys(name.key for name in names if name.root in INPUTS))


def _fields(definition: Definition, conditions: list[Condition]) -> list[str]:
    stored = {"properties", "context"}
    fields = [name.key for condition in conditions for name in names_in(condition) if name.root in stored]
    for signal in definition.engagement.signals:
        match signal.form:
            case Accrual(measure=measure) | Frequency(measure=measure) if measure.field:
                fields.append(measure.field)
    return fields


def _signal_plan(signal: Signal) -> SignalPlan:
    match signal.form:
        case Accrual(decay=decay, within=within):
            units = units_of(signal.points, decay)
            horizon = min(units.horizon, within or OLDEST_AGE + 1)
        case Frequency(window=window):
            units, horizon = units_of(signal.points, None), window
        case _:
            units, horizon = units_of(signal.points, None), OLDEST_AGE + 1
    wheres = (match.where for match in matches_of(signal.form) if match.where is not None)
    return SignalPlan(signal, units, horizon, moves=any(map(_counts_days, wheres)))


def _counts_days(node: Condition | Expr) -> bool:
    return isinstance(node, DaysSince) or any(map(_counts_days, children(node)))


def _ages_asked(conditions: Iterable[Condition]) -> tuple[tuple[str, int], ...] | None:
    asked = [one for condition in conditions for one in _ages_in(condition)]
    known = tuple(one for one in asked if one is not None)
    return known if len(known) == len(asked) else None


def _ages_in(node: Condition | Expr) -> Iterator[tuple[str, int] | None]:
    """Yield each trait whose age is compared with a number, and the first age beyond it; None for any other use."""
    match node:
        case Compare(_, DaysSince(Name("trait", key)), Literal(Value(number=int(number)))):
            yield key, number // MICRO + 1
        case DaysSince():
            yield None
        case _:
            for part in children(node):
                yield from _ages_in(part)


def _conditions(definition: Definition) -> Iterator[tuple[Condition, bool]]:
    """Yield every condition, and whether it reads trusted traits alone."""
    yield from ((criterion.when, criterion.trusted) for criterion in definition.fit.criteria)
    yield from ((suppression.when, True) for suppression in definition.suppress)
    for signal in definition.engagement.signals:
        if signal.gate is not None:
            yield signal.gate, signal.trusted
        wheres = (match.where for match in matches_of(signal.form))
        yield from ((where, signal.trusted) for where in wheres if where is not None)


def matches_of(form: Form) -> tuple[EventMatch, ...]:
    """Return the kinds of events a signal looks at."""
    match form:
        case Accrual(match=match) | Inactivity(match=match):
            return (match,)
        case Frequency(match=match, without=without):
            return (match,) if without is None else (match, without)
    return ()
