"""The level of likelihoods: by how much all of them move, so that as many are foretold to be won as lately were.

What points tell of one lead against another stays; the odds of all are multiplied by one number. That is the shift of
the intercept alone: E. Steyerberg, Clinical Prediction Models (2009), section 20.3. Steps of odds and whole numbers make
of it a table that is made once, and the same everywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from ripeline.plan.nodes import Plan
from ripeline.vocabulary.points import MICRO

STEP: Final = Fraction(21, 20)
"""By so much odds grow with each step."""

MOST_STEPS: Final = 100
"""Odds move at most so many steps up or down: about 130 times."""

DRAWN: Final = 20
"""So many steps count as much as one win more than foretold: a few looks move nothing, and odds three times as high are usual."""


@dataclass(frozen=True, slots=True)
class Became:
    """Looks at leads of one likelihood in millionths, and how many of them were followed by a win."""

    likelihood: int
    looks: int
    won: int


def steps_of(became: Iterable[Became]) -> int:
    """Return by how many steps likelihoods have to move for as many to be foretold as were won, a little drawn to none.

    The most likely number of steps, where the log odds of all are moved by chance with a standard deviation of 1.
    """
    # What is impossible, or certain, no odds change.
    rows = [row for row in became if 0 < row.likelihood < MICRO]
    # What is left to foretell falls with every step, so where it is nearest to nothing is found by halving.
    low, high = -MOST_STEPS, MOST_STEPS
    while low < high:
        middle = (low + high) // 2
        if _missing(rows, middle) > 0:
            low = middle + 1
        else:
            high = middle
    return min((max(low - 1, -MOST_STEPS), low), key=lambda steps: (abs(_missing(rows, steps)), abs(steps)))


def _missing(rows: Iterable[Became], steps: int) -> int:
    """Return how many wins are left to foretell, in millionths of DRAWN: negative where too many are foretold."""
    foretold = sum(row.looks * moved(row.likelihood, steps) - row.won * MICRO for row in rows)
    return -DRAWN * foretold - steps * MICRO


def moved(likelihood: int, steps: int) -> int:
    """Return a likelihood in millionths by so many steps higher odds, to the nearest whole.

    >>> moved(500_000, 1), moved(500_000, -1), moved(0, 9), moved(MICRO, -9)
    (512195, 487805, 0, 1000000)
    """
    odds = STEP**steps
    won, lost = likelihood * odds.numerator, (MICRO - likelihood) * odds.denominator
    return (2 * won * MICRO + won + lost) // (2 * (won + lost))


def at_level(plan: Plan, steps: int) -> Plan:
    """Return a plan with its likelihoods moved; it keeps its fingerprint, since the level belongs to the moment."""
    likelihood = plan.definition.likelihood
    if likelihood is None or not steps:
        return plan
    table = tuple((least, moved(chance, steps)) for least, chance in likelihood.table)
    return replace(plan, definition=replace(plan.definition, likelihood=replace(likelihood, table=table)))
