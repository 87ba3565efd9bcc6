"""Definitions as they are kept, and the tables that they refer to."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal, Protocol

from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.derived import Tables
from ripeline.vocabulary.issues import InputError

Side = Literal["marketing", "sales"]
SIDES: Final[tuple[Side, ...]] = ("marketing", "sales")
"""The two teams that a definition is agreed between."""


@dataclass(frozen=True, slots=True)
class Published:
    """One version of a definition that was published; see the table published.

    name: of the definition in its workspace. number: in the order of publishing, 0 while it is not.
    position: where in the inbox a server began to score by it, None until one did. by: who published it, where
    that is known.
    """

    name: str
    fingerprint: str
    text: str
    at_us: int
    comment: str = ""
    number: int = 0
    position: int | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that may become a definition, of its name in the workspace; it may be wrong. by: who wrote it last."""

    name: str
    text: str
    at_us: int
    by: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody agreed to a text for their team, to the letter. digest: of the text; login: who signed in by it."""

    definition: str
    digest: str
    side: Side
    login: int
    by: str
    at_us: int


def digest_of(text: str) -> str:
    """Return what a text of a definition is known by: no other one has it."""
    return sha256(text.encode()).hexdigest()


class References(Protocol):
    """The tables that ship with Ripeline."""

    def tables(self) -> Tables:
        """Return the tables behind derived traits."""

    def zone(self, name: str) -> Zone:
        """Return the rows of a time zone."""

    def zones(self) -> frozenset[str]:
        """Return the names of all time zones."""


class PublishedMeanwhileError(InputError):
    """Another version of a definition was published since this one was previewed."""

    def __init__(self, name: str) -> None:
        """Take the definition's name."""
        super().__init__(f"another version of {name} was published meanwhile; nothing is changed, preview it again")
