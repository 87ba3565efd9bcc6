"""What Odoo's predictive lead scoring would say: a baseline that other chances have to beat.

Naive Bayes over the values of fields: how often each was won, and lost, with 0.1 more on both sides. Its text leaves
open what becomes of a sample of ours, and that is decided here:

- There is no pipeline, so every row is in one stage, whose term is 1: what is left of it is the rate of all. There are
  no teams and no tags, and no outcome is ever taken back.
- Each row counts as a lead, as much as it weighs: a person with several rows has several.
- All traits are fields. Odoo knows only categories: numbers, and ages of dates, are cut into five about equal parts of
  the rows it learns from. What is unknown is skipped, as Odoo does with blanks, and false is a value as true is.
- Texts too rare for a name of their own are one value together.
- Odoo uses nothing that people did. Here how often they did each kind of thing, not at all, once or more often, is a
  field, that the baseline may know what others know.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from ripeline.learning.acts import Acts, Kind
from ripeline.learning.arrays import Floats, Whole, added_up
from ripeline.learning.sample import UNKNOWN, Numbers, Sample, Texts

SMOOTHING: Final = 0.1
"""What a value has beside its rows, on both sides, once it has any."""

PARTS: Final = 5
MOST_TIMES: Final = 2
LEAST_CHANCE, DECIMALS = 0.0001, 4


@dataclass(frozen=True, slots=True)
class Cut:
    """A number in parts: the first up to the first edge, itself in it, the last above the last."""

    trait: str
    edges: Floats

    def __len__(self) -> int:
        """How many values there are."""
        return len(self.edges) + 1

    def codes(self, sample: Sample) -> Whole:
        """Return the value of each row, UNKNOWN where it has none."""
        of = sample.traits.get(self.trait)
        if not isinstance(of, Numbers):
            return np.full(len(sample), UNKNOWN)
        return np.where(np.isnan(of.values), UNKNOWN, np.searchsorted(self.edges, of.values))


@dataclass(frozen=True, slots=True)
class Named:
    """A text by its name: another sample may have other levels, or the same in another order."""

    trait: str
    levels: tuple[str, ...]

    def __len__(self) -> int:
        """How many values there are."""
        return len(self.levels)

    def codes(self, sample: Sample) -> Whole:
        """Return the value of each row, UNKNOWN where it has none, or one that was never seen."""
        of = sample.traits.get(self.trait)
        if not isinstance(of, Texts):
            return np.full(len(sample), UNKNOWN)
        place = {level: code for code, level in enumerate(self.levels)}
        # The code of what is not known is -1, which is the last place.
        return np.array([*(place.get(level, UNKNOWN) for level in of.levels), UNKNOWN])[of.codes]


@dataclass(frozen=True, slots=True)
class Times:
    """How often a kind of thing was done at any time before: 0, 1, and 2 for more; 0 where nobody of a sample did."""

    kind: Kind

    def __len__(self) -> int:
        """How many values there are."""
        return MOST_TIMES + 1

    def codes(self, sample: Sample) -> Whole:
        """Return the value of each row, UNKNOWN where a sample does not tell what people did."""
        if sample.acts is None:
            return np.full(len(sample), UNKNOWN)
        return np.minimum(_times(self.kind, sample.acts, len(sample)), MOST_TIMES)


Field = Cut | Named | Times


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many rows of each value of a field were won, and lost, smoothed; 0 of values that no row has."""

    won: Floats
    lost: Floats

    @classmethod
    def of(cls, codes: Whole, many: int, sample: Sample) -> "Frequencies":
        """Count the rows that have a value."""
        known, weight = codes != UNKNOWN, sample.weight
        rows, won = (added_up(codes[known], many, each[known]) for each in (weight, weight * sample.won))
        more = SMOOTHING * (rows > 0)
        return cls(won + more, rows - won + more)

    def evidence(self) -> Floats:
        """Return by how much each value moves the log odds; last, and where no row had it, 0.

        Of the won rows that have any value, how much has this one, by the same of the lost.

        >>> Frequencies(np.array([8.1, 2.1, 0.0]), np.array([12.1, 18.1, 0.0])).evidence().round(3).tolist()
        [0.684, -1.069, 0.0, 0.0]
        """
        seen, moved = np.flatnonzero(self.won), np.zeros(len(self.won) + 1)
        won, lost = (each[seen] / each.sum() for each in (self.won, self.lost))
        moved[seen] = np.log(won / lost)
        return moved


@dataclass(frozen=True, slots=True)
class OdooTable:
    """What was counted. prior: all rows, as the one value that everybody has; fields: each with its own counts."""

    prior: Frequencies
    fields: tuple[tuple[Field, Frequencies], ...]

    def chances(self, sample: Sample) -> Floats:
        """Return the chance of each row, in hundredths of a percent from 0.0001 to 0.9999, as Odoo rounds it.

        So none is ever 0 or 1, and of many fields many rows have the same chance, one of these two.
        """
        odds = np.full(len(sample), np.log(self.prior.won[0] / self.prior.lost[0]))
        for field, counted in self.fields:
            odds += counted.evidence()[field.codes(sample)]
        chances = np.round(1 / (1 + np.exp(-np.clip(odds, -30, 30))), DECIMALS)
        return np.asarray(np.clip(chances, LEAST_CHANCE, 1 - LEAST_CHANCE), dtype=np.float64)


def odoo_of(sample: Sample) -> OdooTable:
    """Count a sample. Raises ValueError where nothing of it was won or lost: Odoo then gives no chance either."""
    if not sample.weight.sum():
        raise ValueError("Odoo's scoring needs leads that were won or lost, and there is none")
    prior = Frequencies.of(np.zeros(len(sample), dtype=np.int64), 1, sample)
    counted = ((field, Frequencies.of(field.codes(sample), len(field), sample)) for field in _fields(sample))
    return OdooTable(prior, tuple(counted))


def _fields(sample: Sample) -> Iterator[Field]:
    for name, trait in sample.traits.items():
        yield Cut(name, _edges(trait, sample.weight)) if isinstance(trait, Numbers) else Named(name, trait.levels)
    yield from (Times(kind) for kind in (sample.acts.kinds if sample.acts else ()) if kind.field is None)


def _edges(trait: Numbers, weight: Floats) -> Floats:
    """Return where the parts of a number end but the last: fewer where many rows have the same.

    >>> _edges(Numbers(np.array([0.0, 0.0, 0.0, 0.0, 5.0, 7.0, 9.0, 11.0, 12.0, np.nan])), np.ones(10)).tolist()
    [0.0, 7.0, 11.0]
    """
    known = ~np.isnan(trait.values) & (weight > 0)
    if not known.any():
        return np.empty(0)
    cuts = np.arange(1, PARTS) / PARTS
    return np.unique(np.quantile(trait.values[known], cuts, method="inverted_cdf", weights=weight[known]))


def _times(kind: Kind, acts: Acts, rows: int) -> Whole:
    if kind not in acts.kinds:
        return np.zeros(rows, dtype=np.int64)
    done = acts.of(kind)
    return added_up(done.row, rows, done.times.astype(np.float64)).astype(np.int64)
