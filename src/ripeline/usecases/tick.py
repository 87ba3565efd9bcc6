"""What the clock of a handoff does when its time has come: warn, escalate, give to somebody else."""

from dataclasses import replace

from ripeline.handoff.clock import BREACHED, STILL_OPEN, TOUCH_BREACHED, TOUCH_WARNED, WARNED, after, falls_due
from ripeline.handoff.routing import LeadToRoute, routed
from ripeline.handoff.sales import REASSIGN, TELL_MANAGER
from ripeline.usecases.assign import Desk, Holds, HoldsOf, give, keep_waiting, nobodys
from ripeline.usecases.contact import consent_wait
from ripeline.usecases.lead_record import handoff_record
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.handoffs import CLOCK, Handoff, Step
from ripeline.vocabulary.happenings import HANDOFF_BREACHED, HANDOFF_WARNED, Happening
from ripeline.vocabulary.sales import Hours

_WARNINGS = {WARNED: "to accept", TOUCH_WARNED: "to be in touch"}


def tick(desk: Desk, one: Handoff, holds_of: HoldsOf, now_us: int) -> Handoff:
    """Do what falls due on a handoff, inside a transaction: it is told as of when it did.

    now_us: the present. Whoever is given a handoff that lapsed while nobody looked has their whole time from now on.
    """
    what, at_us = falls_due(one), one.next_us
    if what is None or at_us is None:
        return one
    later = after(one, what, _hours(desk, one), now_us)
    if what in _WARNINGS:
        return _warn(desk, later, what, at_us)
    told = _tell_breach(desk, later, what, at_us)
    if what in {BREACHED, STILL_OPEN} and REASSIGN in desk.sales.on_breach:
        return _reassigned(desk, told, holds_of(one), now_us)
    return told


def _hours(desk: Desk, one: Handoff) -> Hours:
    """Return the owner's hours; sales' own where the owner is there no more."""
    owner = desk.sales.people.get(one.owner or "")
    return desk.sales.hours if owner is None else owner.hours


def _warn(desk: Desk, one: Handoff, what: str, at_us: int) -> Handoff:
    due_us = one.accept_due_us if what == WARNED else one.touch_due_us
    why = f"The time {_WARNINGS[what]} ends at {instant_text(due_us or at_us)[:16]} UTC."
    desk.book.change(one, Step(one.number, at_us, what, CLOCK, why))
    desk.book.tell([_happening(HANDOFF_WARNED, one, at_us, (one.owner,))])
    return one


def _tell_breach(desk: Desk, one: Handoff, what: str, at_us: int) -> Handoff:
    why = {
        BREACHED: f"{one.owner} did not answer in time.",
        STILL_OPEN: f"{one.owner} has still not answered.",
        TOUCH_BREACHED: f"{one.owner} was not in touch in time.",
    }[what]
    desk.book.change(one, Step(one.number, at_us, what, CLOCK, why))
    manager = manager_of(desk, one) if TELL_MANAGER in desk.sales.on_breach else None
    desk.book.tell([_happening(HANDOFF_BREACHED, one, at_us, (one.owner, manager))])
    return one


def manager_of(desk: Desk, one: Handoff) -> str | None:
    """Return who is told of a handoff besides its owner: its team's manager, of who left any one there is."""
    team = desk.sales.teams.get(one.team or "") or desk.sales.team_of(one.owner or "")
    if team is None and one.owner not in desk.sales.people:
        team = next((team for team in desk.sales.teams.values() if team.manager is not None), None)
    return None if team is None else team.manager


def _reassigned(desk: Desk, one: Handoff, holds: Holds, at_us: int) -> Handoff:
    """Give it to somebody who has not let it lapse; where there is nobody it stays, and the clock goes on.

    A lead that may not be contacted any more is given to nobody.
    """
    lapsed = tuple(dict.fromkeys([*one.lapsed, *([one.owner] if one.owner else [])]))
    wait = consent_wait(desk.sales.contact, holds, asked=one.hand_raise is not None)
    if wait is not None:
        return keep_waiting(desk, nobodys(replace(one, lapsed=lapsed)), wait, at_us)
    lead = LeadToRoute(holds, None, None, one.hand_raise is not None, frozenset(lapsed))
    found = routed(lead, desk.sales, desk.loads(at_us), at_us)
    if found.owner is None:
        why = f"Stays with {one.owner}: {found.why}"
        desk.book.change(one, Step(one.number, at_us, "kept", CLOCK, why))
        return one
    return give(desk, replace(one, lapsed=lapsed), found, CLOCK, at_us)


def _happening(type_: str, one: Handoff, at_us: int, to: tuple[str | None, ...]) -> Happening:
    told = tuple(dict.fromkeys(name for name in to if name is not None))
    return Happening(type_, at_us, handoff_record(one), one.lead, one.number, told)
