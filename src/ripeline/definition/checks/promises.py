"""promise-order: the first contact is promised before the lead need be accepted."""

from collections.abc import Iterator

from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.model import Promise
from ripeline.definition.reading import Path
from ripeline.vocabulary.issues import Issue

MINUTES = {"m": 1, "h": 60}


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each pair of promises that cannot be meant."""
    handoff = draft.definition.handoff
    return [
        *_told(draft, ("handoff",), handoff.accept_within, handoff.first_touch_within),
        *_told(draft, ("handoff", "hand_raise"), handoff.raise_accept_within, handoff.raise_first_touch_within),
    ]


def _told(draft: Draft, path: Path, accept: Promise | None, touch: Promise | None) -> Iterator[Issue]:
    if accept and touch and _shorter(touch, accept):
        message = "the first contact is promised before the lead need be accepted"
        place = draft.at_value(*path, "first_touch_within")
        yield warning("promise-order", message, place, f"{accept.amount}{accept.unit} or longer")


def _shorter(one: Promise, other: Promise) -> bool:
    """Say whether one is surely shorter; how long a business day is, the definition does not say."""
    if one.unit == other.unit:
        return one.amount < other.amount
    if "d" in {one.unit, other.unit}:
        return False
    return one.amount * MINUTES[one.unit] < other.amount * MINUTES[other.unit]
