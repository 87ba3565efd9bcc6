"""Imports as they are written down, and what undoing one takes away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from ripeline.ports.history import Book

UNDO: Final = "undo import "
"""How the causes of manifests begin that leave an import out."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import. what: leads, events, calls or outcomes; rejects: the name of the file of refused rows.

    manifest: the one that it came with, which its rows carry. undone_us: None while it counts; removed: how many rows
    of each sort went then.
    """

    manifest: int
    at_us: int
    what: str
    file: str
    source: str
    rows: int
    added: int
    refused: int
    rejects: str | None = None
    by: str = ""
    number: int = 0
    undone_us: int | None = None
    undone_by: str = ""
    removed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing an import does. removes: how many rows of each sort go.

    names: so many identifiers are nobody's afterwards; kept: so many rows stay, since a later import brought them too.
    """

    removes: Mapping[str, int]
    names: int
    kept: int


class ImportBook(Book, Protocol):
    """The book, as far as imports ask for it."""

    def imports(self) -> Sequence[Import]:
        """Return all imports, the youngest first."""

    def note_import(self, one: Import) -> None:
        """Write an import down, inside the transaction that makes its manifest."""

    def note_undone(self, number: int, at_us: int, by: str, removed: Mapping[str, int], manifest: int) -> None:
        """Write down that an import was undone, inside the transaction that makes the manifest without it."""
