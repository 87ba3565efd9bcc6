"""What the learned card is compared with: methods that learn from the same rows and the same facts.

Settings are fixed and the same for all sets: none was tuned. scikit-learn, LightGBM and interpret are here and nowhere
in what is shipped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from interpret.glassbox import ExplainableBoostingClassifier
from lightgbm import LGBMClassifier
from sklearn.linear_model import LogisticRegression

from benchmarks.learning_points import points_card
from ripeline.learning.acts import Acts
from ripeline.learning.arrays import Flags, Floats, Whole
from ripeline.learning.sample import ELSE, UNKNOWN, Numbers, Sample, Texts
from ripeline.learning.signals import counts_within, faded, youngest

WINDOWS: Final = (1, 3, 7, 14, 30, 90)
HALF_LIVES: Final = (7, 30, 90)
"""In days. Of each thing people do: how often at all, and in these days, and faded; and how long ago the last was."""

LEAST_OF_A_LEVEL, LEAST_SHARE = 20, 0.05
"""A text with fewer of the learned rows, or of few rows such a share, is one of the others."""

PARTS: Final = 10
"""For the card of few points numbers are cut into so many parts."""


@dataclass(frozen=True)
class Facts:
    """What is known of rows. numbers: (rows, columns), NaN where nothing is; texts: codes from 0, the last: not known.

    levels: of each text, how many codes there are.
    """

    won: Floats
    numbers: Floats
    texts: Whole
    levels: tuple[int, ...]

    def rows(self, which: Flags) -> "Facts":
        """Return some rows."""
        return Facts(self.won[which], self.numbers[which], self.texts[which], self.levels)


def facts_of(sample: Sample, learned: Flags, *, counts_only: bool = False) -> Facts:
    """Return what is known of all rows. learned: those by which texts are told to be rare.

    counts_only: of each thing people do only how often, and how long ago: few leads tell no more apart.
    """
    texts = [trait for trait in sample.traits.values() if isinstance(trait, Texts)]
    coded = [_codes(trait, learned) for trait in texts]
    codes = [code for code, _ in coded]
    table = np.column_stack(codes) if codes else np.empty((len(sample), 0), dtype=np.int64)
    return Facts(sample.won, _numbers(sample, counts_only=counts_only), table, tuple(many for _, many in coded))


def _codes(trait: Texts, learned: Flags) -> tuple[Whole, int]:
    """Return a text's codes, the rare ones as one, and how many there are."""
    rows = np.bincount(trait.codes[learned & (trait.codes != UNKNOWN)], minlength=len(trait.levels))
    least = min(LEAST_OF_A_LEVEL, max(2, LEAST_SHARE * np.count_nonzero(learned)))
    named = [code for code, level in enumerate(trait.levels) if rows[code] >= least and level != ELSE]
    others, unknown = len(named), len(named) + 1
    place = np.full(len(trait.levels) + 1, others)
    place[named] = np.arange(len(named))
    place[UNKNOWN] = unknown
    return place[trait.codes], unknown + 1


def _numbers(sample: Sample, *, counts_only: bool) -> Floats:
    traits = (trait.values for trait in sample.traits.values() if isinstance(trait, Numbers))
    acts = () if sample.acts is None else _of_acts(sample.acts, len(sample), counts_only=counts_only)
    columns = list(chain(traits, acts))
    return np.column_stack(columns) if columns else np.empty((len(sample), 0))


def _of_acts(acts: Acts, rows: int, *, counts_only: bool) -> Iterator[Floats]:
    for kind in acts.kinds:
        done = acts.of(kind)
        yield faded(done, None, "count", rows)
        if not counts_only:
            yield from (counts_within(done, days, "count", rows) for days in WINDOWS)
            yield from (faded(done, half_life, "count", rows) for half_life in HALF_LIVES)
        last = youngest(done, rows).astype(np.float64)
        yield np.where(last < 0, np.nan, last)


def logistic(learned: Facts, judged: Facts, strength: float = 1.0) -> Floats:
    """Return chances of a logistic regression with a ridge; strength: C, the less the more it shrinks.

    Numbers: what is unknown is the median and a column of its own; sign x log(1 + size); mean 0 and deviation 1. Texts:
    a column for each level.
    """
    columns = _columns(learned, learned), _columns(learned, judged)
    fitted = LogisticRegression(C=strength, max_iter=2000).fit(columns[0], learned.won)
    return np.asarray(fitted.predict_proba(columns[1])[:, 1], dtype=np.float64)


def _columns(learned: Facts, of: Facts) -> Floats:
    missing = np.isnan(learned.numbers)
    some = ~missing.all(axis=0)
    middle = np.nanmedian(learned.numbers[:, some], axis=0)
    before, now = (
        _evened(np.where(np.isnan(one), middle, one)) for one in (learned.numbers[:, some], of.numbers[:, some])
    )
    deviation = before.std(axis=0)
    numbers = (now - before.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    unknown = np.isnan(of.numbers[:, missing.any(axis=0)]).astype(np.float64)
    return np.column_stack([numbers, unknown, *_levels(of)])


def _evened(values: Floats) -> Floats:
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)), dtype=np.float64)


def _levels(of: Facts) -> Iterator[Floats]:
    for place, many in enumerate(of.levels):
        yield np.eye(many, dtype=np.float64)[of.texts[:, place]]


def lightgbm(learned: Facts, judged: Facts) -> Floats:
    """Return chances of LightGBM: 300 trees of 15 leaves, rate 0.04, 30 rows a leaf, 0.8 of rows a tree, L2 1."""
    trees = LGBMClassifier(
        n_estimators=300,
        learning_rate=0.04,
        num_leaves=15,
        min_child_samples=30,
        subsample=0.8,
        subsample_freq=1,
        reg_lambda=1.0,
        random_state=0,
        n_jobs=1,
        verbose=-1,
    )
    texts = range(learned.numbers.shape[1], learned.numbers.shape[1] + len(learned.levels))
    trees.fit(_table(learned), learned.won, categorical_feature=list(texts))
    return np.asarray(trees.predict_proba(_table(judged))[:, 1], dtype=np.float64)


def ebm(learned: Facts, judged: Facts) -> Floats:
    """Return chances of an explainable boosting machine: a curve for each fact, no pairs, four bags."""
    kinds = ["continuous"] * learned.numbers.shape[1] + ["nominal"] * len(learned.levels)
    curves = ExplainableBoostingClassifier(
        feature_types=kinds, interactions=0, outer_bags=4, random_state=0, n_jobs=1
    ).fit(_table(learned), learned.won)
    return np.asarray(curves.predict_proba(_table(judged))[:, 1], dtype=np.float64)


def _table(of: Facts) -> Floats:
    return np.column_stack([of.numbers, of.texts])


def points(learned: Facts, judged: Facts) -> tuple[Floats, int]:
    """Return chances of a card of ten whole points from -5 to 5, and how many it has: see learning_points."""
    card = points_card(_flags(learned, learned), learned.won)
    return card.chances(_flags(learned, judged)), len(card.places)


def _flags(learned: Facts, of: Facts) -> Flags:
    """Return yes and no: numbers from each cut on, or unknown; each level of a text."""
    numbers = chain.from_iterable(
        _cut(before, now) for before, now in zip(learned.numbers.T, of.numbers.T, strict=True)
    )
    return np.column_stack([*numbers, *(each.astype(np.bool_) for each in _levels(of))])


def _cut(learned: Floats, values: Floats) -> Iterator[Flags]:
    known = learned[~np.isnan(learned)]
    cuts = np.unique(np.quantile(known, np.arange(1, PARTS) / PARTS, method="higher")) if len(known) else known
    yield from (values >= cut for cut in cuts if cut > known.min())
    if len(known) < len(learned):
        yield np.isnan(values)
