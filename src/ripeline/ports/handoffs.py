"""The book as stages and handoffs need it."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from ripeline.handoff.routing import Load
from ripeline.intake.dispositions import Disposition
from ripeline.intake.outcomes import Outcome
from ripeline.ports.nurture import NurtureBook
from ripeline.ports.removals import RemovalBook
from ripeline.ports.tasks import TaskBook
from ripeline.vocabulary.handoffs import Handoff, Step
from ripeline.vocabulary.happenings import Happening
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.stages import StageChange


@dataclass(frozen=True, slots=True)
class Advanced:
    """How far a definition's leads were moved: by which version, which imports are known, up to where in the inbox."""

    fingerprint: str
    manifest: int
    position: int
    at_us: int


@dataclass(frozen=True, slots=True)
class Release:
    """How many held handoffs leave a day; by whom that was said, and when."""

    per_day: int
    at_us: int
    by: str


@dataclass(frozen=True, slots=True)
class Touch:
    """A salesperson was in touch with a lead, or took it on. lead, made_us: the handoff's, which tell whose it is."""

    lead: Name
    made_us: int
    at_us: int


USUAL = 100
"""Rows of a page, where nobody says how many."""


@dataclass(frozen=True, slots=True)
class HandoffsAsked:
    """equal: columns with their values; states: any of these, all where there is none; lead: any identifier of it.

    closed_since_us: those that were over since an instant, the last one first; None for all, what is due first.
    """

    equal: Mapping[str, str]
    states: tuple[str, ...] = ()
    limit: int = USUAL
    offset: int = 0
    lead: str | None = None
    closed_since_us: int | None = None


@dataclass(frozen=True, slots=True)
class StagesAsked:
    """Lines behind a number, of one definition or all, of one lead (any identifier) or all."""

    after: int = 0
    definition: str | None = None
    lead: str | None = None
    limit: int = USUAL


class HandoffBook(Protocol):
    """Stages and handoffs, read and written inside one transaction at a time."""

    @property
    def tasks(self) -> TaskBook:
        """The tasks of the same book."""

    @property
    def nurtured(self) -> NurtureBook:
        """The lists of leads to nurture of the same book."""

    @property
    def removals(self) -> RemovalBook:
        """The removal list of the same book."""

    def writing(self) -> AbstractContextManager[None]:
        """Hold the book alone; commit at the end, or nothing where an error leaves."""

    def advanced(self, definition: str) -> Advanced | None:
        """Return how far a definition's leads were moved, None where they never were."""

    def note_advanced(self, definition: str, done: Advanced) -> None:
        """Write down how far a definition's leads were moved."""

    def lines_of(self, definition: str, names: Iterable[Name]) -> Sequence[StageChange]:
        """Return the lines of some names in the log of stages, in order."""

    def log(self, line: StageChange) -> StageChange:
        """Add a line to the log of stages; return it with its number."""

    def handoff(self, number: int) -> Handoff | None:
        """Return a handoff by its number."""

    def handoffs_of(self, definition: str, names: Iterable[Name]) -> Sequence[Handoff]:
        """Return all handoffs of some names, the oldest first."""

    def owner_of_account(self, account: str) -> str | None:
        """Return who was given the last handoff of an account, None where nobody was."""

    def waiting(self, most: int, at_us: int) -> Sequence[Handoff]:
        """Return handoffs to be given out, less those that nobody need look at yet: see `waits_until_us`.

        Raised hands come first, then the best, then the oldest.
        """

    def held(self, definition: str, most: int, at_us: int) -> list[Handoff]:
        """Return handoffs of a definition that are held back and may be released, in the same order."""

    def owners(self) -> Sequence[str]:
        """Return everybody who has a handoff to answer or to work."""

    def owned_by(self, owner: str) -> Sequence[Handoff]:
        """Return the handoffs that somebody has to answer or to work, the oldest first."""

    def was_noted(self, number: int, why: str) -> bool:
        """Say whether a handoff's log tells something already, since it was given to its owner."""

    def releases(self) -> Mapping[str, Release]:
        """Return what may leave of the handoffs that are held back, by definition."""

    def released_since(self, definition: str, since_us: int) -> int:
        """Return how many held handoffs and tasks of a definition left since an instant."""

    def due(self, at_us: int, most: int) -> Sequence[Handoff]:
        """Return handoffs whose clock does something by an instant, the first first."""

    def add(self, new: Handoff, why: str) -> Handoff:
        """Write a new handoff down, with the first line of its own log; return it with its number."""

    def change(self, changed: Handoff, *steps: Step) -> None:
        """Write down what became of a handoff, with lines of its own log."""

    def note_given(self, handoff: Handoff, at_us: int, turn: int | None) -> None:
        """Count a handoff for its owner, and what was taken of the team's turns."""

    def live_of_account(self, definition: str, account: str) -> Sequence[int]:
        """Return the numbers of an account's handoffs that are not over."""

    def last_owner(self, number: int) -> str | None:
        """Return who was given a handoff last, None where nobody was."""

    def see_account_again(self, account: str) -> None:
        """Have the handoffs of an account looked at again that nobody has."""

    def given(self, owner: str, teams: Iterable[str], since_us: int) -> Load:
        """Return what somebody was given: how many since an instant, and the last turns in some teams."""

    def tell(self, happenings: Sequence[Happening]) -> None:
        """Promise the outside to be told of what happened, in the same transaction."""

    def tell_disposition(self, disposition: Disposition) -> int:
        """Have history remember what sales answered; return the position from which it does."""

    def tell_outcome(self, outcome: Outcome) -> int:
        """Have history remember that a lead was won or lost; return the position from which it does."""

    def unread_answers(self, position: int) -> frozenset[Name]:
        """Return the names that sales answered about behind a position: scores made there do not know it yet."""
