"""A definition that learning starts from: its rules as learning knows them, and where its line is."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import product

from ripeline.definition.conditions import Condition, names_in
from ripeline.definition.model import Criterion, Level, Signal, TraitUnits
from ripeline.learning.arrays import Floats
from ripeline.learning.lines import Lines
from ripeline.learning.own import Begin, Held, Limits, Own
from ripeline.plan import nodes
from ripeline.plan.build import matches_of
from ripeline.plan.nodes import Plan
from ripeline.scoring.limits import WHOLE_SHARE
from ripeline.vocabulary.points import MICRO


def begin_of(plan: Plan, units: Mapping[str, Floats], leaking: Collection[str]) -> Begin:
    """Return the rules of a definition. units: what each rule counted at every row, by Own.key.

    leaking: traits and events that may know the outcome; what reads one of them is not corrected, nor are raised hands
    and weak evidence, whose points mean something else than a chance.
    """
    engagement = plan.definition.engagement
    return Begin(
        (
            *(_criterion(one, units, leaking) for one in plan.criteria),
            *(_signal(one, units, leaking) for one in engagement.signals),
        ),
        _limits(plan.fit_limits),
        _limits(plan.engagement_limits, engagement.weak_share / WHOLE_SHARE),
    )


def _criterion(one: Criterion, units: Mapping[str, Floats], leaking: Collection[str]) -> Own:
    is_fixed = not set(_traits(one.when)).isdisjoint(leaking)
    own = Own("fit", one.name, one.label, one.points / MICRO, group=one.group, is_fixed=is_fixed)
    return _seen(own, units[own.key])


def _signal(one: Signal, units: Mapping[str, Floats], leaking: Collection[str]) -> Own:
    is_fixed = one.weak or one.hand_raise is not None or not set(_read_by(one)).isdisjoint(leaking)
    limit = one.cap if one.points > 0 else one.floor
    most = None if limit is None else limit / MICRO
    own = Own("engagement", one.name, one.label, one.points / MICRO, most, 1.0, one.group, one.weak, is_fixed)
    return _seen(own, units[own.key])


def _seen(rule: Own, units: Floats) -> Own:
    """Return a rule with as many units as there are; fixed where nobody has any, or none gives anything."""
    seen = float(units.max()) if len(units) else 0.0
    if not rule.points or seen <= 0:
        return replace(rule, is_fixed=True)
    full = seen if rule.most is None else min(seen, rule.most / rule.points)
    return replace(rule, full=full) if full > 0 else replace(rule, is_fixed=True)


def _traits(when: Condition) -> Iterator[str]:
    yield from (name.key for name in names_in(when))


def _read_by(one: Signal) -> Iterator[str]:
    """Yield the traits and the events that a signal reads."""
    if one.gate is not None:
        yield from _traits(one.gate)
    if isinstance(one.form, TraitUnits):
        yield one.form.trait
    for match in matches_of(one.form):
        yield from match.names or ()
        if match.where is not None:
            yield from _traits(match.where)


def _limits(limits: tuple[nodes.Limits, ...], weak_share: float = 1.0) -> Limits:
    *groups, total = limits
    return Limits(tuple((one.name, _held(one)) for one in groups), _held(total), weak_share)


def _held(one: nodes.Limits) -> Held:
    most, least = (None if end is None else end / MICRO for end in (one.at_most, one.floor))
    return Held(most, least)


def own_lines(plan: Plan) -> Lines:
    """Return the levels of a definition, and what it does in each cell."""
    definition = plan.definition
    fit, interest = _least(definition.fit.levels), _least(definition.engagement.levels)
    cells = {cell: definition.matrix[cell[0]][cell[1]].action for cell in product(fit, interest)}
    return Lines(fit, interest, cells)


def _least(levels: tuple[Level, ...]) -> dict[str, int]:
    return {one.name: one.lowest // MICRO for one in levels}
