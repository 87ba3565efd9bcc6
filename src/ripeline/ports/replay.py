"""History played again, as a backtest asks for it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from ripeline.learning.backtest import Ends, Met
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Progress


class Replay(Protocol):
    """History at instants of the past, each with what was known by then."""

    def first_met(self, plan: Plan, instants: Sequence[int], progress: Progress) -> Sequence[Met]:
        """Return everybody who met a definition at some of these instants, with the first of them.

        instants: ascending; who met it at the first one is told as such. People are told by who they are now.
        """

    def ends(self, known_us: int) -> Ends:
        """Return what is known by an instant to have become of people."""

    def names(self, people: Collection[int]) -> Mapping[int, str]:
        """Return the identifiers that people are shown by."""

    def channels(self, people: Collection[int], at_us: int) -> Mapping[int, str]:
        """Return by which channel people first came, of those of whom it is known."""
