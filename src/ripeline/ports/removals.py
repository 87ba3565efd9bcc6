"""The book as removals need it."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from ripeline.vocabulary.people import Name
from ripeline.vocabulary.removals import Hold, Proposed


class RemovalBook(Protocol):
    """Who is on the removal list, and who is on hold."""

    def everybody(self) -> Sequence[Proposed]:
        """Return the whole list."""

    def page(self, most: int | None, offset: int) -> tuple[int, Sequence[Proposed]]:
        """Return how many are on the list, and a page of it: who was proposed first comes first. most: None for all."""

    def among(self, values: Iterable[str]) -> Sequence[Proposed]:
        """Return those on the list who are shown by some texts."""

    def proposed_until(self, at_us: int, most: int | None = None) -> Sequence[Proposed]:
        """Return those on the list who were proposed by an instant, the first first. most: None for all."""

    def propose(self, new: Iterable[Proposed]) -> None:
        """Put leads on the list, inside a transaction; who is on it stays as it is."""

    def withdraw(self, names: Iterable[Name]) -> None:
        """Take leads off the list, inside a transaction."""

    def hold(self, new: Hold) -> None:
        """Write down that somebody is not to be removed, inside a transaction."""

    def lift(self, names: Iterable[Name]) -> None:
        """Forget that names are on hold, inside a transaction."""

    def holds(self) -> Sequence[Hold]:
        """Return everybody on hold, the oldest first."""

    def hold_changes(self) -> int:
        """Return a number that is another one once somebody was put on hold, or a hold was lifted."""

    def holds_of(self, names: Iterable[Name]) -> Sequence[Hold]:
        """Return holds of some names, the oldest first."""
