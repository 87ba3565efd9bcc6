"""What was foretold of leads, and what became of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

from ripeline.insight.chance import deviations
from ripeline.insight.in_use import Became
from ripeline.vocabulary.points import MICRO
from ripeline.vocabulary.rates import Rate

LEAST: Final = 100
"""Leads of whom something was foretold: of fewer, nothing is told. Nor of fewer than LEAST_OF_EACH won, or not won."""

LEAST_OF_EACH: Final = 10
GROUPS: Final = 10


@dataclass(frozen=True, slots=True)
class Group:
    """Leads of whom about the same was foretold. foretold: their likelihoods in millionths, added up.

    spread: likelihood x (1 - likelihood), added up, in squares of millionths: the variance of how many are won.
    """

    foretold: int
    spread: int
    won: Rate

    @property
    def share(self) -> float:
        """The likelihood that was foretold, on average."""
        return self.foretold / MICRO / self.won.of

    @property
    def deviations(self) -> float:
        """How many standard deviations more were won than was foretold; negative where fewer were."""
        apart = self.won.count * MICRO - self.foretold
        return apart / sqrt(self.spread) if self.spread else 0.0


@dataclass(frozen=True, slots=True)
class Losses:
    """How far what was foretold lies from what happened, on average. constant: had everybody's share been foretold."""

    brier: float
    constant_brier: float
    log_loss: float
    constant_log_loss: float


@dataclass(frozen=True, slots=True)
class Foretold:
    """Groups of leads by what was foretold of them, the least first. whole: all of them together."""

    groups: Sequence[Group]
    whole: Group
    losses: Losses

    @property
    def is_off(self) -> bool:
        """Say whether all together, or some group, lies further away than chance brings."""
        bound = deviations(len(self.groups) + 1)
        return any(abs(one.deviations) > bound for one in (self.whole, *self.groups))


@dataclass(frozen=True, slots=True)
class _Row:
    likelihood: int
    leads: int
    won: int


def foretold(became: Iterable[Became]) -> Foretold | None:
    """Return what was foretold against what happened in time; None where there are too few to tell."""
    by_likelihood = dict[int, tuple[int, int]]()
    for one in became:
        if one.likelihood is not None:
            leads, won = by_likelihood.get(one.likelihood, (0, 0))
            by_likelihood[one.likelihood] = leads + one.leads, won + one.won_in_time
    rows = [_Row(likelihood, *counts) for likelihood, counts in sorted(by_likelihood.items())]
    leads, won = sum(row.leads for row in rows), sum(row.won for row in rows)
    if leads < LEAST or min(won, leads - won) < LEAST_OF_EACH:
        return None
    return Foretold(_groups(rows, leads), _group(rows), _losses(rows, leads, won))


def _groups(rows: Sequence[_Row], leads: int) -> list[Group]:
    """Cut rows into tenths, as far as leads with the same likelihood stay together."""
    found, passed = dict[int, list[_Row]](), 0
    for row in rows:
        found.setdefault(min(GROUPS * (2 * passed + row.leads) // (2 * leads), GROUPS - 1), []).append(row)
        passed += row.leads
    return [_group(one) for _, one in sorted(found.items())]


def _group(rows: Sequence[_Row]) -> Group:
    return Group(
        sum(row.likelihood * row.leads for row in rows),
        sum(row.likelihood * (MICRO - row.likelihood) * row.leads for row in rows),
        Rate(sum(row.won for row in rows), sum(row.leads for row in rows)),
    )


def _losses(rows: Sequence[_Row], leads: int, won: int) -> Losses:
    share = won / leads
    brier = sum(row.won * (1 - _p(row)) ** 2 + (row.leads - row.won) * _p(row) ** 2 for row in rows) / leads
    surprise = -sum(row.won * log(_p(row)) + (row.leads - row.won) * log(1 - _p(row)) for row in rows) / leads
    constant = -(share * log(share) + (1 - share) * log(1 - share))
    return Losses(brier, share * (1 - share), surprise, constant)


def _p(row: _Row) -> float:
    """Return the likelihood, never so sure that one surprise would be without end."""
    return min(max(row.likelihood, 1), MICRO - 1) / MICRO
