"""Shares of small numbers, with how far they can be trusted; and where most of some amounts lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

FEWEST: Final = 5
"""Of fewer no share, median or the like is told: it would say more of chance than of anything else."""

_Z: Final = 1.959964
"""Of the normal distribution, 95 % lie within so many standard deviations."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many."""

    count: int = 0
    of: int = 0

    @property
    def is_told(self) -> bool:
        """Say whether there are enough to tell a share."""
        return self.of >= FEWEST

    @property
    def share(self) -> float | None:
        """The share from 0 to 1, None where there are too few."""
        return self.count / self.of if self.is_told else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval: where the share in the long run lies, at 95 %; None where there are too few.

        >>> low, high = Rate(8, 10).interval
        >>> round(low, 3), round(high, 3)
        (0.49, 0.943)
        """
        if not self.is_told:
            return None
        share, square = self.count / self.of, _Z * _Z / self.of
        middle = (share + square / 2) / (1 + square)
        half = _Z / (1 + square) * sqrt((share * (1 - share) + square / 4) / self.of)
        return max(0.0, middle - half), min(1.0, middle + half)


def difference(now: Rate, before: Rate) -> tuple[float, float, float] | None:
    """Return how much greater a share is than another, and between what that lies at 95 % (Newcombe's interval).

    None where either is of too few. Where it lies on both sides of 0, it may be chance.

    >>> [round(part, 3) for part in difference(Rate(56, 70), Rate(48, 80))]
    [0.2, 0.052, 0.334]
    """
    if now.share is None or before.share is None or now.interval is None or before.interval is None:
        return None
    more = now.share - before.share
    (low, high), (low_before, high_before) = now.interval, before.interval
    down = sqrt((now.share - low) ** 2 + (high_before - before.share) ** 2)
    up = sqrt((high - now.share) ** 2 + (before.share - low_before) ** 2)
    return more, more - down, more + up


def at_rank(amounts: Sequence[int], percent: int) -> int | None:
    """Return the amount that a part of all do not exceed: one that is there, none between two. None of too few.

    amounts: ascending.

    >>> at_rank([1, 2, 3, 4, 50], 50), at_rank([1, 2, 3, 4, 50], 90), at_rank([1, 2], 50)
    (3, 50, None)
    """
    rank = -(-percent * len(amounts) // 100)
    return amounts[rank - 1] if len(amounts) >= FEWEST else None
