"""Handoffs and tasks of salespeople who are absent or gone: what they are to answer goes to somebody else, or waits.

What they work stays theirs, since somebody has spoken with the lead; their manager is told once.
"""

from collections.abc import Sequence
from dataclasses import replace

from ripeline.handoff.routing import away
from ripeline.usecases.assign import Desk, HoldsOf, give, keep_waiting, nobodys, route_again, waits
from ripeline.usecases.contact import consent_wait
from ripeline.usecases.lead_record import handoff_record
from ripeline.usecases.tick import manager_of
from ripeline.vocabulary.handoffs import CLOCK, OPEN, WAITING, Handoff, Step
from ripeline.vocabulary.happenings import HANDOFF_UNATTENDED, Happening


def to_hand_on(desk: Desk, at_us: int) -> list[Handoff]:
    """Return what everybody who is away has to answer or works."""
    those = [owner for owner in desk.book.owners() if away(desk.sales, owner, at_us) is not None]
    return [one for owner in those for one in desk.book.owned_by(owner)]


def hand_on(desk: Desk, found: Sequence[Handoff], holds_of: HoldsOf, at_us: int) -> None:
    """See to handoffs of people who are away, inside a transaction; what became another one since is left alone."""
    for one in found:
        why = away(desk.sales, str(one.owner), at_us)
        if why is None or desk.book.handoff(one.number) != one:
            continue
        if one.state == OPEN:
            _give_on(desk, one, why, holds_of, at_us)
        else:
            _tell(desk, one, f"{desk.label(one.owner)} {why}, and works this lead.", at_us)


def hand_tasks_on(desk: Desk, at_us: int) -> None:
    """Have tasks wait for somebody else: all of whoever is gone, and of who is absent those that leads asked for.

    Inside a transaction. Nobody is in a hurry for the others.
    """
    for owner in desk.book.tasks.owners():
        why = away(desk.sales, owner, at_us)
        for one in desk.book.tasks.owned_by(owner) if why is not None else ():
            if owner not in desk.sales.people or one.hand_raise is not None:
                told = f"{desk.label(owner)} {why}."
                waiting = replace(one, state=WAITING, owner=None, team=None, turn=None, assigned_us=None, why=told)
                desk.book.tasks.change(waiting)


def _give_on(desk: Desk, one: Handoff, why: str, holds_of: HoldsOf, at_us: int) -> None:
    holds = holds_of(one)
    found = route_again(desk, one, one.owner, holds, at_us)
    wait = consent_wait(desk.sales.contact, holds, asked=one.hand_raise is not None)
    if wait is not None:
        keep_waiting(desk, nobodys(one), wait, at_us)
    elif found.owner is not None:
        give(desk, one, found, CLOCK, at_us)
    elif one.owner not in desk.sales.people:
        waits(desk, one, found.why, at_us)
    else:
        # The promise was made to the lead: its clock goes on, and what on_breach says follows.
        _note(desk, one, "kept", f"Stays with {desk.label(one.owner)}, who {why}: nobody else can take it.", at_us)


def _tell(desk: Desk, one: Handoff, why: str, at_us: int) -> None:
    if _note(desk, one, "unattended", why, at_us):
        manager = manager_of(desk, one)
        told = () if manager is None else (manager,)
        desk.book.tell([Happening(HANDOFF_UNATTENDED, at_us, handoff_record(one), one.lead, one.number, told)])


def _note(desk: Desk, one: Handoff, what: str, why: str, at_us: int) -> bool:
    """Note something once while a handoff is its owner's; say whether it is new."""
    if desk.book.was_noted(one.number, why):
        return False
    desk.book.change(one, Step(one.number, at_us, what, CLOCK, why))
    return True
