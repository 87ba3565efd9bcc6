"""What the use cases ask of the outside world, and the small records that cross over."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ripeline.definition.checks import Seen
from ripeline.identity.links import Links
from ripeline.identity.persons import Identifier
from ripeline.intake.patterns import Act, Patterns
from ripeline.plan.nodes import Plan
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.derived import Tables
from ripeline.vocabulary.history import LeadHistory, Statement
from ripeline.vocabulary.issues import InputError, Issue


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


@dataclass(frozen=True, slots=True)
class WriteKey:
    """What a client shows when it sends. kind: web or server; origins: pages it may be used on, () for all.

    Events of one source are counted once by their message id.
    """

    id: int
    kind: str
    source: str
    origins: tuple[str, ...] = ()

    @property
    def trusted(self) -> bool:
        """Say whether what comes with it is trusted."""
        return self.kind == "server"


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a client as it came; see the table inbox. body: as sent, packed or not."""

    received_us: int
    key_id: int
    body: bytes
    kind: str | None = None
    retried: bool = False
    sent_at: str | None = None


@dataclass(frozen=True, slots=True)
class FailedEvent:
    """An event that does not count, where it came from and why; see the table failed_events.

    id, source, state: as the book tells them.
    """

    position: int
    place: int
    received_us: int
    key_id: int
    kind: str | None
    reason: str
    detail: str
    event: bytes
    id: int = 0
    source: str = ""
    state: str = "failed"


@dataclass(frozen=True, slots=True)
class Published:
    """One version of a definition that was published; see the table published.

    name: of the definition in its workspace. number: in the order of publishing, 0 while it is not.
    position: where in the inbox a server began to score by it, None until one did.
    """

    name: str
    fingerprint: str
    text: str
    at_us: int
    comment: str = ""
    number: int = 0
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that may become a definition, of its name in the workspace; it may be wrong."""

    name: str
    text: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What to score: everybody at one instant, or given (lead, instant) rows, each at its own.

    known_us: only what was known by then; None for all that is known now. accounts: also whose company they are.
    """

    as_of_us: int
    known_us: int | None = None
    rows: tuple[tuple[str, int], ...] | None = None
    accounts: bool = False


@dataclass(frozen=True, slots=True)
class LeadsAsked:
    """Which rows of current scores, or of their accounts.

    equal: columns with their values; order: columns to sort by, and whether downwards.
    """

    equal: Mapping[str, object]
    order: tuple[tuple[str, bool], ...]
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class LeadFile:
    """How a file of leads is read. id: the column of the lead; created, at, known_at: of times."""

    id: str
    created: str | None = None
    at: str | None = None
    known_at: str | None = None
    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rename: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class EventFile:
    """How a file of events is read. type: a column, or one of track, page and screen for all rows.

    event: what all rows are called, instead of a column of names.

    All None: JSON Lines of Segment-shaped calls, which name everything themselves.
    """

    lead: str | None = None
    name: str | None = None
    time: str | None = None
    type: str | None = None
    id: str | None = None
    known_at: str | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomeFile:
    """How a file of outcomes is read: a column with won and lost, or conditions over its columns."""

    lead: str
    time: str | None = None
    outcome: str | None = None
    won_when: str | None = None
    lost_when: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows read, rows that were new, rows refused and the file that lists them."""

    read: int
    added: int
    rejected: int
    rejects: Path | None = None
    what: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as read: how each column is typed ("cell", "text", "number" or "json"), rows, refused lines.

    rejects: (line, reason, row). lines: the exact line of every row that was read, found when asked for;
    None where a row's number is its line.
    """

    file: str
    kinds: Mapping[str, str]
    rows: int
    rejects: Sequence[tuple[int, str, str]] = ()
    lines: Callable[[], Sequence[int]] | None = None


Progress = Callable[[str, float | None], None]
"""Told what is being done and, where it is known, how much of it (0 to 1) is finished."""


class References(Protocol):
    """The tables that ship with Ripeline."""

    def tables(self) -> Tables:
        """Return the tables behind derived traits."""

    def zone(self, name: str) -> Zone:
        """Return the rows of a time zone."""

    def zones(self) -> frozenset[str]:
        """Return the names of all time zones."""


class Book(Protocol):
    """The book of record, as far as history asks for it."""

    def cut(self) -> Cut:
        """Return the current state of the history."""

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


class UnavailableError(Exception):
    """Nothing can be stored at the moment; later it may be."""


class PublishedMeanwhileError(InputError):
    """Another version of a definition was published since this one was previewed."""

    def __init__(self, name: str) -> None:
        """Take the definition's name."""
        super().__init__(f"another version of {name} was published meanwhile; nothing is changed, preview it again")


class Inbox(Protocol):
    """Requests that are safe and wait to become history."""

    def waiting(self, after: int, until: int) -> Sequence[tuple[int, Request]]:
        """Return (position, request) behind a position, up to another, in order: not all, where they are many."""

    def keys(self) -> Mapping[int, WriteKey]:
        """Return all write keys there ever were, by their number."""

    def note_applied(self, position: int, failed: Sequence[FailedEvent]) -> None:
        """Remember how far was read, and the events up to there that do not count."""


class Accounts(Protocol):
    """Accounts rolled up from their persons' scores, sorted by name."""

    def write(self, file: Path) -> int:
        """Write all of them as .csv, .json or .parquet; return how many."""

    def rows(self) -> Sequence[Mapping[str, object]]:
        """Return all of them as records of plain values, points in micro-points."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """An event that does not count: the identifier it came with, why, by whom and when it was judged so."""

    id: str
    identifier: str
    type: str
    name: str
    time_us: int
    source: str
    reason: str
    by_hand: bool
    judged_us: int


@dataclass(frozen=True, slots=True)
class ActsAsked:
    """Which events: all that meet everything that is said.

    lead: any identifier of whom they are; user_agent: a part of what the client calls itself.
    """

    events: tuple[str, ...] | None = None
    lead: str | None = None
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class Touched:
    """Who took part in something since a look. since_us: the earliest of it."""

    identifiers: frozenset[str]
    since_us: int


class Acts(Protocol):
    """Single events, those too that are set aside."""

    def set_aside(self, limit: int, offset: int) -> tuple[int, Sequence[SetAside]]:
        """Return how many are set aside, and a page of them, the last judged first."""

    def chosen(self, asked: ActsAsked, at_us: int, *, aside: bool) -> Mapping[str, str]:
        """Return the events asked for that are set aside, or that are not, each with the identifier it came with.

        Raises InputError where a lead is not in the history.
        """

    def on_mails(self, patterns: Patterns, touched: Touched | None, at_us: int) -> Iterable[Sequence[Act]]:
        """Yield what each person did with mails, of everybody or of those who were touched."""

    def in_numbers(self, patterns: Patterns, touched: Touched | None) -> Iterable[Sequence[Act]]:
        """Yield what came untrusted from each identifier of which there is much."""

    def of_staff(self, patterns: Patterns, touched: Touched | None, at_us: int) -> Iterable[str]:
        """Yield all that the company's own people did."""

    def judged(self, events: Iterable[str]) -> set[str]:
        """Return those of some events of which there is a judgement already."""


class Scores(Protocol):
    """Scored leads, held by the engine that made them, sorted by lead."""

    def write(self, file: Path) -> int:
        """Write all of them as .csv, .json or .parquet; return how many."""

    def rows(self) -> Sequence[Mapping[str, object]]:
        """Return all of them as records of plain values, points in micro-points."""

    def accounts(self) -> Accounts:
        """Return the accounts of these leads, where they were scored with them, all at one instant."""

    def keep_known(self) -> None:
        """Leave out anonymous visitors: those with neither a user id nor an e-mail address."""


class Engine(Protocol):
    """Scores leads from the history of one cut."""

    def score(self, plan: Plan, asked: Asked, progress: Progress) -> Scores:
        """Score everybody, or the rows asked for."""

    def contributions(self, plan: Plan, asked: Asked) -> Sequence[tuple[str, str, str, int]]:
        """Return every line (lead, part, name, micro-points), leads in order, lines in order."""


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


TIMELINE_KINDS = ("event", "traits", "link", "outcome")
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

    def account(self, plan: Plan, account: str, as_of_us: int) -> AccountKnown:
        """Return the persons of an account at an instant, none where nobody belongs to it, and what is said of it."""

    def seen(self) -> Seen | None:
        """Return which events, fields and traits there are; None while the history is empty."""

    def outcomes(self) -> Mapping[str, str]:
        """Return the last known outcome, won or lost, by lead."""


@dataclass(frozen=True, slots=True)
class BookState:
    """What the book tells of history and inbox at one moment.

    accepted, applied: positions; waiting: requests behind the cut, the oldest received at oldest_us; unapplied_us: when
    the oldest was received that is not applied; youngest_us: the last receipt or manifest; keyless: requests whose key
    is not known; named: the files of all manifests there ever were.
    """

    cut: Cut
    accepted: int
    applied: int
    waiting: int
    oldest_us: int | None
    unapplied_us: int | None
    youngest_us: int
    keyless: int
    named: frozenset[str]


@dataclass(frozen=True, slots=True)
class BookLook:
    """How a book is: why it cannot be opened, what is broken in its file, its form and the one that is known.

    misshapen: tables that are not as the form says; state: None where the book is too broken, or too old, to tell.
    """

    unopened: str | None = None
    damage: tuple[str, ...] = ()
    form: int = 0
    known_form: int = 0
    misshapen: tuple[str, ...] = ()
    state: BookState | None = None


@dataclass(frozen=True, slots=True)
class FileOnDisk:
    """A file that lies in the folder of history."""

    path: str
    bytes: int
    changed_us: int


class Examined(Protocol):
    """A workspace as the doctor looks at it; nothing is changed."""

    def book(self) -> BookLook:
        """Return how the book is."""

    def stored(self, file: HistoryFile, *, every_row: bool) -> tuple[int, Mapping[str, str]]:
        """Return the rows and columns of a file as it lies there, or raise InputError where it cannot be read."""

    def on_disk(self) -> Sequence[FileOnDisk]:
        """Return all files in the folder of history."""

    def repeated(self, cut: Cut, kind: str, columns: Sequence[str], one_in: int) -> int:
        """Return how many different values of columns are there more than once, looking at one in so many of them."""

    def definitions(self) -> Mapping[str, Sequence[Issue]]:
        """Return the issues of every definition, by its file."""

    def free_bytes(self) -> int:
        """Return how much room there is left."""

    def open_to_others(self) -> Sequence[str]:
        """Return the book's files and backups that others than their owner may read."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A file in a backup, and the SHA-256 of what it holds."""

    name: str
    bytes: int
    sha256: str
