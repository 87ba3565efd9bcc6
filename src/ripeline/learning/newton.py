"""Logistic regression with a penalty on all weights but the first, by Newton's steps.

The penalised log likelihood of L. Wasserman, All of Statistics (2004), section 13.7, with the ridge of A. Hoerl and
R. Kennard (1970); its steps are those of iteratively reweighted least squares.
"""

from typing import Final

import numpy as np

from ripeline.learning.arrays import Floats, added_up
from ripeline.learning.sample import Sample

PENALTY: Final = 8.0
"""Of a weight of 1 it costs as much as 4 units of log likelihood; columns lie between 0 and 1."""

STEPS, HALVES = 50, 30
_SMALL: Final = 1e-9


def chances(columns: Floats, weights: Floats) -> Floats:
    """Return the chance of each row, of a matrix (rows, columns) whose first column is 1."""
    total = np.clip(columns @ weights, -30, 30)
    return np.asarray(1 / (1 + np.exp(-total)), dtype=np.float64)


def fitted(
    columns: Floats,
    won: Floats,
    counts: Floats,
    begin: Floats,
    penalty: float | Floats = PENALTY,
    prior: float | Floats = 0.0,
) -> Floats:
    """Return the weights that lose least.

    won: of each row, how much of it was; counts: how much each row counts; begin: weights to start from; prior: what
    weights but the first cost nothing at.
    """
    costs, weights, usual = _all(penalty, len(begin)), begin, _all(prior, len(begin))
    lost = loss(columns, won, counts, weights, penalty, prior)
    for _ in range(STEPS):
        chance = chances(columns, weights)
        bend = counts * chance * (1 - chance)
        curvature = (columns * bend[:, None]).T @ columns + np.diag(costs + _SMALL)
        step = np.linalg.solve(curvature, columns.T @ (counts * (won - chance)) - costs * (weights - usual))
        # A whole step may be too far: where it loses more, half of it is tried.
        for _ in range(HALVES):
            now = loss(columns, won, counts, weights + step, penalty, prior)
            if now <= lost:
                break
            step = step / 2
        else:
            break
        weights, gained, lost = weights + step, lost - now, now
        if gained < _SMALL * (1 + lost) and np.abs(step).max() < 1e-6:  # noqa: PLR2004 - nothing moves any more
            break
    return weights


def errors(columns: Floats, weights: Floats, of: Sample, penalty: float | Floats) -> Floats:
    """Return the standard error of each weight but the first: rows of a person count as one, as in evaluation.gain_z.

    The sandwich of H. White (1980). The penalty is what is believed before: of what no row tells, that is all there is.
    """
    chance, believed = chances(columns, weights), np.diag(_all(penalty, len(weights)) + _SMALL)
    bend = of.weight * chance * (1 - chance)
    curvature = (columns * bend[:, None]).T @ columns + believed
    people, place = np.unique(of.person, return_inverse=True)
    pulls = (of.weight * (of.won - chance))[:, None] * columns
    by_person = np.column_stack([added_up(place, len(people), pull) for pull in pulls.T])
    inverse = np.linalg.inv(curvature)
    return np.asarray(np.sqrt(np.diag(inverse @ (by_person.T @ by_person + believed) @ inverse))[1:])


def loss(
    columns: Floats,
    won: Floats,
    counts: Floats,
    weights: Floats,
    penalty: float | Floats = PENALTY,
    prior: float | Floats = 0.0,
) -> float:
    """Return the log loss of all rows together, with what the weights cost."""
    total = columns @ weights
    costs = _all(penalty, len(weights)) @ (weights - _all(prior, len(weights))) ** 2 / 2
    return float(counts @ (np.logaddexp(0, total) - won * total) + costs)


def _all(each: float | Floats, many: int) -> Floats:
    """Return what holds for each weight; 0 for the first, which nothing is said of."""
    return np.concatenate([[0.0], np.broadcast_to(each, many - 1)])
