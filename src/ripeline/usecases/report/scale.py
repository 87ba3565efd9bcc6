"""From values to places on a chart, and round numbers to write beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

_ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_EXACT: Final = 10
"""Decimals to which sums of tenths are put right."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From one value to another, with the round ones between."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """Return where a value stands, in percent of the way; beyond an end it stands at the end.

        >>> Scale(-10.0, 30.0, ()).at(0), Scale(0.0, 1.0, ()).at(7)
        (25.0, 100.0)
        """
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 2)


def scale_of(values: Iterable[float], parts: int = 4) -> Scale:
    """Return a scale on which all values have a place, with about so many parts of a round width.

    >>> scale_of([0.06, 0.97])
    Scale(low=0.0, high=1.0, ticks=(0.0, 0.25, 0.5, 0.75, 1.0))
    >>> scale_of([-20, 28]).ticks, scale_of([3, 3]).ticks
    ((-20.0, 0.0, 20.0, 40.0), (2.5, 2.75, 3.0, 3.25, 3.5))
    """
    all_of_them = tuple(values) or (0.0, 1.0)
    low, high = min(all_of_them), max(all_of_them)
    if low == high:
        low, high = low - 0.5, high + 0.5
    width = _width((high - low) / parts)
    first, last = floor(round(low / width, _EXACT)), ceil(round(high / width, _EXACT))
    ticks = tuple(round(place * width, _EXACT) for place in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def whole_scale(most: int, parts: int = 4) -> Scale:
    """Return a scale from 0 on which so many things have a place, with whole numbers beside it.

    >>> whole_scale(1).ticks, whole_scale(10).ticks, whole_scale(19).ticks
    ((0.0, 1.0), (0.0, 3.0, 6.0, 9.0, 12.0), (0.0, 5.0, 10.0, 15.0, 20.0))
    """
    width = ceil(_width(max(most, 1) / parts))
    ticks = tuple(float(place * width) for place in range(ceil(max(most, 1) / width) + 1))
    return Scale(0.0, ticks[-1], ticks)


def _width(least: float) -> float:
    power = 10.0 ** floor(log10(least))
    return next(one * power for one in _ROUND if one * power >= least * (1 - 1e-9))
