"""The clock of a handoff: what is promised when it is given to somebody, and what falls due as time goes by."""

from dataclasses import replace
from typing import Final

from ripeline.definition import model
from ripeline.definition.model import Promise
from ripeline.handoff.hours import due, share_due
from ripeline.vocabulary.handoffs import ACCEPTED, OPEN, Handoff
from ripeline.vocabulary.sales import Hours

USUAL: Final = (Promise(4, "h"), Promise(1, "d"))
"""The time to accept and to be in touch where the definition promises none."""

STALE: Final = Promise(1, "d")
"""How long a handoff lies after a broken promise before it is taken up again."""

WARNED: Final = "warned"
BREACHED: Final = "breached"
STILL_OPEN: Final = "still_open"
TOUCH_WARNED: Final = "touch_warned"
TOUCH_BREACHED: Final = "touch_breached"


def promises(rules: model.Handoff, *, raised: bool) -> tuple[Promise, Promise]:
    """Return the promised time to accept and to be in touch. raised: the lead asked to talk to sales."""
    accept, touch = rules.accept_within or USUAL[0], rules.first_touch_within or USUAL[1]
    if raised:
        accept, touch = rules.raise_accept_within or accept, rules.raise_first_touch_within or touch
    return accept, touch


def given_to(one: Handoff, owner: str, hours: Hours, rules: model.Handoff, warn_at: int, at_us: int) -> Handoff:
    """Return a handoff as it is given to somebody at an instant: with new promises, and the clock running.

    warn_at: the share of the time to accept after which the owner is warned, in thousandths of a percent.
    """
    accept, touch = promises(rules, raised=one.hand_raise is not None)
    return replace(
        one,
        state=OPEN,
        owner=owner,
        assigned_us=at_us,
        accept_due_us=due(hours, at_us, accept),
        touch_due_us=due(hours, at_us, touch),
        next_us=share_due(hours, at_us, accept, warn_at),
        breached_us=None,
    )


def falls_due(one: Handoff) -> str | None:
    """Return what falls due when the clock does something next, None where it does nothing."""
    if one.next_us is None:
        return None
    if one.state == ACCEPTED:
        return TOUCH_BREACHED if one.next_us == one.touch_due_us else TOUCH_WARNED
    if one.breached_us is not None:
        return STILL_OPEN
    return BREACHED if one.next_us == one.accept_due_us else WARNED


def after(one: Handoff, what: str, hours: Hours, now_us: int) -> Handoff:
    """Return a handoff after what fell due was seen to, with when the clock does something next.

    now_us: when it is seen to, later than when it fell due where nobody looked for a while.
    """
    if what in {WARNED, TOUCH_WARNED}:
        return replace(one, next_us=one.accept_due_us if what == WARNED else one.touch_due_us)
    if what == TOUCH_BREACHED:
        return replace(one, breached_us=one.next_us, next_us=None)
    breached_us = one.next_us if what == BREACHED else one.breached_us
    return replace(one, breached_us=breached_us, next_us=due(hours, now_us, STALE))


def taken(one: Handoff, hours: Hours, rules: model.Handoff, warn_at: int) -> Handoff:
    """Return a handoff that somebody has just accepted: the time until they are to be in touch runs on as promised.

    One that was never given to anybody, and is simply taken, is promised from then on.
    """
    if one.accepted_us is None or one.touched_us is not None:
        return one
    since_us = one.accepted_us if one.assigned_us is None else one.assigned_us
    _, touch = promises(rules, raised=one.hand_raise is not None)
    due_us = one.touch_due_us or due(hours, since_us, touch)
    warn_us = min(share_due(hours, since_us, touch, warn_at), due_us)
    return replace(one, touch_due_us=due_us, breached_us=None, next_us=warn_us if warn_us > one.accepted_us else due_us)
