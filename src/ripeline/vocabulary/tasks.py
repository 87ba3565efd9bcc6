"""A task: somebody of sales sees to a lead, without urgency."""

from dataclasses import dataclass
from typing import Final

from ripeline.vocabulary.people import Name

HELD: Final = "held"
WAITING: Final = "waiting"
OPEN: Final = "open"
DONE: Final = "done"
DISMISSED: Final = "dismissed"
WITHDRAWN: Final = "withdrawn"

STATES: Final[dict[str, str]] = {
    HELD: "logged, and shown to nobody until somebody releases it",
    WAITING: "for somebody who may have it: why nobody can is told",
    OPEN: "somebody has it",
    DONE: "seen to",
    DISMISSED: "not worth it",
    WITHDRAWN: "taken back: the lead is with sales by now, or nobody's business",
}
"""Every state a task can be in, with what it means."""

NOBODYS: Final = frozenset({HELD, WAITING})
"""Nobody has been given it yet."""

UNANSWERED: Final = NOBODYS | {OPEN}
"""At most one such task a lead and definition."""

PROMOTER: Final = "promoter"
FOLLOW_UP: Final = "follow_up"
ASKED_AGAIN: Final = "asked_again"

REASONS: Final[dict[str, str]] = {
    PROMOTER: "possible promoter",
    FOLLOW_UP: "follow-up",
    ASKED_AGAIN: "asked again",
}
"""Why there is a task, in words: poorest fit with highest interest, another cell that asks for it, a raised hand."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done about a lead under one definition; no clock runs.

    lead: the identifier that it was shown by when this was made; stage: where it stood. reason: one of REASONS; cause:
    what brought it about, of stages' CAUSES; hand_raise: the signal by which it asked again. fit, engagement:
    micro-points then. state: one of STATES; why: a sentence that tells how it came to its owner, or why it has none.
    team, turn: by whose turn, None where the owner knew the lead. Instants are microseconds, None while they did not
    happen; released: it was held back until then. closed_by, comment: who saw to it, and what they say.
    """

    definition: str
    lead: Name
    reason: str
    stage: str
    cause: str
    fingerprint: str
    made_us: int
    fit: int = 0
    fit_level: str = ""
    engagement: int = 0
    engagement_level: str = ""
    hand_raise: str | None = None
    account: str | None = None
    state: str = WAITING
    why: str = ""
    owner: str | None = None
    team: str | None = None
    turn: int | None = None
    assigned_us: int | None = None
    released_us: int | None = None
    closed_us: int | None = None
    closed_by: str | None = None
    comment: str | None = None
    number: int = 0
