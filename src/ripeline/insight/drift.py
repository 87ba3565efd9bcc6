"""Whether leads are still those for whom a definition was made: the population stability index (PSI).

Everybody of then is cut into bands, and the same bands are counted now. PSI = sum over bands of
(now - then) x ln(now / then), now and then being shares: N. Siddiqi, Credit Risk Scorecards, 2006, who also calls below
0.1 stable and above 0.25 changed. Half a lead is added to every band, so that an empty one has a share. Chance alone
moves a PSI by about chi squared, with one degree less than bands, times (1 / then + 1 / now): B. Yurdakul and
J. Naranjo, Statistical properties of the population stability index, 2020.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from statistics import NormalDist
from typing import Final

from ripeline.vocabulary.points import points_text

STABLE: Final = "stable"
LOOK: Final = "look"
CHANGED: Final = "changed"
FEW: Final = "too_few"

LEAST: Final = 30
"""Of fewer leads, then or now, nothing is told."""

TENTHS: Final = 10
MOST_NAMED: Final = 20
"""Texts with a band of their own; further ones share one."""

MISSING: Final = "not known"
ELSE: Final = "anything else"
_LOOK_AT, _CHANGED_AT, _OFTEN = 0.1, 0.25, 0.95


@dataclass(frozen=True, slots=True)
class Spread:
    """How a trait or score lies over leads.

    texts: how many have each, None where nobody knows, ELSE all that few have. numbers: the same by millionths, None
    where some have a text.
    """

    texts: Mapping[str | None, int]
    numbers: Mapping[int | None, int] | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """Leads that are alike, then and now."""

    name: str
    then: int
    now: int


@dataclass(frozen=True, slots=True)
class Drift:
    """How far something moved. by_chance: a PSI as large comes by chance alone once in 20 times."""

    name: str
    bands: Sequence[Band]
    psi: float
    by_chance: float

    @property
    def leads(self) -> tuple[int, int]:
        """How many were counted, then and now."""
        return sum(band.then for band in self.bands), sum(band.now for band in self.bands)

    @property
    def verdict(self) -> str:
        """One of stable, look, changed, and too_few where chance alone would move as much."""
        if min(self.leads) < LEAST:
            return FEW
        if self.psi < _LOOK_AT:
            return STABLE
        if self.psi <= self.by_chance:
            return FEW
        return CHANGED if self.psi > _CHANGED_AT else LOOK

    @property
    def moved(self) -> Band | None:
        """The band whose share changed most."""
        then, now = self.leads
        if not then or not now:
            return None
        return max(self.bands, key=lambda band: abs(band.now * then - band.then * now))


def drift(name: str, then: Spread, now: Spread) -> Drift:
    """Return how a trait or score moved: a number by tenths of then, anything else value by value."""
    if then.numbers is not None and now.numbers is not None:
        bands = bands_of_numbers(then.numbers, now.numbers)
    else:
        bands = bands_of_texts(then.texts, now.texts)
    return Drift(name, bands, psi(bands), moved_by_chance(bands))


def levels_moved(name: str, levels: Sequence[str], then: Mapping[str, int], now: Mapping[str, int]) -> Drift:
    """Return how leads moved between levels, in their order."""
    bands = _there([Band(one, then.get(one, 0), now.get(one, 0)) for one in levels])
    return Drift(name, bands, psi(bands), moved_by_chance(bands))


def psi(bands: Sequence[Band]) -> float:
    """Return the population stability index.

    Of 9 leads one is in the first band and 8 in the second, later it is the other way round. With half a lead more in
    each that is 0.15 and 0.85, and 2 x 0.7 x ln(0.85 / 0.15) = 2.428.

    >>> round(psi([Band("a", 1, 8), Band("b", 8, 1)]), 3)
    2.428
    """
    then = 2 * sum(band.then for band in bands) + len(bands)
    now = 2 * sum(band.now for band in bands) + len(bands)
    shares = (((2 * band.now + 1) / now, (2 * band.then + 1) / then) for band in bands)
    return sum((one - other) * log(one / other) for one, other in shares)


def moved_by_chance(bands: Sequence[Band]) -> float:
    """Return what chance alone keeps a PSI below, 19 times of 20."""
    then, now = sum(band.then for band in bands), sum(band.now for band in bands)
    if not then or not now or len(bands) < 2:  # noqa: PLR2004 - one band has nowhere to move to
        return 0.0
    return (1 / then + 1 / now) * _chi_squared(len(bands) - 1)


def _chi_squared(degrees: int) -> float:
    """Return the 95th percentile, by E. B. Wilson and M. M. Hilferty, 1931.

    >>> round(_chi_squared(10), 1)
    18.3
    """
    part = 2 / (9 * degrees)
    root = 1 - part + NormalDist().inv_cdf(_OFTEN) * sqrt(part)
    return degrees * root * root * root


def bands_of_numbers(then: Mapping[int | None, int], now: Mapping[int | None, int]) -> list[Band]:
    """Return tenths of then, each up to one of its values, and a band of those of whom it is not known.

    >>> [band.name for band in bands_of_numbers({1_000_000: 90, 7_000_000: 10}, {9_000_000: 1, None: 1})]
    ['up to 1', 'above 1 to 7', 'above 7', 'not known']
    """
    cuts = _tenths(then)
    tests = [_between(None, cuts[0] if cuts else None), *(_between(low, high) for low, high in pairwise([*cuts, None]))]
    names = _names(cuts)
    known = [_band(name, test, then, now) for name, test in zip(names, tests, strict=False)]
    return _there([*known, Band(MISSING, then.get(None, 0), now.get(None, 0))])


def _tenths(counts: Mapping[int | None, int]) -> list[int]:
    known = sorted((value, count) for value, count in counts.items() if value is not None)
    total, passed, cuts = sum(count for _, count in known), 0, list[int]()
    for value, count in known:
        before, passed = passed, passed + count
        if before * TENTHS // total != passed * TENTHS // total:
            cuts.append(value)
    return cuts


def _names(cuts: Sequence[int]) -> list[str]:
    texts = list(map(points_text, cuts))
    if not texts:
        return ["any number"]
    return [f"up to {texts[0]}", *(f"above {low} to {high}" for low, high in pairwise(texts)), f"above {texts[-1]}"]


def _between(low: int | None, high: int | None) -> Callable[[int], bool]:
    return lambda value: (low is None or value > low) and (high is None or value <= high)


def _band(
    name: str, holds: Callable[[int], bool], then: Mapping[int | None, int], now: Mapping[int | None, int]
) -> Band:
    counts = (sum(count for value, count in one.items() if value is not None and holds(value)) for one in (then, now))
    return Band(name, *counts)


def bands_of_texts(then: Mapping[str | None, int], now: Mapping[str | None, int]) -> list[Band]:
    """Return a band for each frequent value, one for all others, and one of those of whom it is not known."""
    together = {value: then.get(value, 0) + now.get(value, 0) for value in {*then, *now} if value is not None}
    named = sorted(together, key=lambda value: (-together[value], value))[:MOST_NAMED]
    bands = [Band(value, then.get(value, 0), now.get(value, 0)) for value in named if value != ELSE]
    rest = (_known(counts) - sum(counts.get(band.name, 0) for band in bands) for counts in (then, now))
    return _there([*bands, Band(ELSE, *rest), Band(MISSING, then.get(None, 0), now.get(None, 0))])


def _known(counts: Mapping[str | None, int]) -> int:
    return sum(count for value, count in counts.items() if value is not None)


def _there(bands: Sequence[Band]) -> list[Band]:
    return [band for band in bands if band.then or band.now]
