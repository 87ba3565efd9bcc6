"""Arrays as everything that learns has them."""

import numpy as np
import numpy.typing as npt

from ripeline.vocabulary.rates import Rate

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
"""Where there is much to be multiplied, and the last digits mean nothing."""

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def added_up(bins: Whole, many: int, weights: Floats) -> Floats:
    """Return the sum of weights in each of so many bins."""
    return np.bincount(bins, weights=weights, minlength=many).astype(np.float64)


def as_many_as(leads: Floats) -> float:
    """Return how many rows that each stand for one lead would tell as much as rows that stand for so many each.

    L. Kish, Survey Sampling (1965), section 11.7: the square of their sum over the sum of their squares.

    >>> as_many_as(np.array([1.0, 1.0, 1.0])), as_many_as(np.array([1.0, 1.0, 1.0, 50.0]))
    (3.0, 1.1222532960447462)
    """
    return float(leads.sum() ** 2 / max(float(leads @ leads), 1e-9))


def rate_of(won: Floats, leads: Floats) -> Rate:
    """Return how many were won of rows that stand for so many leads each: of as many rows as tell as much.

    >>> rate_of(np.array([1.0, 0.0, 0.0, 1.0]), np.ones(4)), rate_of(np.array([1.0] * 10 + [0.0] * 10), np.ones(20))
    (Rate(count=2, of=4), Rate(count=10, of=20))
    """
    many, share = round(as_many_as(leads)), float(leads @ won) / max(float(leads.sum()), 1e-9)
    return Rate(round(share * many), many)
