"""What is stored of leads, and the book that says which files it is."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from ripeline.definition.checks import Seen
from ripeline.identity.links import Links
from ripeline.identity.persons import Identifier
from ripeline.intake.erased import Tombstones
from ripeline.plan.nodes import Plan
from ripeline.vocabulary.history import LeadHistory, Statement
from ripeline.vocabulary.people import Name

COMPACTION: Final = "compaction"
"""The cause of manifests that bring nothing new."""


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """One immutable file of history: its kind, its path, its rows and columns (name to type).

    least_ts: the earliest instant in it, None where it has none.
    """

    kind: str
    path: str
    rows: int
    least_ts: int | None
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cut:
    """One state of the history: a manifest's number, the files it names, the inbox position they end at."""

    number: int
    files: tuple[HistoryFile, ...]
    position: int = 0


class Book(Protocol):
    """The book of record, as far as history asks for it."""

    def cut(self) -> Cut:
        """Return the current state of the history."""

    def tombstones(self) -> Tombstones:
        """Return who was erased."""

    def counters(self) -> dict[str, int]:
        """Return the next free numbers by their names."""

    def writing(self) -> AbstractContextManager[None]:
        """Hold the book alone until the end, then commit."""

    def add(
        self,
        new: Sequence[HistoryFile],
        cause: str,
        at_us: int,
        counters: dict[str, int],
        position: int | None = None,
        without: Sequence[HistoryFile] = (),
    ) -> int:
        """Make the next manifest with further files, which end at an inbox position; return its number.

        without: files that it names no more.
        """


@dataclass(frozen=True, slots=True)
class LinkTold:
    """Two identifiers were told together by a source: how often, from when to when (None: always).

    stands: it was not taken back.
    """

    one: int
    other: int
    first_us: int | None
    last_us: int | None
    times: int
    source: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Kin:
    """The links around some leads.

    asked: the identifier of each lead; told: whatever was said of them, taken back or not.
    """

    asked: Mapping[str, int]
    identifiers: Mapping[int, Identifier]
    links: Links
    told: Sequence[LinkTold]


@dataclass(frozen=True, slots=True)
class AccountKnown:
    """What is stored of an account. leads: its persons' scores, as Scores.rows has them; statements: of the account."""

    leads: Sequence[Mapping[str, Any]]
    statements: Sequence[Statement]


TIMELINE_KINDS = ("event", "set_aside", "traits", "link", "account", "outcome", "disposition")
"""What a timeline holds; of what is equally old, later ones here stand first."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that is stored of a lead. kind: one of TIMELINE_KINDS.

    time_us, known_us: None where it is undated, or nobody noted when it was known. key: tells entries of one moment
    apart, the same whenever it is read. trusted: None where that is no question. said: the rest, as plain values.
    """

    kind: str
    time_us: int | None
    known_us: int | None
    key: str
    identifier: Identifier
    source: str
    trusted: bool | None
    said: Mapping[str, object]


Place = tuple[int, int, int, str]
"""Where an entry stands in a timeline: instant, kind, instant of knowing, key; the youngest has the greatest."""


@dataclass(frozen=True, slots=True)
class TimelineAsked:
    """Which part of a timeline: kinds, entries older than a place, at most so many; None for all."""

    kinds: tuple[str, ...] = TIMELINE_KINDS
    before: Place | None = None
    limit: int | None = None


class History(Protocol):
    """What is stored of leads, as the use cases ask for it."""

    def timeline(
        self, lead: str, at_us: int, asked: TimelineAsked
    ) -> tuple[str, Sequence[tuple[Place, TimelineEntry]]]:
        """Return the id shown for any identifier of a lead, and what is stored of it, the youngest first.

        at_us: whose devices are is told as of then. Raises InputError where nobody has the identifier.
        """

    def kin(self, leads: Sequence[str]) -> Kin:
        """Return the links around leads by any of their identifiers; InputError where there is none."""

    def lead(self, plan: Plan, lead: str, as_of_us: int) -> tuple[str, LeadHistory]:
        """Return the id shown for any identifier of a lead, and its history; InputError where there is none."""

    def leads(self, plan: Plan, leads: Sequence[str], as_of_us: int) -> Mapping[str, LeadHistory]:
        """Return the histories of some leads by any of their identifiers, less those who are not known."""

    def stage(self, plan: Plan, lead: str, as_of_us: int) -> str | None:
        """Return the stage that was logged of a lead by an instant, None where nothing was."""

    def level(self, plan: Plan, as_of_us: int) -> int:
        """Return by how many steps likelihoods move at an instant; see scoring.level."""

    def account(self, plan: Plan, account: str, as_of_us: int) -> AccountKnown:
        """Return the persons of an account at an instant, none where nobody belongs to it, and what is said of it."""

    def account_statements(self, account: str) -> Sequence[Statement]:
        """Return what is said of an account, without its persons; nothing where nothing is."""

    def names(self, lead: str) -> Sequence[Name]:
        """Return all names that are linked with one of a lead, its devices' among them."""

    def is_known(self, lead: str) -> bool:
        """Say whether somebody goes by an identifier."""

    def named(
        self, text: str, keys: Collection[str], pairs: Collection[tuple[str, str]], at_us: int, most: int
    ) -> Sequence[str]:
        """Return the identifiers of leads of whom a text was ever stated in some traits; pairs: read as one text."""

    def stated(self, leads: Sequence[str], keys: Collection[str], at_us: int) -> Mapping[str, Mapping[str, object]]:
        """Return some traits of leads by any of their identifiers, as they were said; of who is not known, nothing."""

    def seen(self) -> Seen | None:
        """Return which events, fields and traits there are; None while the history is empty."""

    def outcomes(self) -> Mapping[str, str]:
        """Return the last known outcome, won or lost, by lead."""
