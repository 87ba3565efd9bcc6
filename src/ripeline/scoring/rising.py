"""What may raise a score: what speaks for a lead when it comes in, and what speaks against it when it grows old.

Whoever looks at everybody again and again need only look at those of whom there is such a thing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ripeline.definition.model import Accrual, EventMatch, Frequency, Inactivity
from ripeline.plan.nodes import Plan, SignalPlan

ONLY_MORE = ("count", "days")
"""Measures that no further event makes smaller."""


@dataclass(frozen=True, slots=True)
class Ageing:
    """Events that raise a score by growing older, from one age in days on until they have another."""

    match: EventMatch
    first: int
    last: int


def raising(plan: Plan) -> tuple[EventMatch, ...]:
    """Return the events that may raise a score when they come in, or end a silence, or ask for sales."""
    return tuple(dict.fromkeys(match for one in plan.signals for match in _raising(one)))


def _raising(one: SignalPlan) -> Iterator[EventMatch]:
    match one.signal.form:
        case Accrual(match=match) | Frequency(match=match) | Inactivity(match=match) if _may_raise(one):
            yield match
        case Frequency(without=without) if without is not None and one.signal.points < 0:
            yield without


def _may_raise(one: SignalPlan) -> bool:
    """Say whether a score may rise by an event that a signal looks at."""
    match one.signal.form:
        case Accrual(measure=measure) | Frequency(measure=measure) if one.signal.points <= 0:
            # Of what speaks against somebody there can be less with more events: two visits become one, a sum smaller.
            return one.signal.hand_raise is not None or measure.kind not in ONLY_MORE
    return True


def rising(plan: Plan) -> tuple[Ageing, ...] | None:
    """Return the events whose growing old alone may make somebody meet the definition; None where time may for anybody.

    Conditions that count days may become true of anybody, as silence does, and who is handed over for less interest
    than others are not may fall into it.
    """
    if plan.counts_days or any(_rewards_silence(one) for one in plan.signals) or not _wants_more(plan):
        return None
    return tuple(ageing for one in plan.signals for ageing in _ageing(one))


def _wants_more(plan: Plan) -> bool:
    """Say whether whoever is handed over still is with more interest."""
    definition = plan.definition
    best_first = [level.name for level in definition.engagement.levels]
    handed = ([row[level].action == "handoff" for level in best_first] for row in definition.matrix.values())
    return all(row == sorted(row, reverse=True) for row in handed)


def _rewards_silence(one: SignalPlan) -> bool:
    return isinstance(one.signal.form, Inactivity) and one.signal.points > 0


def _ageing(one: SignalPlan) -> Iterator[Ageing]:
    is_against = one.signal.points < 0
    match one.signal.form:
        case Accrual(match=match) if is_against:
            yield Ageing(match, one.horizon if one.units.steady else 0, one.horizon)
        case Frequency(match=match, window=window) if is_against:
            yield Ageing(match, window, window)
        case Frequency(without=without, window=window) if without is not None and not is_against:
            yield Ageing(without, window, window)
