"""Leads as they stand, and the book that says how they came there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from ripeline.scoring.profile import Profile
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.scores import LeadScore
from ripeline.vocabulary.stages import StageChange

STAGE_LINES: Final = {
    "kind": "VARCHAR",
    "value": "VARCHAR",
    "number": "BIGINT",
    "after": "VARCHAR",
    "at_us": "BIGINT",
    "cause": "VARCHAR",
    "decided_by": "VARCHAR",
    "resting_until": "BIGINT",
}
"""Lines of the log as rows: kind and value are the lead's."""


class StageLog(Protocol):
    """The log of stages, asked by the fingerprint of a version: nothing where no such version was ever published."""

    def rows(self, fingerprint: str, until_us: int) -> Iterable[Mapping[str, object]]:
        """Yield all lines up to an instant as plain values, with what tells where somebody stands: see STAGE_LINES."""

    def lines(self, fingerprint: str, until_us: int) -> Sequence[StageChange]:
        """Return all lines up to an instant, in order, without the lines of scores."""

    def lines_of(self, fingerprint: str, names: Iterable[Name], until_us: int) -> Sequence[StageChange]:
        """Return the lines of some names up to an instant, in order."""


@dataclass(frozen=True, slots=True)
class Owned:
    """From an instant (included) until another (excluded), what is logged of a name is a person's."""

    name: Name
    from_us: int
    until_us: int


@dataclass(frozen=True, slots=True)
class LeadNow:
    """A person at an instant: the name shown, all names that are theirs, score, traits and account.

    outcome: the last one that is known, won or lost, and when that was. members: where this is a whole account, those
    who are part of it; it goes by the name and traits of whom to speak to first.
    """

    lead: Name
    owned: tuple[Owned, ...]
    score: LeadScore
    profile: Profile
    account: str | None
    outcome: tuple[str, int] | None = None
    members: tuple["LeadNow", ...] = ()

    def owns(self, name: Name, at_us: int) -> bool:
        """Say whether what is logged of a name at an instant is this person's."""
        return any(one.name == name and one.from_us <= at_us < one.until_us for one in self.owned)
