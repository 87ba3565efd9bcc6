"""The book as the lists of leads to nurture need it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from ripeline.vocabulary.nurture import Member, Nurtured
from ripeline.vocabulary.people import Name


@dataclass(frozen=True, slots=True)
class NurtureChange:
    """A lead joins a list, or leaves it. name: None where nobody has it any more; nurtured: what is told of it."""

    key: int
    joins: bool
    name: Name | None
    nurtured: Nurtured


class NurtureBook(Protocol):
    """Who is on the lists, read and written inside a transaction of the book's."""

    def members(self, definition: str) -> Iterator[Member]:
        """Yield everybody on a definition's list."""

    def change(self, definition: str, joined: Iterable[Member], left: Iterable[int]) -> None:
        """Write down who joined a list, and who left it, by their keys."""

    def fallen(self, definition: str, leads: Sequence[str]) -> AbstractSet[str]:
        """Return which of some leads were something else before they were leads again."""

    def resting(self, definition: str, leads: Sequence[str]) -> Mapping[str, int]:
        """Return until which day leads rest that were sent back."""
