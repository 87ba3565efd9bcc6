"""Where a lead stands, and how it came there: the log of stages."""

from dataclasses import dataclass
from typing import Final

from ripeline.vocabulary.people import Name
from ripeline.vocabulary.scores import Contribution

LEAD: Final = "lead"
MQL: Final = "mql"
SALES_ACCEPTED: Final = "sales_accepted"
SALES_QUALIFIED: Final = "sales_qualified"
OPPORTUNITY: Final = "opportunity"
CUSTOMER: Final = "customer"
RECYCLED: Final = "recycled"
LOST: Final = "lost"
DISQUALIFIED: Final = "disqualified"
SUPPRESSED: Final = "suppressed"

STAGES: Final = (
    CUSTOMER,
    OPPORTUNITY,
    SALES_QUALIFIED,
    SALES_ACCEPTED,
    DISQUALIFIED,
    LOST,
    RECYCLED,
    MQL,
    SUPPRESSED,
    LEAD,
)
"""All of them. Where two leads turn out to be one person, that person stands at the one named first here."""

RESTING: Final = frozenset({RECYCLED, LOST})
"""Stages that sales sent a lead back to: for the time of the cool-down only a raised hand leads out of them."""

EVENT: Final = "event"
TIME: Final = "time"
HAND_RAISE: Final = "hand_raise"
DEFINITION: Final = "definition"
MERGE: Final = "merge"
UNMERGE: Final = "unmerge"
UNDONE: Final = "undone"
IMPORT: Final = "import"
SET_ASIDE: Final = "set_aside"
RESTORED: Final = "restored"
ERASURE: Final = "erasure"
PERSON: Final = "person"

CAUSES: Final = (
    PERSON,
    UNDONE,
    IMPORT,
    DEFINITION,
    ERASURE,
    SET_ASIDE,
    RESTORED,
    UNMERGE,
    MERGE,
    HAND_RAISE,
    EVENT,
    TIME,
)
"""Why stages change: somebody decided, or what the score is made of changed in one of these ways."""

QUIET: Final = frozenset({IMPORT, UNDONE, DEFINITION, MERGE, UNMERGE, RESTORED})
"""What comes of these is logged and leaves the building only once somebody releases it."""

EVIDENCE_GONE: Final = frozenset({SET_ASIDE, UNMERGE, UNDONE, ERASURE})
"""These take evidence away: what rested on it never was."""


@dataclass(frozen=True, slots=True)
class StageChange:
    """One line of the log: a lead moved.

    lead: the identifier that it was shown by then, whose line it stays. cause: one of CAUSES; by: who decided, where a
    person did; why: a sentence. resting_until: the first local day on which it may qualify again. fit, engagement: the
    lines of the scores at that moment. follows: the numbers of the lines that this one takes the place of, several
    where leads became one. number: its own, 0 until it is written.
    """

    definition: str
    lead: Name
    before: str
    after: str
    at_us: int
    cause: str
    why: str
    fingerprint: str
    by: str = ""
    resting_until: int | None = None
    fit: tuple[Contribution, ...] = ()
    engagement: tuple[Contribution, ...] = ()
    follows: tuple[int, ...] = ()
    number: int = 0
