"""A definition that is started from: corrected where deals clearly say otherwise, with what helps beside it.

Its points are what is believed before any deal is looked at: weights are drawn towards them, not towards none, and one
that deals do not clearly contradict stays as its company wrote it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from ripeline.learning.arrays import Floats
from ripeline.learning.calibration import curve_of
from ripeline.learning.columns import Rule, column, cost, full_points, step
from ripeline.learning.newton import PENALTY, chances, fitted
from ripeline.learning.own import Begin, Own
from ripeline.learning.sample import Sample
from ripeline.learning.scorecard.candidates import luck_of
from ripeline.learning.scorecard.points import LEAST, MOST, Card, whole
from ripeline.learning.scorecard.selection import FIXED, LEAST_GAIN, Chosen, agreeing, grown, offers

LEAST_SLOPE: Final = 0.01
"""What a point adds to the log odds at least: of points that tell nothing, weights would be as many as you like."""

REFUTED: Final = 0.1
"""Of the penalty for being away from points that deals contradict: what was believed of them counts little."""

LEAST_FACTOR, _SMALL = 0.2, 1e-3


@dataclass(frozen=True, slots=True)
class Refined:
    """A way to start from a definition. more: at most so many further rules; None: as it is given."""

    begin: Begin
    more: int | None

    @property
    def together(self) -> Literal[False]:
        """Say that further rules are found one by one."""
        return False

    @property
    def most(self) -> int:
        """How many rules there are at most."""
        return len(self.begin.rules) + (self.more or 0)

    @property
    def effort(self) -> int:
        """How much is changed at most."""
        return 0 if self.more is None else 1 + self.more

    def chosen(self, sample: Sample) -> Chosen:
        """Return the rules with their weights."""
        return refinements(self.begin, sample, self.more or 0)(self.more)

    roughly = chosen

    def card(self, sample: Sample) -> Card:
        """Return the rules with whole points, on the scale of the definition."""
        return refined_card(self.begin, self.chosen(sample), sample)


def refinements(begin: Begin, sample: Sample, most: int) -> Callable[[int | None], Chosen]:
    """Correct a definition and find at most so many further rules; return what has the first so many of them."""
    as_given = _as_given(begin, sample)
    changed = _corrected(as_given, sample)
    number = len(changed.rules)
    every = grown(sample, offers(sample), changed, number + most, guarded=True) if most else changed
    return lambda more: as_given if more is None else agreeing(every.first(number + more, sample), sample)


def _as_given(begin: Begin, sample: Sample) -> Chosen:
    """Return the weights that a definition's points have at the slope at which they tell most."""
    slope, many = slope_of(begin, sample), len(begin.rules)
    prior = slope * np.array([full_points(rule, rule.points) for rule in begin.rules])
    columns = np.column_stack([np.ones(len(sample)), *(column(rule, sample) for rule in begin.rules)])
    weights = np.concatenate([[0.0], prior])
    return Chosen(begin.rules, columns, weights, np.full(many, FIXED), prior).fitted(sample)


def slope_of(begin: Begin, sample: Sample) -> float:
    """Return what a point of a definition adds to the log odds of being won."""
    return max(curve_of(whole(_given(begin, sample).totals(sample)), sample).slope, LEAST_SLOPE)


def _slope_in(chosen: Chosen, begin: Begin, sample: Sample) -> float:
    """Return what a point is worth beside rules that are as they were given."""
    for rule, prior in zip(chosen.rules, chosen.prior, strict=True):
        if isinstance(rule, Own) and rule.points:
            return float(prior / full_points(rule, rule.points))
    return slope_of(begin, sample)


def _given(begin: Begin, sample: Sample) -> Card:
    points = tuple(rule.points for rule in begin.rules)
    return Card(
        begin.rules, points, curve_of(np.zeros(len(sample), dtype=np.int64), sample), begin.fit, begin.engagement
    )


def _corrected(given: Chosen, sample: Sample) -> Chosen:
    """Let weights move one by one, as long as deals clearly contradict one: less what the best would by luck."""
    costs = np.array([PENALTY * cost(of) for of in given.columns.T[1:]])
    may = np.array([not (isinstance(rule, Own) and rule.is_fixed) for rule in given.rules], dtype=np.bool_)
    least = LEAST_GAIN + luck_of(int(may.sum()))
    card = given
    while (may & (card.penalty >= FIXED)).any():
        gains = np.where(may & (card.penalty >= FIXED), _gains(card, costs, sample), 0.0)
        if gains.max() < least:
            break
        penalty = np.where(np.arange(len(gains)) == gains.argmax(), REFUTED * costs, card.penalty)
        card = _rescaled(replace(card, penalty=penalty), sample)
    return agreeing(card, sample)


def _rescaled(card: Chosen, sample: Sample) -> Chosen:
    """Let a point be worth what the rules say that deals do not contradict: one far off would change it for all."""
    fixed = np.array(card.penalty >= FIXED)
    told = card.columns[:, 1:] @ np.where(fixed, card.prior, 0.0)
    columns = np.column_stack([np.ones(len(sample)), card.columns[:, 1:][:, ~fixed], told])
    penalty, prior = np.append(card.penalty[~fixed], _SMALL), np.append(card.prior[~fixed], 1.0)
    begin = np.concatenate([card.weights[:1], card.weights[1:][~fixed], [1.0]])
    factor = max(float(fitted(columns, sample.won, sample.weight, begin, penalty, prior)[-1]), LEAST_FACTOR)
    return replace(card, prior=card.prior * factor).fitted(sample)


def _gains(card: Chosen, costs: Floats, sample: Sample) -> Floats:
    """Return what it would gain in log likelihood, twice, to let each weight move."""
    chance = chances(card.columns, card.weights)
    bend, pull = sample.weight * chance * (1 - chance), sample.weight * (sample.won - chance)
    curvature = (card.columns * bend[:, None]).T @ card.columns
    free = np.concatenate([[True], card.penalty < FIXED])
    inverse = np.linalg.inv(curvature[np.ix_(free, free)] + np.eye(int(free.sum())) * 1e-6)
    left = np.diag(curvature) - np.einsum("ca,ab,cb->c", curvature[:, free], inverse, curvature[:, free])
    return np.asarray(((card.columns.T @ pull) ** 2 / (np.maximum(left, 0.0) + np.concatenate([[1.0], costs])))[1:])


def refined_card(begin: Begin, chosen: Chosen, sample: Sample) -> Card:
    """Return rules with whole points on the scale of a definition; own ones that were not corrected keep theirs."""
    slope = _slope_in(chosen, begin, sample)
    every = zip(chosen.rules, chosen.weights[1:], chosen.penalty >= FIXED, strict=True)
    pointed = [(rule, _points(rule, weight / slope, is_given=is_given), is_given) for rule, weight, is_given in every]
    kept = [(rule, points) for rule, points, is_given in pointed if points or is_given]
    rules, points = tuple(rule for rule, _ in kept), tuple(points for _, points in kept)
    card = replace(_given(begin, sample), rules=rules, points=points)
    return replace(card, curve=curve_of(whole(card.totals(sample)), sample))


def _points(rule: Rule, full: float, *, is_given: bool) -> float:
    """Return the whole points of a rule whose column gives so many.

    Of an own one those of a unit: whole, or of two digits where its company wrote parts of a point.
    """
    if isinstance(rule, Own):
        if is_given:
            return rule.points
        each = min(max(full / rule.full, min(LEAST, rule.points)), max(MOST, rule.points))
        return round(each) if rule.points == round(rule.points) else float(f"{each:.2g}")
    each = min(max(round(full / step(rule)), LEAST), MOST)
    return each * step(rule)
