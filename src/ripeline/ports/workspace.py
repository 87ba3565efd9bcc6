"""A workspace as it lies on disk: for the doctor, and in a backup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ripeline.handoff.sales import Sales
from ripeline.ports.history import Cut, HistoryFile
from ripeline.vocabulary.issues import Issue


@dataclass(frozen=True, slots=True)
class BookState:
    """What the book tells of history and inbox at one moment.

    accepted, applied: positions; waiting: requests behind the cut, the oldest received at oldest_us; unapplied_us: when
    the oldest was received that is not applied; youngest_us: the last receipt or manifest; keyless: requests whose key
    is not known; named: the files of all manifests there ever were. erased_us: when somebody was erased last;
    unremoved: files that may hold them; backups: those made before, as far as they are known.
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
    erased_us: int | None = None
    unremoved: tuple[str, ...] = ()
    backups: tuple[str, ...] = ()


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

    def sales(self) -> Sales:
        """Return how sales is set up, or raise InputError."""

    def lies_there(self, file: str) -> bool:
        """Say whether there is a file of a path anywhere."""

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
