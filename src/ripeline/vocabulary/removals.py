"""Removal: who is proposed for it, who is never to be removed, and what keeps somebody off the list."""

from dataclasses import dataclass
from typing import Final

from ripeline.vocabulary.people import Name
from ripeline.vocabulary.stages import DISQUALIFIED, LEAD, LOST, RECYCLED

REMOVE: Final = "remove"
"""The matrix's action."""

REMOVABLE_STAGES: Final = frozenset({LEAD, DISQUALIFIED, RECYCLED, LOST})
"""Only who stands here may be removed: neither with sales, nor on the way there, nor a customer."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A lead on the removal list, by the name it is shown by. since: the first day of those that were looked at."""

    lead: Name
    since: int
    at_us: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody said that a lead is not to be removed."""

    lead: Name
    reason: str
    by: str
    at_us: int


@dataclass(frozen=True, slots=True)
class OtherDay:
    """A local day on which a lead was not to be removed. action, levels: as they were; None where nobody knew it."""

    day: int
    action: str | None = None
    fit_level: str = ""
    engagement_level: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a lead is to be on the removal list.

    why_not: what keeps it off, in one sentence; None where nothing does.
    since: the first day of those that were looked at. again_us: not before that instant it may be otherwise by time
    alone, None where something else has to change.
    """

    lead: Name
    since: int
    why_not: str | None = None
    again_us: int | None = None
