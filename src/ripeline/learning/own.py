"""Rules of a company's own definition that deals may correct: what each gave every row, and what holds their sums."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ripeline.learning.arrays import Floats

Part = Literal["fit", "engagement"]


@dataclass(frozen=True, slots=True)
class Own:
    """A rule of a definition that is started from.

    points: of one unit of what it counts; most: of all units together, the cap or the floor, None without one. full:
    the units that are all there is of it, where its column is 1. is_fixed: deals may not correct it.
    """

    part: Part
    name: str
    label: str
    points: float
    most: float | None = None
    full: float = 1.0
    group: str | None = None
    is_weak: bool = False
    is_fixed: bool = False

    @property
    def key(self) -> str:
        """What its units are found by: parts may have rules of the same name."""
        return f"{self.part}.{self.name}"

    def column(self, units: Floats) -> Floats:
        """Return how much of its points each row has."""
        return np.minimum(units, self.full) / self.full

    def given(self, points: float, units: Floats) -> Floats:
        """Return what it gives each row with other points for one unit."""
        told, most = points * units, self.most_at(points)
        if most is None:
            return told
        return np.minimum(told, most) if points > 0 else np.maximum(told, most)

    def most_at(self, points: float) -> float | None:
        """Return its cap or floor where a unit has other points: whole, after as many units as before."""
        if self.most is None or points == self.points:
            return self.most
        return float(round(self.most * points / self.points))


@dataclass(frozen=True, slots=True)
class Held:
    """Between which points sums are held. least, most: of negative and positive ones; None without a limit."""

    most: float | None = None
    least: float | None = None

    def sums(self, up: Floats, down: Floats) -> tuple[Floats, Floats]:
        """Return the positive and the negative sum of each row, held."""
        above = up if self.most is None else np.minimum(up, max(self.most, 0.0))
        below = down if self.least is None else np.maximum(down, min(self.least, 0.0))
        return above, below


FREE: Final = Held()


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds the sums of a part: of its groups by their names, and of all together.

    weak_share: how much of the rest weak evidence may add.
    """

    groups: tuple[tuple[str, Held], ...] = ()
    total: Held = FREE
    weak_share: float = 1.0


NO_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Award:
    """What one rule gives each row."""

    points: Floats
    group: str | None = None
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class Begin:
    """A definition that is started from. rules: its rules, in its order; fit, engagement: what holds their sums."""

    rules: tuple[Own, ...]
    fit: Limits = NO_LIMITS
    engagement: Limits = NO_LIMITS


def held(awards: Sequence[Award], limits: Limits, rows: int) -> Floats:
    """Return the points of each row of a part, as scoring.limits holds them."""
    full = _sum(awards, limits, rows)
    if not any(award.is_weak for award in awards):
        return full
    strong = _sum([award for award in awards if not award.is_weak], limits, rows)
    return np.minimum(full, strong + limits.weak_share * np.maximum(strong, 0.0))


def _sum(awards: Iterable[Award], limits: Limits, rows: int) -> Floats:
    by_group = defaultdict[str | None, list[Floats]](list)
    for award in awards:
        by_group[award.group].append(award.points)
    up, down = np.zeros(rows), np.zeros(rows)
    for name, given in by_group.items():
        above, below = dict(limits.groups).get(name or "", FREE).sums(*_apart(given))
        up, down = up + above, down + below
    above, below = limits.total.sums(up, down)
    return above + below


def _apart(given: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Return the sum of what is positive of each row, and of what is negative."""
    every = np.array(given)
    return np.maximum(every, 0.0).sum(axis=0), np.minimum(every, 0.0).sum(axis=0)
