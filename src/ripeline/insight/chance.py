"""Whether something is more frequent here than there, or whether chance alone would bring as much.

By Fisher's exact test of two proportions (R. A. Fisher, The Design of Experiments, 1935), one side of it: exact for few
as for many. Where the best of several is looked for, each has to be that much clearer (O. J. Dunn, Multiple comparisons
among means, 1961), else one of twenty rules would stand out where there is nothing.
"""

from math import exp, lgamma, log
from statistics import NormalDist
from typing import Final

from ripeline.vocabulary.rates import Rate

MOST_BY_CHANCE: Final = 0.025
"""One side of 5 %: so seldom may chance alone tell us of something that is not there."""

_NOTHING: Final = 1e-17


def by_chance(one: Rate, other: Rate) -> float:
    """Return how likely chance alone makes something at least as frequent in one as it is, were both alike.

    Fisher's lady who tasted tea, three of four right: 17 of 70.

    >>> round(by_chance(Rate(3, 4), Rate(1, 4)) * 70, 9)
    17.0
    """
    if one.count * other.of <= other.count * one.of:
        return 1.0
    whole, hits = one.of + other.of, one.count + other.count
    term = total = exp(_ways(hits, one.count) + _ways(whole - hits, one.of - one.count) - _ways(whole, one.of))
    for count in range(one.count, min(hits, one.of)):
        term *= (hits - count) * (one.of - count) / ((count + 1) * (whole - hits - one.of + count + 1))
        total += term
        if term < _NOTHING * total:
            break
    return min(total, 1.0)


def is_sure(chance: float, tried: int = 1) -> bool:
    """Say whether chance alone hardly ever brings something. tried: of how many it is one."""
    return chance * max(tried, 1) <= MOST_BY_CHANCE


def _ways(of: int, chosen: int) -> float:
    """Return the logarithm of in how many ways some can be chosen."""
    return lgamma(of + 1) - lgamma(chosen + 1) - lgamma(of - chosen + 1)


def strength(chance: float, tried: int = 1) -> float:
    """Return how much speaks for something, to be sorted by: 3 where chance would bring it once in a thousand times."""
    return -log(min(max(chance * tried, 1e-300), 1.0)) / log(10)


def deviations(sides: int = 1) -> float:
    """Return how many standard deviations hardly any of so many numbers lies from its middle by chance, at 95 %.

    >>> round(deviations(), 2), round(deviations(10), 2)
    (1.96, 2.81)
    """
    return NormalDist().inv_cdf(1 - MOST_BY_CHANCE / sides)
