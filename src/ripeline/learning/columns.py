"""Rules of a card as columns: from 0, none of a rule's points, to 1, all of them."""

from typing import Final

import numpy as np

from ripeline.learning.arrays import Floats
from ripeline.learning.own import Own
from ripeline.learning.rules import Band, Missing, OneOf, TraitRule, trait_column
from ripeline.learning.sample import Sample
from ripeline.learning.signals import SignalRule

Rule = TraitRule | SignalRule | Own

MOST_HAVE: Final = 0.9


def column(rule: Rule, sample: Sample) -> Floats:
    """Return how much of a rule's points each row has."""
    if isinstance(rule, Band | OneOf | Missing):
        return trait_column(rule, sample)
    if isinstance(rule, Own):
        return rule.column(sample.own[rule.key])
    if sample.acts is None:
        raise ValueError("the sample does not tell what people did")
    return rule.column(sample.acts)


def step(rule: Rule) -> int:
    """Return what the points of a rule are a multiple of: each single time then gives whole points."""
    return 1 if isinstance(rule, Band | OneOf | Missing | Own) else rule.step


def given(rule: Rule, points: float, sample: Sample) -> Floats:
    """Return what a rule with such points gives each row; the points of an own one are those of one unit."""
    if isinstance(rule, Own):
        return rule.given(points, sample.own[rule.key])
    return points * column(rule, sample)


def full_points(rule: Rule, points: float) -> float:
    """Return the points that a column of 1 stands for."""
    return points * rule.full if isinstance(rule, Own) else points


def is_fit(rule: Rule) -> bool:
    """Say whether a rule is about who somebody is, and not about what they did."""
    return rule.part == "fit" if isinstance(rule, Own) else isinstance(rule, Band | OneOf | Missing)


def cost(of: Floats) -> float:
    """Return what a weight of a column costs, beside one of a column of 0 and 1.

    Hardly anybody has all the points of what fades or is done many times: they may be many, where nearly all of those
    who have any have only a part of them.

    >>> cost(np.array([0.0, 1.0, 1.0])), cost(np.array([0.0, 0.1, 0.2, 0.1]))
    (1.0, 0.2)
    """
    some = of[of > 0]
    return float(np.quantile(some, MOST_HAVE, method="higher")) if len(some) else 1.0
