"""Where a learned card draws the line: levels of fit and of interest, and what is done for each pair of them.

The likelihood looks at the sum of both. A matrix looks at levels, so the cells are handed over whose leads were won
most often, the best first, until as many leads are handed over as can be answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from ripeline.learning.arrays import Flags, Floats, Whole, added_up

FIT, INTEREST = ("good", "fair", "poor"), ("high", "medium", "low")
FIT_SHARES, INTEREST_SHARES = (0.3, 0.7), (0.15, 0.4)
"""The best such shares of rows make the upper levels, where both parts tell something."""

HANDOFF: Final = "handoff"
_SMALL: Final = 1e-9

USUAL_SHARE: Final = 0.25
"""So many leads are handed over where nobody says how many can be answered: published thresholds flag 15 to 35 %."""


@dataclass(frozen=True)
class Lines:
    """Levels with their lowest points, best first, and what is done in each cell."""

    fit: Mapping[str, int]
    interest: Mapping[str, int]
    actions: Mapping[tuple[str, str], str]

    def handed(self, fit: Floats, interest: Floats) -> Flags:
        """Say of rows with such points whether they are handed over."""
        over = np.array([[self.actions[row, column] == HANDOFF for column in self.interest] for row in self.fit])
        return np.asarray(over[_placed(fit, self.fit), _placed(interest, self.interest)])


def lines_of(fit: Floats, interest: Floats, chance: Floats, leads: Floats, share: float | None) -> Lines:
    """Return levels and actions by which about a share of leads is handed over.

    fit, interest: points of each row; chance: what the card foretells of it; leads: how many it stands for.
    """
    wanted = USUAL_SHARE if share is None else share
    alone = (wanted, min(1.0, 2 * wanted)) if _is_flat(fit) or _is_flat(interest) else None
    fits = _levels(fit, FIT, alone or FIT_SHARES, leads)
    interests = _levels(interest, INTEREST, alone or INTEREST_SHARES, leads)
    place = _placed(fit, fits) * len(interests) + _placed(interest, interests)
    cells = list(product(fits, interests))
    handed = _handed(place, chance, leads, wanted)
    actions = {cell: _action(cell, handed=number in handed) for number, cell in enumerate(cells)}
    return Lines(fits, interests, actions)


def _is_flat(points: Floats) -> bool:
    return not len(points) or bool((points == points[0]).all())


def _levels(points: Floats, names: Sequence[str], shares: tuple[float, float], leads: Floats) -> dict[str, int]:
    """Return levels with their lowest whole points, best first; one where all have the same points."""
    if _is_flat(points):
        return {names[-1]: 0}
    upper = [int(np.ceil(_above(points, 1 - share, leads))) for share in shares]
    cuts = (*upper, int(np.floor(points.min())))
    # Where many have equal points, two levels are one.
    falling = (place for place in range(len(cuts)) if not place or cuts[place] < cuts[place - 1])
    return {names[place]: cuts[place] for place in falling}


def _above(points: Floats, share: float, leads: Floats) -> float:
    """Return the points that a share of leads lies below: of two that could be meant the higher ones.

    >>> _above(np.array([1.0, 2.0, 3.0, 4.0]), 0.5, np.ones(4))
    3.0
    >>> _above(np.array([1.0, 2.0, 3.0]), 0.5, np.array([9.0, 1.0, 1.0]))
    1.0
    """
    order = np.argsort(points, kind="stable")
    up_to = np.cumsum(leads[order])
    wanted = np.ceil((up_to[-1] - 1) * share - _SMALL) + 1
    return float(points[order][min(np.searchsorted(up_to, wanted - _SMALL), len(order) - 1)])


def _placed(points: Floats, levels: Mapping[str, int]) -> Whole:
    """Return the place of each row's level, the best first; below all levels it is the last."""
    lowest = np.array(list(levels.values()))
    reached = points[:, None] >= lowest[None, :]
    return np.where(reached.any(axis=1), reached.argmax(axis=1), len(lowest) - 1)


def _handed(place: Whole, chance: Floats, leads: Floats, wanted: float) -> set[int]:
    """Return the cells that are handed over: the best, as long as that brings the share of leads nearer."""
    many = int(place.max(initial=-1)) + 1
    there, sums = (added_up(place, many, each) for each in (leads, leads * chance))
    handed, share = set[int](), 0.0
    for cell in sorted(np.flatnonzero(there).tolist(), key=lambda one: -sums[one] / there[one]):
        more = share + there[cell] / leads.sum()
        if handed and abs(more - wanted) > abs(share - wanted):
            break
        handed.add(cell)
        share = more
    return handed


def _action(cell: tuple[str, str], *, handed: bool) -> str:
    if handed:
        return HANDOFF
    return "follow_up" if cell == (FIT[-1], INTEREST[0]) else "nurture"
