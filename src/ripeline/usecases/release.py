"""Let handoffs out that were held back: so many a day, the best first, as long as there is room for them."""

from dataclasses import replace
from typing import Any

from ripeline.handoff.routing import LeadToRoute, routed
from ripeline.ports.handoffs import Release
from ripeline.usecases.assign import CLOCK, Desk, HoldsOf, give, previous_owner
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.handoffs import Handoff, Step

RELEASED = "released"


def release_some(desk: Desk, zones: dict[str, Zone], holds_of: HoldsOf, at_us: int, most: int) -> int:
    """Give out as many held handoffs as may leave today, inside a transaction; return how many did.

    zones: of each definition's days. most: not more than so many at once. Whom nobody has room for stays held.
    """
    done = 0
    for definition, release in desk.book.releases().items():
        zone = zones.get(definition)
        if zone is not None:
            today_us = zone.first_instant(zone.day(at_us))
            left = min(release.per_day - desk.book.released_since(definition, today_us), most - done)
            done += _release(desk, desk.book.held(definition, max(left, 0)), holds_of, at_us)
    return done


def _release(desk: Desk, held: list[Handoff], holds_of: HoldsOf, at_us: int) -> int:
    done = 0
    for one in held:
        previous = previous_owner(desk.book.handoffs_of(one.definition, [one.lead]))
        account_owner = None if one.account is None else desk.book.owner_of_account(one.account)
        lead = LeadToRoute(holds_of(one), previous, account_owner, one.hand_raise is not None, frozenset(one.lapsed))
        found = routed(lead, desk.sales, desk.loads(at_us), at_us)
        if found.owner is None:
            if found.why != one.why:
                desk.book.change(replace(one, why=found.why))
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
