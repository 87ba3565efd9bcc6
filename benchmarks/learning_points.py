"""A card of few whole points over yes-or-no columns, as FasterRisk makes them: a yardstick, and no more than its idea.

J. Liu, C. Zhong, B. Li, M. Seltzer and C. Rudin, FasterRisk: fast and accurate interpretable risk scores (NeurIPS
2022): a beam search for few columns, a pool of cards that are nearly as good, and each of them rounded on several
scales. Their package needs libraries that are years old. Here the search takes columns by the second order of the log
loss, and rounding is by the nearest whole points, then one point up or down as long as that helps.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ripeline.learning.arrays import Flags, Floats, Singles, Whole
from ripeline.learning.newton import chances, fitted, loss

MOST: Final = 10
BOUND: Final = 5
"""Points lie between -5 and 5, as in the paper."""

BEAM: Final = 5
POOL: Final = 50
NEAR: Final = 0.01
"""A card is in the pool if its loss is at most so much above the best: one that is rounded may be better."""

SCALES: Final = 20
PASSES: Final = 3
MOST_ROWS: Final = 15_000
"""Columns are chosen by so many rows; more choose no better ones."""

MOST_COLUMNS: Final = 300
"""Of more columns those are left out that tell least by themselves."""

_RIDGE: Final = 1e-3


@dataclass(frozen=True)
class PointsCard:
    """Whole points for columns. chance = 1 / (1 + exp(-(level + slope x points)))."""

    places: tuple[int, ...]
    points: Whole
    level: float
    slope: float

    def chances(self, columns: Flags) -> Floats:
        """Return the chance of rows of (rows, columns)."""
        totals = columns[:, self.places] @ self.points
        return np.asarray(1 / (1 + np.exp(-(self.level + self.slope * totals))), dtype=np.float64)


@dataclass(frozen=True)
class _Found:
    """Columns with real weights, of which the first is the level."""

    places: tuple[int, ...]
    weights: Floats
    loss: float


@dataclass(frozen=True)
class _Search:
    """What is searched: yes and no of (rows, columns), and who was won."""

    columns: Flags
    singles: Singles
    won: Floats

    def fit(self, places: tuple[int, ...], begin: Floats) -> _Found:
        """Return columns with the weights that lose least."""
        matrix, ones = self.matrix(places), np.ones(len(self.won))
        weights = fitted(matrix, self.won, ones, begin, _RIDGE)
        return _Found(places, weights, loss(matrix, self.won, ones, weights, _RIDGE))

    def matrix(self, places: tuple[int, ...]) -> Floats:
        """Return 1 and the columns at places."""
        return np.column_stack([np.ones(len(self.won)), self.columns[:, places]])

    def further(self, found: _Found) -> list[_Found]:
        """Return what was found with each of the BEAM columns that promise most beside it."""
        chance = chances(self.matrix(found.places), found.weights)
        sides = np.column_stack([self.won - chance, chance * (1 - chance)]).astype(np.float32)
        pull, bend = (self.singles.T @ sides).astype(np.float64).T
        gains = pull**2 / (bend + 1)
        gains[list(found.places)] = -1
        best = np.argsort(-gains)[:BEAM]
        return [self.fit((*found.places, int(place)), np.append(found.weights, 0.0)) for place in best]


def points_card(columns: Flags, won: Floats, seed: int = 0) -> PointsCard:
    """Return a card of at most MOST columns. columns: yes or no, of (rows, columns); won: 1 or 0."""
    told = _telling(columns, won)
    rows = np.random.default_rng(seed).permutation(len(won))[:MOST_ROWS]
    some = columns[np.ix_(rows, told)]
    search = _Search(some, some.astype(np.float32), won[rows])
    cards = [_rounded(search, found) for found in _pool(search, _beam(search))]
    _, best = min(cards, key=lambda one: one[0])
    return PointsCard(tuple(int(told[place]) for place in best.places), best.points, best.level, best.slope)


def _telling(columns: Flags, won: Floats) -> Whole:
    """Return the places of the columns that tell most by themselves."""
    share = columns.mean(axis=0)
    pull = (won - won.mean()).astype(np.float32) @ columns.astype(np.float32)
    gains = pull**2 / np.maximum(share * (1 - share), 1e-9)
    return np.sort(np.argsort(-gains, kind="stable")[:MOST_COLUMNS])


def _beam(search: _Search) -> list[_Found]:
    rate = float(np.clip(search.won.mean(), 1e-6, 1 - 1e-6))
    beam = [search.fit((), np.array([np.log(rate / (1 - rate))]))]
    for _ in range(min(MOST, search.columns.shape[1])):
        longer = {frozenset(one.places): one for found in beam for one in search.further(found)}
        beam = sorted(longer.values(), key=lambda one: one.loss)[:BEAM]
    return beam


def _pool(search: _Search, beam: list[_Found]) -> list[_Found]:
    """Return what was found, and what is nearly as good with one column for another."""
    pool = {frozenset(one.places): one for one in beam}
    best = beam[0]
    for out in range(len(best.places)):
        places = best.places[:out] + best.places[out + 1 :]
        rest = search.fit(places, np.delete(best.weights, out + 1))
        pool |= {frozenset(one.places): one for one in search.further(rest)}
    least = min(one.loss for one in pool.values())
    near = sorted((one for one in pool.values() if one.loss <= least * (1 + NEAR)), key=lambda one: one.loss)
    return near[:POOL]


def _rounded(search: _Search, found: _Found) -> tuple[float, PointsCard]:
    """Return the whole points on the scale that loses least, and what they lose."""
    most = BOUND / max(float(np.abs(found.weights[1:]).max(initial=0.0)), 1e-9)
    matrix = search.matrix(found.places)[:, 1:]
    rounded = (np.round(found.weights[1:] * most * share) for share in np.linspace(0.3, 1, SCALES))
    tried = [(*_curve(matrix @ points, search.won), points) for points in rounded]
    lost, level, slope, points = min(tried, key=lambda one: one[0])
    for _ in range(PASSES):
        before = lost
        for place in range(len(points)):
            for step in (-1, 1):
                other = points.copy()
                other[place] = np.clip(other[place] + step, -BOUND, BOUND)
                now, at, by = _curve(matrix @ other, search.won)
                if now < lost:
                    lost, level, slope, points = now, at, by, other
        if lost == before:
            break
    return lost, PointsCard(found.places, points.astype(np.int64), level, slope)


def _curve(totals: Floats, won: Floats) -> tuple[float, float, float]:
    """Return what a curve over totals loses at the least, with its level and slope."""
    at, place = np.unique(totals, return_inverse=True)
    rows, hits = np.bincount(place), np.bincount(place, weights=won)
    columns, counts = np.column_stack([np.ones(len(at)), at]), rows.astype(np.float64)
    level, slope = fitted(columns, hits / counts, counts, np.zeros(2), _RIDGE)
    return loss(columns, hits / counts, counts, np.array([level, slope]), _RIDGE), float(level), float(slope)
