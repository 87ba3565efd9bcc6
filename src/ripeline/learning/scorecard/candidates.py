"""What a card could give points for next: every band of a number, groups of texts, and what is missing.

What a rule would add is told by the second order of the log likelihood, beside the rules that the card has: of all
bands of a number at once, since each is the difference of two running sums.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, Protocol

import numpy as np

from ripeline.learning.arrays import Flags, Floats, Singles, Whole, added_up
from ripeline.learning.columns import Rule
from ripeline.learning.newton import PENALTY
from ripeline.learning.rules import Band, Missing, OneOf, TraitRule
from ripeline.learning.sample import ELSE, Numbers, Sample, Texts, Trait

MOST_EDGES: Final = 40
"""A number is cut at its quantiles into not more bands than so many."""

FEW_VALUES: Final = 14
"""A number with so few values is cut between all of them."""

SPIKE: Final = 0.03
"""A value that so many rows have stands for itself."""

LEAST_ROWS, LEAST_SHARE = 20, 0.004
"""A rule holds for at least so many rows, and fails for as many."""

SAME: Final = 0.1
"""What has less of its curvature left beside the other rules says the same as they do."""

LUCK_OF_A_FURTHER: Final = 4 / np.pi
"""What each further text of a group gains by chance alone: with half of them, 2 / pi for each text that there is.

That is the square of the mean size of a normal deviate, which the better half of them has.
"""

LEAST_OF_A_TEXT, LEAST_SHARE_OF_A_TEXT = 10, 0.002
"""A text that fewer rows have says nothing by itself, and stands in no group."""

MOST_LISTED: Final = 12
"""A longer list of texts is nothing that a person reads."""

SMOOTHING: Final = 10.0
"""Texts of few rows are put in order as if so much more of them were as everybody is."""


class Gain(NamedTuple):
    """What a rule would gain in log likelihood, twice."""

    gain: float
    rule: Rule


@dataclass(frozen=True)
class Slopes:
    """How the loss of a card slopes, for each row. pull: its gradient; bend: its curvature.

    bent: bend times each column of the card; inverse: of the card's curvature. guarded: a rule has to point the way
    its own won rate does.
    """

    pull: Floats
    bend: Floats
    bent: Floats
    inverse: Floats
    guarded: bool = True

    def by_columns(self, columns: Singles, squares: Singles) -> tuple[Floats, Floats, Floats]:
        """Return pull and bend of each of many columns, and their part in each of the card's; (columns, rows) each."""
        found = (columns @ self._singles).astype(np.float64)
        bend = (squares @ self.bend.astype(np.float32)).astype(np.float64)
        return found[:, 0], bend, found[:, 1:]

    @cached_property
    def _singles(self) -> Singles:
        return np.column_stack([self.pull, self.bent]).astype(np.float32)

    def gains(
        self, pull: Floats, bend: Floats, shared: Floats, marginal: Floats, costs: float | Floats = 1.0
    ) -> Floats:
        """Return what columns gain, -1 where one may not be taken.

        shared: their part in each of the card's columns; costs: see columns.cost.
        """
        left = bend - np.einsum("ca,ab,cb->c", shared, self.inverse, shared)
        contrary = np.sign(pull) != np.sign(marginal) if self.guarded else np.zeros(len(pull), dtype=np.bool_)
        may_not = (left < SAME * bend) | contrary | (bend <= 0)
        gains: Floats = pull**2 / np.where(may_not, 1.0, left + PENALTY * costs)
        return np.where(may_not, -1.0, gains)


class Candidates(Protocol):
    """What there is of one trait."""

    def best(self, slopes: Slopes) -> Gain | None:
        """Return what helps most now, None where nothing may be taken."""


def candidates_of(sample: Sample) -> list[Candidates]:
    """Return what every trait offers."""
    return [_of(name, trait, sample) for name, trait in sample.traits.items()]


def _of(name: str, trait: Trait, sample: Sample) -> Candidates:
    if isinstance(trait, Numbers):
        edges = edges_of(trait.values)
        bins = np.where(np.isnan(trait.values), len(edges) + 1, np.searchsorted(edges, trait.values, side="right"))
        return _Bands(name, trait, edges, _Binned.of(bins, len(edges) + 2, sample))
    bins = np.where(trait.codes < 0, len(trait.levels), trait.codes)
    return _Groups(name, trait, _Binned.of(bins, len(trait.levels) + 1, sample))


def luck_of(many: int) -> float:
    """Return what the best of so many things gains where none means anything: of squares of normal deviates.

    H. Cramer, Mathematical Methods of Statistics (1946), section 28.6, to its first term.

    >>> luck_of(1), round(luck_of(20), 2)
    (0.0, 5.99)
    """
    return float(2 * np.log(max(many, 1)))


def least_rows(rows: float) -> float:
    """Return of how many rows, by their weight, a rule has to be true, and of how many not."""
    return max(LEAST_ROWS, LEAST_SHARE * rows)


def edges_of(values: Floats) -> Floats:
    """Return where a number is cut: each edge begins a bin, and the first bin begins before the first edge.

    >>> edges_of(np.array([3.0, 1.0, np.nan, 2.0])).tolist()
    [2.0, 3.0]
    """
    known = np.sort(values[~np.isnan(values)])
    distinct, counts = np.unique(known, return_counts=True)
    if len(distinct) <= FEW_VALUES:
        return distinct[1:]
    cut = np.quantile(known, np.linspace(0, 1, MOST_EDGES + 1)[1:-1], method="higher")
    spikes = np.flatnonzero(counts > SPIKE * len(values))
    behind = distinct[np.minimum(spikes + 1, len(distinct) - 1)]
    edges: Floats = np.unique(np.concatenate([cut, distinct[spikes], behind]))
    return np.asarray(edges[edges > distinct[0]], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Binned:
    """A trait in bins, the last for what is missing. rows: how much there is in each; won: above the rate of all."""

    bins: Whole
    many: int
    rows: Floats
    won: Floats
    all_rows: float

    @classmethod
    def of(cls, bins: Whole, many: int, sample: Sample) -> "_Binned":
        above = sample.weight * (sample.won - sample.rate)
        rows = added_up(bins, many, sample.weight)
        return cls(bins, many, rows, added_up(bins, many, above), float(sample.weight.sum()))

    def sums(self, slopes: Slopes) -> tuple[Floats, Floats, Floats]:
        """Return pull and bend of each bin, and its part in each of the card's columns."""
        pull, bend, *shared = (
            added_up(self.bins, self.many, each) for each in (slopes.pull, slopes.bend, *slopes.bent.T)
        )
        return pull, bend, np.column_stack(shared)

    def is_enough(self, rows: Floats) -> Flags:
        """Say which amounts of rows are enough, and leave enough."""
        least = least_rows(self.all_rows)
        return np.asarray((rows >= least) & (rows <= self.all_rows - least))


class _Bands:
    """Every band between two edges of a number, and its being missing."""

    def __init__(self, name: str, trait: Numbers, edges: Floats, binned: _Binned) -> None:
        self._name, self._is_age, self._edges, self._binned = name, trait.is_age, edges, binned
        known = binned.many - 1
        begin, end = np.triu_indices(known + 1, 1)
        rows = _running(binned.rows[:known][:, None])[:, 0]
        enough = binned.is_enough(rows[end] - rows[begin])
        self._begin, self._end = begin[enough], end[enough]
        self._marginal = self._both(binned.won[:, None])[:, 0]
        self._may_miss = bool(binned.is_enough(binned.rows[known:])[0])

    def best(self, slopes: Slopes) -> Gain | None:
        pull, bend, shared = self._binned.sums(slopes)
        gains = slopes.gains(
            self._both(pull[:, None])[:, 0], self._both(bend[:, None])[:, 0], self._both(shared), self._marginal
        )
        gains[:-1] -= luck_of(len(self._edges))
        if not self._may_miss:
            gains[-1] = -1.0
        at = int(gains.argmax())
        return Gain(float(gains[at]), self._rule(at)) if gains[at] > 0 else None

    def _both(self, of_bins: Floats) -> Floats:
        """Return the sums of each band, and in the end of what is missing."""
        sums = _running(of_bins[:-1])
        return np.concatenate([sums[self._end] - sums[self._begin], of_bins[-1:]])

    def _rule(self, at: int) -> TraitRule:
        if at == len(self._begin):
            return Missing(self._name)
        begin, end = int(self._begin[at]), int(self._end[at])
        low = float(self._edges[begin - 1]) if begin else None
        high = float(self._edges[end - 1]) if end <= len(self._edges) else None
        return Band(self._name, low, high, self._is_age)


class _Groups:
    """Each text, and groups of them that are won, or lost, alike; and its being missing."""

    def __init__(self, name: str, trait: Texts, binned: _Binned) -> None:
        self._name, self._levels, self._is_boolean, self._binned = name, trait.levels, trait.is_boolean, binned
        least = max(LEAST_OF_A_TEXT, LEAST_SHARE_OF_A_TEXT * binned.all_rows)
        enough = np.flatnonzero(binned.rows[: len(trait.levels)] >= least)
        self._there = [int(code) for code in enough if trait.levels[code] != ELSE]

    def best(self, slopes: Slopes) -> Gain | None:
        pull, bend, shared = self._binned.sums(slopes)
        sets = list(self._sets(pull / (bend + SMOOTHING)))
        member = np.zeros((len(sets), self._binned.many))
        for row, codes in enumerate(sets):
            member[row, codes] = 1.0
        gains = slopes.gains(member @ pull, member @ bend, member @ shared, member @ self._binned.won)
        gains -= [self._luck(len(codes)) for codes in sets]
        gains[~self._binned.is_enough(member @ self._binned.rows)] = -1.0
        at = int(gains.argmax())
        return Gain(float(gains[at]), self._rule(sets[at])) if gains[at] > 0 else None

    def _luck(self, many: int) -> float:
        """Return what so many texts gain where none means anything, by having been chosen."""
        return luck_of(len(self._there)) + LUCK_OF_A_FURTHER * (many - 1)

    def _sets(self, order: Floats) -> Iterator[list[int]]:
        """Yield every text alone, what is missing, and those that are lowest, or highest, in an order."""
        there = sorted(self._there, key=lambda code: order[code])
        yield from ([code] for code in there)
        yield [len(self._levels)]
        for many in range(2, min(len(there), MOST_LISTED + 1)):
            yield there[:many]
            yield there[-many:]

    def _rule(self, codes: Sequence[int]) -> TraitRule:
        if codes == [len(self._levels)]:
            return Missing(self._name)
        return OneOf(self._name, tuple(self._levels[code] for code in sorted(codes)), self._is_boolean)


def _running(of_bins: Floats) -> Floats:
    """Return the running sums of columns, from 0 on."""
    return np.concatenate([np.zeros((1, of_bins.shape[1])), np.cumsum(of_bins, axis=0)])
