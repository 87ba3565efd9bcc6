"""A lead given to sales: who has it, until when they promised to answer, and what they answered."""

from dataclasses import dataclass, field
from typing import Final

from ripeline.vocabulary.people import Name

HELD: Final = "held"
WAITING: Final = "waiting"
OPEN: Final = "open"
ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
RECYCLED: Final = "recycled"
DISQUALIFIED: Final = "disqualified"
WITHDRAWN: Final = "withdrawn"
WON: Final = "won"
LOST: Final = "lost"

STATES: Final[dict[str, str]] = {
    HELD: "logged, and sent to nobody until somebody releases it",
    WAITING: "for somebody who may have it: why nobody can is told",
    OPEN: "somebody has it and is to answer",
    ACCEPTED: "somebody works it",
    REJECTED: "sent back with a reason",
    RECYCLED: "sent back until a day",
    DISQUALIFIED: "never a customer",
    WITHDRAWN: "taken back before it was answered",
    WON: "a deal was won",
    LOST: "a deal was lost",
}
"""Every state a handoff can be in, with what it means."""

UNANSWERED: Final = frozenset({HELD, WAITING, OPEN})
"""Nobody has answered yet: at most one such handoff a lead and definition."""

LIVE: Final = UNANSWERED | {ACCEPTED}
"""Not over yet."""

CLOCK: Final = "clock"
"""By whom a step is that nobody did."""


@dataclass(frozen=True, slots=True)
class Need:
    """What sales found out: None where it is not known."""

    budget: str | None = None
    need: str | None = None
    fit: str | None = None
    timing: str | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """One lead given to sales under one definition.

    lead: the identifier that it was shown by when this was made. stage: mql, or sales_qualified where it asked for
    that; lead where it was drawn by lot, of which by_lot then is the share, in thousandths of a percent. hand_raise:
    the signal by which it asked to talk to sales. cause: why it moved, of stages' CAUSES. fit, engagement: micro-points
    then; the best are released first. state: one of STATES; why: a sentence that tells how it came to its owner, or why
    it has none. team: by whose turn, None where the owner knew the lead. Instants are microseconds, None while they did
    not happen or are not promised: accept_due and touch_due end what was promised; next is when the clock does
    something. reason, comment, competitor, found: of the answer; resting_until: the first day on which the lead may
    come again. lapsed: who let it lapse. flags: what became of the evidence meanwhile. waits_until: while the lead may
    not be contacted, or nobody can take it, until when nobody need look again, unless something new is known.
    """

    definition: str
    lead: Name
    stage: str
    cause: str
    fingerprint: str
    made_us: int
    engagement: int = 0
    fit: int = 0
    rating: str = ""
    hand_raise: str | None = None
    account: str | None = None
    state: str = WAITING
    why: str = ""
    owner: str | None = None
    team: str | None = None
    assigned_us: int | None = None
    accept_due_us: int | None = None
    touch_due_us: int | None = None
    next_us: int | None = None
    breached_us: int | None = None
    accepted_us: int | None = None
    touched_us: int | None = None
    qualified_us: int | None = None
    closed_us: int | None = None
    reason: str | None = None
    comment: str | None = None
    competitor: str | None = None
    resting_until: int | None = None
    found: Need = field(default_factory=Need)
    lapsed: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    waits_until_us: int | None = None
    by_lot: int | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a handoff's own log. what: assigned, warned, breached, accepted ...; by: a person, or the clock."""

    number: int
    at_us: int
    what: str
    by: str
    why: str
