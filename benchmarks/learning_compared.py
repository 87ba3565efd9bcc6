"""What methods came to on the same rows, and by how much one is better than another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.learning_data import Task
from ripeline.learning.arrays import Floats, Whole
from ripeline.learning.evaluation import Judgement, losses

WITHIN: Final = 1.96
"""Standard errors to either side within which 95 % lie."""


@dataclass(frozen=True)
class Result:
    """What a method came to. chances: of each row that judges; rules: how many it has, None of what has none."""

    chances: Floats
    judgement: Judgement
    seconds: float
    rules: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more, and so much more or less at 95 %: rows of one person count as one that says it often."""

    value: float
    margin: float


@dataclass(frozen=True)
class Measured:
    """All methods, by their names, on one question.

    verdict: of `ripeline learn`; split: as Split has it; learned: how many rows; won, person: of the rows that judge;
    more: figures of the card that its judgement has not.
    """

    task: Task
    verdict: str
    split: str
    learned: int
    won: Floats
    person: Whole
    results: Mapping[str, Result]
    more: Mapping[str, float]

    def figure(self, method: str, name: str) -> float:
        """Return a figure of a method: of its judgement, or of `more`."""
        return self.more[name] if name in self.more else self.results[method].judgement.by_name()[name].value

    def difference(self, one: str, other: str, name: str) -> Difference:
        """Return by how much the AUC, or the log loss, of one method is above another's on the same rows."""
        parts = {"auc": _auc, "log_loss": _log_loss}[name]
        (value, apart), (base, others) = (parts(self.results[who].chances, self.won) for who in (one, other))
        by_person = np.bincount(np.unique(self.person, return_inverse=True)[1], weights=apart - others)
        return Difference(value - base, WITHIN * float(np.sqrt(by_person @ by_person)))


def _log_loss(chances: Floats, won: Floats) -> tuple[float, Floats]:
    """Return the mean, and what each row adds to how far it may be off."""
    each = losses(chances, won)
    return float(each.mean()), (each - each.mean()) / len(each)


def _auc(chances: Floats, won: Floats) -> tuple[float, Floats]:
    """Return the AUC, and what each row adds to how far it may be off.

    By how many rows of the other kind it stands on the right side of: N. Obuchowski, Nonparametric analysis of
    clustered ROC curve data (1997), after E. DeLong and others (1988).
    """
    is_won = won == 1
    hits, rest = chances[is_won], chances[~is_won]
    above, below = _share_below(hits, rest), 1 - _share_below(rest, hits)
    value, parts = float(above.mean()), np.empty(len(won))
    parts[is_won], parts[~is_won] = (above - value) / len(hits), (below - value) / len(rest)
    return value, parts


def _share_below(values: Floats, others: Floats) -> Floats:
    """Return of how many others each value is above; of equal ones, half."""
    order = np.sort(others)
    both = np.searchsorted(order, values) + np.searchsorted(order, values, side="right")
    return np.asarray(both / (2 * len(others)), dtype=np.float64)
