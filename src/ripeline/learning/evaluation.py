"""How well chances foretold what happened: whether they put rows in order, and whether they mean what they say.

Rows of one person say much the same again, so whatever tells how far a figure can be trusted goes by persons: intervals
come from drawing persons anew, each with all its rows: C. Field and A. Welsh, Bootstrapping clustered data (2007).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ripeline.learning.arrays import Flags, Floats, Whole, added_up, rate_of
from ripeline.vocabulary.rates import Rate

DRAWS: Final = 200
ENDS: Final = (0.025, 0.975)

LEAST_CHANCE: Final = 1e-6
"""Likelihoods are told in millionths: a chance of 0 that came true is as wrong as one of them, not without end."""

_TENTH: Final = 0.1
_SMALL: Final = 1e-9

NOTHING: Final = 1e-6
"""So little log loss a row is nothing but rounding."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, and between which two it lies at 95 %. Of few persons they lie too near, of one there is no telling."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What chances are worth; None where a figure means nothing.

    auc: in how much of all pairs of a won row and a lost one the won one has the better chance, equal ones half: J.
    Hanley and B. McNeil (1982). brier: mean squared error, G. Brier (1950). log_loss: mean surprise, in nats a row.
    lift10: how many times as often as all the best tenth was won, at most 1 / the rate of all; of equal chances at its
    edge each counts in part. auc and lift10 need rows of both kinds.
    """

    auc: Figure | None
    brier: Figure | None
    log_loss: Figure | None
    lift10: Figure | None

    def by_name(self) -> dict[str, Figure]:
        """Return the figures that there are."""
        named = {"auc": self.auc, "brier": self.brier, "log_loss": self.log_loss, "lift10": self.lift10}
        return {name: figure for name, figure in named.items() if figure is not None}


def judged(chances: Floats, won: Floats, person: Whole, seed: int = 0, leads: Floats | None = None) -> Judgement:
    """Return what chances are worth. won: 1 or 0; person: whose a row is; leads: how many it stands for (1).

    The same rows in any order have the same intervals. A draw without a won row, or without a lost one, is left out
    where it tells nothing.
    """
    if not len(won):
        return Judgement(None, None, None, None)
    ranked, random = _Ranked.of(chances, won, person, _each(leads, won)), np.random.default_rng(seed)
    many = ranked.sums.shape[1]
    drawn = (np.bincount(random.integers(0, many, many), minlength=many) for _ in range(DRAWS))
    draws = np.array([ranked.figures(counts.astype(np.float64)) for counts in drawn])
    values = ranked.figures(np.ones(many))
    return Judgement(*(_figure(float(value), some) for value, some in zip(values, draws.T, strict=True)))


def losses(chances: Floats, won: Floats) -> Floats:
    """Return how surprised each row's chance is by what happened, in nats.

    >>> losses(np.array([0.25, 0.25, 0.0]), np.array([1.0, 0.0, 1.0])).round(3).tolist()
    [1.386, 0.288, 13.816]
    """
    chance = np.clip(chances, LEAST_CHANCE, 1 - LEAST_CHANCE)
    return np.asarray(-(won * np.log(chance) + (1 - won) * np.log1p(-chance)), dtype=np.float64)


def _each(leads: Floats | None, won: Floats) -> Floats:
    return np.ones(len(won)) if leads is None else leads


def gain_z(
    better: Floats, base: Floats, won: Floats, person: Whole, leads: Floats | None = None
) -> tuple[float, float]:
    """Return how much log loss a row `better` saves over `base`, and how many standard errors that is from nothing.

    Rows of a person are summed first, as for a mean in C. Cameron and D. Miller, A practitioner's guide to
    cluster-robust inference (2015), with their factor G / (G - 1) for G persons. The second is 0 where persons do not
    differ, or there is only one: nothing then tells how far chance goes.
    """
    gained, each = losses(base, won) - losses(better, won), _each(leads, won)
    rows = max(float(each.sum()), 1.0)
    mean = float(each @ gained) / rows
    people, place = np.unique(person, return_inverse=True)
    many = len(people)
    apart = added_up(place, many, each * (gained - mean))
    error = float(np.sqrt(apart @ apart * many / max(many - 1, 1)) / rows)
    if abs(mean) < NOTHING or many < 2 or error <= _SMALL * abs(mean):  # noqa: PLR2004 - one person tells no spread
        return mean, 0.0
    return mean, mean / error


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of like chances. won: how many of them were; chance: the mean that was foretold of them.

    Of rows that stand for several leads each: as many as would tell as much.
    """

    rows: int
    won: int
    chance: float

    @property
    def rate(self) -> Rate:
        """What happened: the share that was won, with Wilson's interval at 95 %; neither where rows are too few."""
        return Rate(self.won, self.rows)


def groups_of(chances: Floats, won: Floats, leads: Floats | None = None, many: int = 10) -> list[Group]:
    """Return rows in about so many groups of about equal size, the least chances first; equal ones stay together."""
    each = _each(leads, won)
    at, place = np.unique(chances, return_inverse=True)
    counts = added_up(place, len(at), each)
    # The middle row of all that have a chance says where they go: many equal ones are then a group of their own.
    middle = np.cumsum(counts) - counts / 2
    _, group = np.unique((middle * many / max(each.sum(), 1)).astype(np.int64), return_inverse=True)
    return [_group(group[place] == number, chances, won, each) for number in range(int(group.max(initial=-1)) + 1)]


def _group(part: Flags, chances: Floats, won: Floats, leads: Floats) -> Group:
    rate = rate_of(won[part], leads[part])
    return Group(rate.of, rate.count, float(np.average(chances[part], weights=leads[part])))


def calibration_error(groups: Sequence[Group]) -> float | None:
    """Return how far what was foretold of groups lies from what happened, 0 to 1, on average by rows; None of no rows.

    The expected calibration error of M. Naeini, G. Cooper and M. Hauskrecht (2015). Even right chances have some of it,
    the more so the fewer rows a group has.

    >>> round(calibration_error([Group(rows=30, won=3, chance=0.2), Group(rows=10, won=5, chance=0.5)]), 3)
    0.075
    """
    rows = sum(group.rows for group in groups)
    return sum(abs(group.rows * group.chance - group.won) for group in groups) / rows if rows else None


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Rows from the least chance up, put in order once: a draw of persons then only adds up.

    person: the place of each row's; leads: how many it stands for; begin: where each chance begins; sums: rows, squared
    errors and log losses of each person.
    """

    person: Whole
    won: Floats
    leads: Floats
    begin: Whole
    sums: Floats

    @classmethod
    def of(cls, chances: Floats, won: Floats, person: Whole, leads: Floats) -> "_Ranked":
        people, place = np.unique(person, return_inverse=True)
        order = np.argsort(chances, kind="stable")
        begin = np.flatnonzero(np.diff(chances[order], prepend=-np.inf))
        each = (np.ones(len(won)), (chances - won) ** 2, losses(chances, won))
        sums = np.array([added_up(place, len(people), leads * one) for one in each])
        return cls(place[order], won[order], leads[order], begin, sums)

    def figures(self, counts: Floats) -> Floats:
        """Return the figures of Judgement in its order, NaN for None. counts: how often each person is there."""
        rows, squares, lost = self.sums @ counts
        weight = counts[self.person] * self.leads
        every, won = (np.add.reduceat(each, self.begin) for each in (weight, weight * self.won))
        return np.array([_auc(won, every - won), squares / rows, lost / rows, _lift(won, every)])


def _auc(won: Floats, lost: Floats) -> float:
    """Return the share of pairs in order. won and lost: rows at each chance, the least first."""
    pairs = won.sum() * lost.sum()
    return float(won @ (np.cumsum(lost) - lost / 2) / pairs) if pairs else np.nan


def _lift(won: Floats, rows: Floats) -> float:
    """Return how many times as often as all the best tenth was won. won and rows: at each chance, the least first."""
    of, hits = rows.sum(), won.sum()
    if not 0 < hits < of:
        return np.nan
    # Rows of one chance are taken as evenly mixed, in whatever order they came: between two steps lies a straight line.
    rows_up_to, won_up_to = (np.append(0.0, np.cumsum(each)) for each in (rows, won))
    below = float(np.interp((1 - _TENTH) * of, rows_up_to, won_up_to))
    return float((hits - below) / (_TENTH * hits))


def _figure(value: float, draws: Floats) -> Figure | None:
    return None if np.isnan(value) else Figure(value, *np.nanquantile(draws, ENDS).tolist())
