"""What a total of points means: a smooth curve from totals to chances, read out as a table at every total.

Two numbers, as J. Platt, Probabilistic outputs for support vector machines (1999): with few deals an average for each
total, or each group of them, follows chance more than it does the truth.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ripeline.learning.arrays import Floats, Whole, added_up
from ripeline.learning.newton import STEPS, fitted
from ripeline.learning.sample import Sample
from ripeline.vocabulary.points import MICRO

LEAST_PENALTY: Final = 1e-3
"""Where points part won from lost without an error there is no greatest slope, unless it costs a little."""


_SMALL: Final = 1e-9

SURE_OF_1: Final = 0.3
"""What weights say is about right: so far off is hardly ever true, and has to be told by many deals."""


@dataclass(frozen=True, slots=True)
class Curve:
    """chance = 1 / (1 + exp(-(level + slope x points)))."""

    level: float
    slope: float

    def chances(self, totals: Whole | Floats) -> Floats:
        """Return the chance at totals."""
        return np.asarray(1 / (1 + np.exp(-np.clip(self.level + self.slope * totals, -30, 30))))

    def table(self, totals: Whole) -> list[tuple[int, int]]:
        """Return (points, likelihood in millionths) at every whole total from the least to the greatest of some."""
        every = np.arange(int(totals.min()), int(totals.max()) + 1)
        return [(int(at), round(chance * MICRO)) for at, chance in zip(every, self.chances(every), strict=True)]


def curve_of(totals: Whole, sample: Sample) -> Curve:
    """Return the curve that loses least. The slope is 0 where all totals are equal."""
    at, place = np.unique(totals, return_inverse=True)
    rows, won = (added_up(place, len(at), each) for each in (sample.weight, sample.weight * sample.won))
    center = float(np.average(at, weights=rows))
    spread = max(float(np.abs(at - center).max()), 1.0)
    columns = np.column_stack([np.ones(len(at)), (at - center) / spread])
    level, slope = fitted(columns, won / rows, rows, np.array([sample.log_odds, 0.0]), LEAST_PENALTY)
    return Curve(float(level - slope / spread * center), float(slope / spread))


def level_of(slope: float, totals: Whole | Floats, sample: Sample) -> Curve:
    """Return the curve of a given slope by which as many are won as were."""
    at = totals.astype(np.float64)
    level = sample.log_odds - slope * float(np.average(at, weights=sample.weight))
    for _ in range(STEPS):
        chance = Curve(level, slope).chances(at)
        bend = float(sample.weight @ (chance * (1 - chance)))
        step = float(sample.weight @ (sample.won - chance)) / max(bend, _SMALL)
        level += max(-1.0, min(1.0, step))
        if abs(step) < _SMALL:
            break
    return Curve(level, slope)


def stretch_of(chances: Floats, sample: Sample) -> float:
    """Return by how much log odds have to be stretched to be neither too sure nor too timid: 1 where nothing tells.

    chances: of people who were not learned from. What few deals tell of it is drawn towards 1.
    """
    odds = np.log(np.clip(chances, _SMALL, 1 - _SMALL) / np.clip(1 - chances, _SMALL, 1 - _SMALL))
    columns = np.column_stack([np.ones(len(odds)), odds])
    weights = fitted(columns, sample.won, sample.weight, np.array([0.0, 1.0]), LEAST_PENALTY)
    bend = sample.weight * chances * (1 - chances)
    known = float(bend @ (odds - np.average(odds, weights=bend + _SMALL)) ** 2)
    return float(1 + (weights[1] - 1) * known / (known + 1 / SURE_OF_1**2))
