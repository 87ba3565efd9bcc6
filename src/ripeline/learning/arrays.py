"""Arrays as everything that learns has them."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
"""Where there is much to be multiplied, and the last digits mean nothing."""

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def added_up(bins: Whole, many: int, weights: Floats) -> Floats:
    """Return the sum of weights in each of so many bins."""
    return np.bincount(bins, weights=weights, minlength=many).astype(np.float64)
