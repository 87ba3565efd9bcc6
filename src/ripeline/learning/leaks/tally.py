"""What one field tells by itself: how many rows have each of its values, and how many of them were won.

Rows are parted into folds, and what is said of a row comes from the other folds: a field whose values hardly repeat,
such as a telephone number, otherwise seems to tell everything.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ripeline.learning.arrays import Floats, Whole, added_up
from ripeline.learning.sample import Numbers, Sample, Trait

FOLDS: Final = 5
SEED: Final = 1

BINS: Final = 20
"""A number is cut at its quantiles into about so many values."""

SMOOTHING: Final = 10.0
"""Each value is as if so many more rows had it, won as often as all are."""

PURE: Final = 0.1
"""Of a value that is nearly always won not more is lost, and not more than a third of what is lost of all."""

PURE_SHARE, PURE_LOST = 0.005, 3.0
"""So much of all rows has it, and of as many others so many would have been lost."""

_SMALL: Final = 1e-6


def weights(sample: Sample) -> Floats:
    """Return what each row counts, together as much as there are people: many rows of one prove no more than one."""
    people = len(np.unique(sample.person))
    return np.asarray(sample.weight * (people / max(sample.weight.sum(), _SMALL)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Known:
    """Of how much of the won, and of the lost, a field is known. surprise: in standard deviations, were it by chance.

    rows: how many rows speak for that: those that have it of the side that does more often, or the whole other side.
    """

    won: float
    lost: float
    surprise: float
    rows: float

    @property
    def odds(self) -> float:
        """How much greater the odds to be known are among the won; infinite where only they have it.

        >>> Known(won=0.5, lost=0.2, surprise=0.0, rows=9).odds
        4.0
        """
        more, less = self.won * (1 - self.lost), self.lost * (1 - self.won)
        if more <= _SMALL and less <= _SMALL:
            return 1.0
        return more / less if less > _SMALL else float("inf")


@dataclass(frozen=True, slots=True)
class Tally:
    """How much weight rows have, and won ones of them: a row of each fold, a column of each value, last the missing."""

    rows: Floats
    won: Floats

    @classmethod
    def of(cls, trait: Trait, won: Floats, weight: Floats, fold: Whole) -> "Tally":
        """Count. won: 1 or 0 of each row, or whatever else is to be told from the rest."""
        bins, many = _bins(trait)
        cells = fold * many + bins
        rows, true = (added_up(cells, FOLDS * many, each).reshape(FOLDS, many) for each in (weight, weight * won))
        return cls(rows, true)

    @property
    def rate(self) -> float:
        """How much of all was won."""
        return float(self.won.sum() / max(self.rows.sum(), _SMALL))

    @property
    def is_settled(self) -> bool:
        """Whether all were won, or none: there is nothing to tell."""
        return not 0 < self.won.sum() < self.rows.sum()

    def chances(self) -> Floats:
        """Return the chance of each value in each fold, as the other folds tell it."""
        rows, won = self._elsewhere()
        everybody = won.sum(axis=1, keepdims=True) / np.maximum(rows.sum(axis=1, keepdims=True), _SMALL)
        smoothed: Floats = (won + SMOOTHING * everybody) / (rows + SMOOTHING)
        return smoothed.clip(_SMALL, 1 - _SMALL)

    def explained(self) -> float:
        """Return how much of the doubt about who is won the field takes away: 1 all, 0 none, below 0 it misleads.

        One minus its log loss by that of the rate of all, as D. McFadden (1974), but of rows it has not seen.
        """
        if self.is_settled:
            return 0.0
        chance, rate = self.chances(), self.rate
        lost = (self.won * np.log(chance) + (self.rows - self.won) * np.log1p(-chance)).sum()
        doubt = self.rows.sum() * (rate * np.log(rate) + (1 - rate) * np.log1p(-rate))
        return float(1 - lost / doubt)

    def auc(self) -> float:
        """Return in how much of all pairs of a won row and a lost one the won one has the better chance."""
        if self.is_settled:
            return 0.5
        at, place = np.unique(self.chances(), return_inverse=True)
        won, lost = (added_up(place.ravel(), len(at), each.ravel()) for each in (self.won, self.rows - self.won))
        return float(won @ (np.cumsum(lost) - lost / 2) / (won.sum() * lost.sum()))

    def pure(self) -> float:
        """Return how much of what was won has values that are nearly always won in the other folds."""
        if self.is_settled:
            return 0.0
        (rows, won), others = self._elsewhere(), 1 - self.rate
        enough = (rows >= PURE_SHARE * rows.sum(axis=1, keepdims=True)) & (rows * others >= PURE_LOST)
        purely = enough & (rows - won <= min(PURE, others / 3) * rows)
        purely[:, -1] = False
        return float(self.won[purely].sum() / self.won.sum())

    def known(self) -> Known:
        """Compare of how many of the won and of the lost it is known; N. Mantel and W. Haenszel (1959)."""
        if self.is_settled:
            return Known(0.0, 0.0, 0.0, 0.0)
        rows, known = self.rows.sum(), self.rows[:, :-1].sum()
        won, of = self.won[:, :-1].sum(), self.won.sum()
        spread = np.sqrt(known * max(rows - known, 0.0) * self.rate * (1 - self.rate) / max(rows - 1, _SMALL))
        surprise = won - known * self.rate
        least = min(won, rows - of) if surprise > 0 else min(known - won, of)
        return Known(won / of, (known - won) / (rows - of), surprise / spread if spread > _SMALL else 0.0, least)

    def _elsewhere(self) -> tuple[Floats, Floats]:
        """Return rows and won ones of the other folds."""
        return self.rows.sum(axis=0) - self.rows, self.won.sum(axis=0) - self.won


def _bins(trait: Trait) -> tuple[Whole, int]:
    """Return the value of each row, and how many there are; the last is what is missing."""
    if isinstance(trait, Numbers):
        edges = _edges(trait.values[~np.isnan(trait.values)])
        last = len(edges) + 1
        return np.where(np.isnan(trait.values), last, np.searchsorted(edges, trait.values, side="right")), last + 1
    return np.where(trait.codes < 0, len(trait.levels), trait.codes), len(trait.levels) + 1


def _edges(known: Floats) -> Floats:
    """Return where each value of a number begins but the first; one that many rows have stands for itself.

    >>> _edges(np.array([0.0] * 97 + [*range(7, 37)])).tolist()[:2]
    [0.0, 7.0]
    """
    distinct = np.unique(known)
    if len(distinct) <= BINS:
        return distinct[1:]
    cut = np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1], method="higher")
    often = cut[1:][cut[1:] == cut[:-1]]
    behind = distinct[np.minimum(np.searchsorted(distinct, often, side="right"), len(distinct) - 1)]
    return np.unique(np.concatenate([cut, behind]))
