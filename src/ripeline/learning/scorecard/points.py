"""Weights as whole points that people can add up, on the scale that changes least of what they say."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ripeline.learning.arrays import Floats, Whole
from ripeline.learning.calibration import Curve, level_of
from ripeline.learning.columns import Rule, given, is_fit, step
from ripeline.learning.own import NO_LIMITS, Award, Limits, Own, held
from ripeline.learning.sample import Sample
from ripeline.learning.scorecard.selection import Chosen

MOST, LEAST = 30, -20
"""Points of one rule, each time that it gives some."""

MOST_TOGETHER: Final = 60
"""Points of one rule, however often it gives some."""

SCALES: Final = tuple(np.linspace(0.4, 1.0, 7))
"""How much of the room from LEAST to MOST the rules take."""


@dataclass(frozen=True, slots=True)
class Card:
    """Rules with their points, in the order in which they were chosen, and what a total of them means.

    points: of learned rules the whole ones together; of own ones those of one unit, as their definition has them. fit,
    engagement: what holds the sums of these parts.
    """

    rules: tuple[Rule, ...]
    points: tuple[float, ...]
    curve: Curve
    fit: Limits = NO_LIMITS
    engagement: Limits = NO_LIMITS

    def parts(self, sample: Sample) -> tuple[Floats, Floats]:
        """Return the points of rows for who they are, and for what they did; those that fade are no whole ones."""
        every = list(zip(self.rules, self.points, strict=True))
        fit, engagement = (
            [_award(rule, points, sample) for rule, points in every if is_fit(rule) == about_fit]
            for about_fit in (True, False)
        )
        return held(fit, self.fit, len(sample)), held(engagement, self.engagement, len(sample))

    def totals(self, sample: Sample) -> Floats:
        """Return the points of rows for both together."""
        fit, engagement = self.parts(sample)
        return fit + engagement

    def chances(self, sample: Sample) -> Floats:
        """Return the calibrated chance of rows."""
        return self.curve.chances(whole(self.totals(sample)))

    def stretched(self, factor: float, sample: Sample) -> "Card":
        """Return the same points with log odds stretched by a factor."""
        return replace(self, curve=level_of(self.curve.slope * factor, whole(self.totals(sample)), sample))

    def by_weight(self, sample: Sample, weight: Floats) -> "Card":
        """Return the same points with the level by which as many are won as were of rows that count by a weight."""
        totals = whole(self.totals(sample))
        return replace(self, curve=level_of(self.curve.slope, totals, replace(sample, weight=weight)))


def _award(rule: Rule, points: float, sample: Sample) -> Award:
    told = given(rule, points, sample)
    return Award(told, rule.group, rule.is_weak) if isinstance(rule, Own) else Award(told)


def no_card(sample: Sample) -> Card:
    """Return the card that gives nobody points: everybody's chance."""
    return Card((), (), level_of(0.0, np.zeros(len(sample)), sample))


def card_of(chosen: Chosen, sample: Sample) -> Card:
    """Return the card with whole points that says what the weights say; rules that round to none are left out.

    What was shrunken stays so: a curve that loses least would take the points for surer than they are.
    """
    columns, weights = chosen.columns[:, 1:], chosen.weights[1:]
    if not np.abs(weights).sum():
        return no_card(sample)
    steps = np.array([step(rule) for rule in chosen.rules])
    told = columns @ weights
    found = (_as_told(columns, points, told) for points in _rounded(weights, steps))
    _, points, slope = min(found, key=lambda one: one[0])
    kept = [(rule, int(one)) for rule, one in zip(chosen.rules, points, strict=True) if one]
    curve = level_of(slope, whole(columns @ points), sample)
    return Card(tuple(rule for rule, _ in kept), tuple(one for _, one in kept), curve)


def _rounded(weights: Floats, steps: Whole) -> Iterator[Whole]:
    """Yield the weights as whole points on several scales."""
    each = weights / steps
    room = min(MOST / max(each.max(), 1e-9), LEAST / min(each.min(), -1e-9), MOST_TOGETHER / np.abs(weights).max())
    for scale in SCALES:
        yield np.round(each * room * scale).astype(np.int64) * steps


def _as_told(columns: Floats, points: Whole, told: Floats) -> tuple[float, Whole, float]:
    """Return how far points are from log odds that are told, at the slope at which they are nearest; and that slope."""
    totals = columns @ points
    apart, wanted = totals - totals.mean(), told - told.mean()
    slope = float(apart @ wanted / max(float(apart @ apart), 1e-9))
    return float(((slope * apart - wanted) ** 2).sum()), points, slope


def whole(totals: Floats) -> Whole:
    """Return the whole points that totals have reached: a table of chances has a row for each of them.

    >>> whole(np.array([2.9, 3.0 - 1e-9, -0.5])).tolist()
    [2, 3, -1]
    """
    return np.floor(totals + 1e-6).astype(np.int64)
