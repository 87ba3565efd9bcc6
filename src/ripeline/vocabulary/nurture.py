"""The list of leads to nurture: who is on it, since when, and how they came there."""

from dataclasses import dataclass
from typing import Final

from ripeline.vocabulary.stages import LEAD, RECYCLED

NEW: Final = "new"
FELL: Final = "fell"

JOINED_BY: Final[dict[str, str]] = {
    NEW: "never moved from stage to stage before",
    RECYCLED: "sales sent it back",
    FELL: "was an MQL, or suppressed, and is a lead again",
}
"""How a lead came onto the list."""

NURTURED_STAGES: Final = (LEAD, RECYCLED)
"""Only leads that stand here are on the list: neither with sales nor decided about by sales."""


@dataclass(frozen=True, slots=True)
class Member:
    """One lead on a list, by a hash of the list's definition and the lead's name. by: one of JOINED_BY."""

    key: int
    joined_us: int
    by: str


@dataclass(frozen=True, slots=True)
class Nurtured:
    """A lead on the list as it is read. joined_us, by: None where it is not written down yet.

    resting_until: the first local day on which it may qualify again. email, consent: as they are known.
    """

    lead: str
    joined_us: int | None
    by: str | None
    stage: str
    fit_level: str
    engagement_level: str
    email: str | None = None
    consent: str | None = None
    resting_until: int | None = None


@dataclass(frozen=True, slots=True)
class NurtureAsked:
    """A page of the list: who joined at an instant or later, or everybody; most: None for all."""

    since_us: int | None = None
    most: int | None = None
    offset: int = 0
