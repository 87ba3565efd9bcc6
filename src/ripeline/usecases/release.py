"""Let handoffs out that were held back: so many a day, the best first, as long as there is room for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from ripeline.ports.handoffs import Release
from ripeline.usecases.assign import Candidate, Desk, give, keep_waiting, nobody_takes, route
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.handoffs import CLOCK, Handoff, Step

RELEASED = "released"


def to_release(desk: Desk, zones: Mapping[str, Zone], at: tuple[int, int]) -> list[Handoff]:
    """Return the best that are held back, of each definition of which some may leave today.

    zones: of each definition's days. at: the instant, and how many are looked at of each.
    """
    at_us, most = at
    left = left_today(desk, zones, at_us)
    return [one for name, count in left.items() if count > 0 for one in desk.book.held(name, most, at_us)]


def left_today(desk: Desk, zones: Mapping[str, Zone], at_us: int) -> dict[str, int]:
    """Return how many may still leave today, by definition."""
    per_day = {name: release.per_day for name, release in desk.book.releases().items() if name in zones}
    today_us = {name: zones[name].first_instant(zones[name].day(at_us)) for name in per_day}
    return {name: most - desk.book.released_since(name, today_us[name]) for name, most in per_day.items()}


def release_some(
    desk: Desk, zones: Mapping[str, Zone], held: Sequence[Candidate[Handoff]], at_us: int
) -> dict[str, int]:
    """Give out as many held handoffs as may leave today, inside a transaction; return how many more may, by definition.

    Whom nobody can take stays held, and so does whose lead may not be contacted; it takes nobody's place.
    """
    left = left_today(desk, zones, at_us)
    for candidate in held:
        name = candidate.one.definition
        if left.get(name, 0) > 0 and _release(desk, candidate, at_us):
            left[name] -= 1
    return left


def _release(desk: Desk, candidate: Candidate[Handoff], at_us: int) -> bool:
    """Give a held handoff out, unless it became another one since it was read; say whether it went."""
    one = candidate.one
    if desk.book.handoff(one.number) != one:
        return False
    if candidate.wait is not None:
        keep_waiting(desk, one, candidate.wait, at_us)
        return False
    found = route(desk, candidate, at_us)
    if found.owner is None:
        nobody_takes(desk, one, found.why, at_us)
        return False
    desk.book.change(one, Step(one.number, at_us, RELEASED, CLOCK, "Released: it was held back until now."))
    give(desk, one, found, CLOCK, at_us)
    return True


def release_record(definition: str, release: Release | None, held: int, tasks: int) -> dict[str, Any]:
    """Return how many handoffs and tasks of a definition are held back, and how many of both leave a day."""
    per_day = 0 if release is None else release.per_day
    days = None if per_day == 0 else -(-(held + tasks) // per_day)
    return {"definition": definition, "held": held, "tasks": tasks, "per_day": per_day, "days": days}
