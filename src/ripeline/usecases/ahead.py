"""What was last heard of some leads, and when they fall by themselves: for lists, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ripeline.plan.nodes import Plan
from ripeline.ports.history import History
from ripeline.scoring.evaluate import judge, observe
from ripeline.scoring.outlook import Fall, next_fall

MOST_DAYS: Final = 90
"""Days ahead that a fall is looked for: each is worked out for every lead of a page."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """When a lead did something last, None for never; when its level falls if nothing happens, None for not soon."""

    last_us: int | None
    fall: Fall | None


def ahead_of(plan: Plan, history: History, leads: Sequence[str], at_us: int) -> Mapping[str, Ahead]:
    """Return it by the identifiers that leads are asked for; nothing of who is not known."""
    day, found = plan.zone.day(at_us), dict[str, Ahead]()
    for lead, stored in history.leads(plan, leads, at_us).items():
        observed = observe(plan, stored, at_us)
        last_us = max((event.time_us for event in stored.events), default=None)
        found[lead] = Ahead(last_us, next_fall(plan, observed, judge(plan, observed, day), day, MOST_DAYS))
    return found
