"""What a review of a definition in use asks of history and of the book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ripeline.insight.in_use import Given, Handed, Look
from ripeline.plan.nodes import Plan
from ripeline.vocabulary.stages import StageChange


@dataclass(frozen=True, slots=True)
class Until:
    """Up to when it is asked what became of leads: by the end of a review, and in the days of a likelihood."""

    end_us: int
    in_time_us: int


class Review(Protocol):
    """History at a few instants, each with what was known by then, and what the book says of one definition."""

    def look(self, plan: Plan, at_us: int, until: Until) -> Look:
        """Return everybody as a definition saw them at an instant, and what became of them."""

    def since(self, plan: Plan, from_us: int, until_us: int) -> Mapping[str, int]:
        """Return by signal how many leads did what it listens for, from the day of one instant to another.

        Signals that listen to no act are left out.
        """

    def handed(self, plan: Plan, given: Sequence[Given]) -> Handed:
        """Return handoffs as their leads were when they were handed over, less those whose leads are unknown."""

    def moves(self, fingerprint: str, until_us: int) -> Sequence[StageChange]:
        """Return the log of stages of the definition of a version up to an instant; none where it was not published."""
