"""What speaks for each rule of a card: of whom it is true, how many of them were won, and how sure its points are."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ripeline.learning.arrays import Floats, rate_of
from ripeline.learning.columns import column, cost, full_points
from ripeline.learning.newton import PENALTY, errors
from ripeline.learning.sample import Sample
from ripeline.learning.scorecard.choice import Way
from ripeline.learning.scorecard.points import Card
from ripeline.learning.scorecard.refining import Refined
from ripeline.vocabulary.rates import Rate

NORMAL_95: Final = 1.959964
RESAMPLES: Final = 5
HALF: Final = 0.5
"""Who has less of a rule's points, of one that fades, counts as one of the others."""

ALIKE: Final = 0.7
"""Rules are the same reason where they correlate as much: a band with another edge is no other reason."""

MOST_RESAMPLED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of a rule: how many were won of those who have its points, or half of them, and of the others.

    low, high: between which points its own lie at 95 %; again: in how many of RESAMPLES draws of people it, or its
    like, was found again.
    """

    on: Rate
    off: Rate
    low: float
    high: float
    again: int


def evidence_of(card: Card, sample: Sample, way: Way | Refined, seed: int) -> list[Evidence]:
    """Return what speaks for each rule."""
    columns = np.column_stack([np.ones(len(sample)), *(column(rule, sample) for rule in card.rules)])
    errors = _errors(columns, card, sample)
    again = _again(columns, sample, way, seed)
    return [
        Evidence(*_rates(columns[:, place + 1], sample), points - NORMAL_95 * error, points + NORMAL_95 * error, found)
        for place, (points, error, found) in enumerate(zip(card.points, errors, again, strict=True))
    ]


def _rates(told: Floats, sample: Sample) -> tuple[Rate, Rate]:
    on = told >= HALF
    return rate_of(sample.won[on], sample.leads[on]), rate_of(sample.won[~on], sample.leads[~on])


def _errors(columns: Floats, card: Card, sample: Sample) -> Floats:
    """Return the standard error of each rule's points."""
    full = np.array([full_points(rule, points) for rule, points in zip(card.rules, card.points, strict=True)])
    weights = np.concatenate([[card.curve.level], card.curve.slope * full])
    spread = errors(columns, weights, sample, PENALTY * np.array([cost(one) for one in columns.T[1:]]))
    units = np.array([full_points(rule, 1.0) for rule in card.rules])
    return np.asarray(spread / units / max(abs(card.curve.slope), 1e-9))


def _again(columns: Floats, sample: Sample, way: Way | Refined, seed: int) -> list[int]:
    """Return in how many draws of people, with as many as there are, each rule or its like was found again."""
    random, found = np.random.default_rng(seed), np.zeros(columns.shape[1] - 1, dtype=np.int64)
    people, place = np.unique(sample.person, return_inverse=True)
    most = round(min(1.0, MOST_RESAMPLED / len(sample)) * len(people))
    for _ in range(RESAMPLES):
        counts = np.bincount(random.integers(0, len(people), most), minlength=len(people))[place]
        there = counts > 0
        drawn = sample.rows(there)
        others = way.roughly(replace(drawn, weight=drawn.weight * counts[there])).columns[:, 1:]
        found += [any(_alike(own, other) for other in others.T) for own in columns[there, 1:].T]
    return [int(times) for times in found]


def _alike(one: Floats, other: Floats) -> bool:
    if not one.std() or not other.std():
        return False
    return bool(abs(np.corrcoef(one, other)[0, 1]) >= ALIKE)
