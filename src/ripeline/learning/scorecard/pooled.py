"""A card from few deals: every plain fact has its points at once, each the fewer the less speaks for it.

Where there are few deals, what helps most by the figures is mostly luck, and a card of rules chosen one by one is worse
than none. A ridge over everything at once (A. Hoerl, R. Kennard, Ridge regression, 1970) lets all facts share what can
be told; what moves leads most is kept, and fitted again.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

import numpy as np

from ripeline.learning.acts import Acts
from ripeline.learning.columns import Rule, column
from ripeline.learning.rules import Band, Missing, OneOf, TraitRule
from ripeline.learning.sample import ELSE, Numbers, Sample, Texts
from ripeline.learning.scorecard.selection import Chosen, agreeing
from ripeline.learning.signals import AtLeast, Fading, SignalRule

BANDS: Final = 5
"""A number is cut at its quantiles into so many bands."""

LEAST: Final = 3
"""What fewer leads have, or all but so many have, is left out."""

PENALTY, PENALTY_OF_FEW, FEW = 6.0, 12.0, 60
"""How much a weight costs, and how much more with fewer leads than FEW."""

KEPT: Final = 0.6
"""Of the penalty when what is kept is fitted again: it was chosen, and is shrunken less."""

HALF_LIVES: Final = (None, 30, 7)


def pooled(sample: Sample, most: int) -> Chosen:
    """Return at most so many plain facts that tell won from lost, all weighed together."""
    return weighed(sample)(most)


def weighed(sample: Sample) -> Callable[[int], Chosen]:
    """Weigh all plain facts together; return what keeps at most so many of them."""
    penalty = PENALTY_OF_FEW if sample.weight.sum() < FEW else PENALTY
    rules = [rule for rule in _facts(sample) if _is_told(rule, sample)]
    weakest_first = Chosen.of(rules, sample, penalty).weakest_first()

    def kept(most: int) -> Chosen:
        strongest = sorted(weakest_first[-most:])
        return agreeing(Chosen.of([rules[place] for place in strongest], sample, KEPT * penalty), sample)

    return kept


def _is_told(rule: Rule, sample: Sample) -> bool:
    on = float(sample.weight[column(rule, sample) > 0].sum())
    return LEAST <= on <= float(sample.weight.sum()) - LEAST


def _facts(sample: Sample) -> Iterator[Rule]:
    for name, trait in sample.traits.items():
        yield from _bands(name, trait) if isinstance(trait, Numbers) else _levels(name, trait)
        yield Missing(name)
    if sample.acts is not None:
        yield from _deeds(sample.acts)


def _bands(name: str, trait: Numbers) -> Iterator[TraitRule]:
    known = trait.values[~np.isnan(trait.values)]
    cut = np.unique(np.quantile(known, np.linspace(0, 1, BANDS + 1)[1:-1], method="higher")) if len(known) else known
    edges = [None, *cut.tolist(), None]
    for low, high in pairwise(edges):
        if (low, high) != (None, None):
            yield Band(name, low, high, trait.is_age)


def _levels(name: str, trait: Texts) -> Iterator[TraitRule]:
    yield from (OneOf(name, (level,), trait.is_boolean) for level in trait.levels if level != ELSE)


def _deeds(acts: Acts) -> Iterator[SignalRule]:
    for kind in acts.kinds:
        for half_life in HALF_LIVES:
            yield from (Fading(kind, half_life, full) for full in (1, 4))
        yield from (AtLeast(kind, 1, within) for within in (3, 14))
