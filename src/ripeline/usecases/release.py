"""Let handoffs out that were held back: so many a day, the best first, as long as there is room for them."""

from typing import Any

from ripeline.ports.handoffs import Release
from ripeline.usecases.assign import (
    CLOCK,
    Desk,
    HoldsOf,
    WaitsOf,
    give,
    keep_waiting,
    nobody_takes,
    previous_owner,
    route_again,
)
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.handoffs import Handoff, Step

RELEASED = "released"


def release_some(desk: Desk, zones: dict[str, Zone], holds_of: HoldsOf, waits_of: WaitsOf, at: tuple[int, int]) -> int:
    """Give out as many held handoffs as may leave today, inside a transaction; return how many did.

    zones: of each definition's days. at: the instant, and how many of each are looked at, and leave, at once. Whom
    nobody has room for stays held, and so does whose lead may not be contacted; it takes nobody's place.
    """
    done, (at_us, most) = 0, at
    for definition, release in desk.book.releases().items():
        zone = zones.get(definition)
        if zone is not None:
            today_us = zone.first_instant(zone.day(at_us))
            left = min(release.per_day - desk.book.released_since(definition, today_us), most - done)
            if left > 0:
                held = _to_release(desk, definition, most, waits_of, at_us)
                done += _release(desk, held, left, holds_of, at_us)
    return done


def _to_release(desk: Desk, definition: str, most: int, waits_of: WaitsOf, at_us: int) -> list[Handoff]:
    """Return those of the best so many who may be contacted; who may not be is noted."""
    held = desk.book.held(definition, most, at_us)
    kept = waits_of(held)
    for one in held:
        if one.number in kept:
            keep_waiting(desk, one, kept[one.number], at_us)
    return [one for one in held if one.number not in kept]


def _release(desk: Desk, held: list[Handoff], most: int, holds_of: HoldsOf, at_us: int) -> int:
    done = 0
    for one in held:
        if done == most:
            break
        previous = previous_owner(desk.book.handoffs_of(one.definition, [one.lead]))
        found = route_again(desk, one, previous, holds_of(one), at_us)
        if found.owner is None:
            nobody_takes(desk, one, found.why, at_us)
            continue
        desk.book.change(one, Step(one.number, at_us, RELEASED, CLOCK, "Released: it was held back until now."))
        give(desk, one, found, CLOCK, at_us)
        done += 1
    return done


def release_record(definition: str, release: Release | None, held: int) -> dict[str, Any]:
    """Return how many handoffs of a definition are held back, and how many of them leave a day, as plain values."""
    per_day = 0 if release is None else release.per_day
    days = None if per_day == 0 else -(-held // per_day)
    return {"definition": definition, "held": held, "per_day": per_day, "days": days}
