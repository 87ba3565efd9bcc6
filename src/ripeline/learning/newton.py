"""Logistic regression with a penalty on all weights but the first, by Newton's steps.

The penalised log likelihood of L. Wasserman, All of Statistics (2004), section 13.7, with the ridge of A. Hoerl and
R. Kennard (1970); its steps are those of iteratively reweighted least squares.
"""

from typing import Final

import numpy as np

from ripeline.learning.arrays import Floats

PENALTY: Final = 8.0
"""Of a weight of 1 it costs as much as 4 units of log likelihood; columns lie between 0 and 1."""

STEPS, HALVES = 50, 30
_SMALL: Final = 1e-9


def chances(columns: Floats, weights: Floats) -> Floats:
    """Return the chance of each row, of a matrix (rows, columns) whose first column is 1."""
    total = np.clip(columns @ weights, -30, 30)
    return np.asarray(1 / (1 + np.exp(-total)), dtype=np.float64)


def fitted(columns: Floats, won: Floats, counts: Floats, begin: Floats, penalty: float | Floats = PENALTY) -> Floats:
    """Return the weights that lose least.

    won: of each row, how much of it was; counts: how much each row counts; begin: weights to start from.
    """
    costs, weights = _costs(len(begin), penalty), begin
    lost = loss(columns, won, counts, weights, penalty)
    for _ in range(STEPS):
        chance = chances(columns, weights)
        bend = counts * chance * (1 - chance)
        curvature = (columns * bend[:, None]).T @ columns + np.diag(costs + _SMALL)
        step = np.linalg.solve(curvature, columns.T @ (counts * (won - chance)) - costs * weights)
        # A whole step may be too far: where it loses more, half of it is tried.
        for _ in range(HALVES):
            now = loss(columns, won, counts, weights + step, penalty)
            if now <= lost:
                break
            step = step / 2
        else:
            break
        weights, gained, lost = weights + step, lost - now, now
        if gained < _SMALL * (1 + lost) and np.abs(step).max() < 1e-6:  # noqa: PLR2004 - nothing moves any more
            break
    return weights


def loss(columns: Floats, won: Floats, counts: Floats, weights: Floats, penalty: float | Floats = PENALTY) -> float:
    """Return the log loss of all rows together, with what the weights cost."""
    total = columns @ weights
    costs = _costs(len(weights), penalty) @ weights**2 / 2
    return float(counts @ (np.logaddexp(0, total) - won * total) + costs)


def _costs(many: int, penalty: float | Floats) -> Floats:
    return np.concatenate([[0.0], np.broadcast_to(penalty, many - 1)])
