"""What may raise a score where nothing new comes in: time also takes from what speaks against a lead.

Whoever looks at everybody again and again need only look at those of whom something is new, and at these.
"""

from collections.abc import Iterator

from ripeline.definition.model import EventMatch, Frequency, Inactivity, TraitUnits
from ripeline.plan.build import matches_of
from ripeline.plan.nodes import Plan, SignalPlan
from ripeline.vocabulary.calendar import OLDEST_AGE


def rising(plan: Plan) -> tuple[EventMatch, ...] | None:
    """Return the events whose growing old alone may make somebody meet the definition; None where time may for anybody.

    Conditions that count days may become true of anybody, as silence does, and who is handed over for less interest
    than others are not may fall into it.
    """
    if plan.counts_days or any(_rewards_silence(one) for one in plan.signals) or not _wants_more(plan):
        return None
    return tuple(match for one in plan.signals for match in _fading_against(one))


def _wants_more(plan: Plan) -> bool:
    """Say whether whoever is handed over still is with more interest."""
    definition = plan.definition
    best_first = [level.name for level in definition.engagement.levels]
    handed = ([row[level].action == "handoff" for level in best_first] for row in definition.matrix.values())
    return all(row == sorted(row, reverse=True) for row in handed)


def _rewards_silence(one: SignalPlan) -> bool:
    return isinstance(one.signal.form, Inactivity) and one.signal.points > 0


def _fading_against(one: SignalPlan) -> Iterator[EventMatch]:
    """Yield what speaks against a lead as long as it is young."""
    form = one.signal.form
    if isinstance(form, Frequency) and form.without is not None:
        yield form.without
    is_about_events = not isinstance(form, Inactivity | TraitUnits)
    if one.signal.points < 0 and is_about_events and one.horizon <= OLDEST_AGE:
        yield from matches_of(form)[:1]
