"""Rules of a card as columns: from 0, none of a rule's points, to 1, all of them."""

from typing import Final

import numpy as np

from ripeline.learning.arrays import Floats
from ripeline.learning.rules import Band, Missing, OneOf, TraitRule, trait_column
from ripeline.learning.sample import Sample
from ripeline.learning.signals import SignalRule

Rule = TraitRule | SignalRule

MOST_HAVE: Final = 0.9


def column(rule: Rule, sample: Sample) -> Floats:
    """Return how much of a rule's points each row has."""
    if isinstance(rule, Band | OneOf | Missing):
        return trait_column(rule, sample)
    if sample.acts is None:
        raise ValueError("the sample does not tell what people did")
    return rule.column(sample.acts)


def step(rule: Rule) -> int:
    """Return what the points of a rule are a multiple of: each single time then gives whole points."""
    return 1 if isinstance(rule, Band | OneOf | Missing) else rule.step


def cost(of: Floats) -> float:
    """Return what a weight of a column costs, beside one of a column of 0 and 1.

    Hardly anybody has all the points of what fades or is done many times: they may be many, where nearly all of those
    who have any have only a part of them.

    >>> cost(np.array([0.0, 1.0, 1.0])), cost(np.array([0.0, 0.1, 0.2, 0.1]))
    (1.0, 0.2)
    """
    some = of[of > 0]
    return float(np.quantile(some, MOST_HAVE, method="higher")) if len(some) else 1.0
