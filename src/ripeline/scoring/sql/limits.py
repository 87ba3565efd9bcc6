"""Caps and floors in SQL: positive and negative sums stay apart through signal, group and total."""

from collections.abc import Sequence
from dataclasses import dataclass

from ripeline.plan.nodes import Limits
from ripeline.vocabulary.points import LARGEST_SUM


@dataclass(frozen=True, slots=True)
class Sums:
    """SQL of a positive and a negative sum."""

    up: str
    down: str

    @property
    def total(self) -> str:
        """The sum of both."""
        return f"({self.up} + {self.down})"


def clamped(raw: str) -> str:
    """Return a signal's sum, held inside the range of the arithmetic."""
    return f"greatest({-LARGEST_SUM}, least({raw}, {LARGEST_SUM}))"


def held(raw: str, cap: int | None, floor: int | None, points: int) -> str:
    """Return a signal's sum under its own cap or above its own floor; its sign is that of its points."""
    if points >= 0:
        return raw if cap is None else f"least({raw}, {max(cap, 0)})"
    return raw if floor is None else f"greatest({raw}, {min(floor, 0)})"


def held_apart(sums: Sums, limits: Limits) -> Sums:
    """Return the positive sum under a cap and the negative one above a floor."""
    up = sums.up if limits.at_most is None else f"least({sums.up}, {max(limits.at_most, 0)})"
    down = sums.down if limits.floor is None else f"greatest({sums.down}, {min(limits.floor, 0)})"
    return Sums(up, down)


def added(parts: Sequence[Sums]) -> Sums:
    """Return the sums of several parts, side by side."""
    return Sums(plus([part.up for part in parts]), plus([part.down for part in parts]))


def plus(terms: list[str]) -> str:
    """Return the sum of some terms, 0 where there are none."""
    kept = [term for term in terms if term != "0"]
    if not kept:
        return "0"
    return kept[0] if len(kept) == 1 else "(" + " + ".join(kept) + ")"
