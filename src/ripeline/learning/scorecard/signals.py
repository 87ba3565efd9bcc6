"""What a card could give points for of what people did: each thing with every half-life, number and window.

All ways to count one thing are columns of one matrix, so that a step of the choice is one product for each thing.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from ripeline.learning.acts import Acts, Done, Kind
from ripeline.learning.arrays import Floats
from ripeline.learning.columns import cost
from ripeline.learning.sample import Sample
from ripeline.learning.scorecard.candidates import Gain, Slopes, least_rows, luck_of
from ripeline.learning.signals import (
    ALL_TIME,
    AtLeast,
    Counted,
    Fading,
    SignalRule,
    Silent,
    counts_within,
    faded,
    silent,
    youngest,
)

HALF_LIVES: Final = (None, 7, 14, 30, 60, 90, 180)
FULL: Final = (1, 2, 4, 10)
"""How often something counts before it counts no more."""

TIMES: Final = (1, 2, 3, 5, 8)
MINUTES: Final = (5, 15, 60)
WINDOWS: Final = (3, 7, 14, 30, 60, 90, 180, ALL_TIME)
SILENCES: Final = (3, 7, 14, 30, 60, 90, 180, 365)


class Ways:
    """All ways to count one thing, as columns of 0 to 1."""

    def __init__(self, kind: Kind, sample: Sample, acts: Acts) -> None:
        """Work the columns out, less those that hold for too few rows, or for too many, or say what another says."""
        rules, columns = [], []
        seen = set[bytes]()
        for rule, column in _ways(kind, acts, len(sample)):
            as_told = column.astype(np.float32)
            if _tells(column, sample) and (same := as_told.tobytes()) not in seen:
                seen.add(same)
                rules.append(rule)
                columns.append(as_told)
        self._rules: Sequence[SignalRule] = rules
        self._columns = np.array(columns, dtype=np.float32).reshape(len(rules), len(sample))
        above = sample.weight * (sample.won - sample.rate)
        self._marginal = self._ways_of(above)
        self._squares = self._columns**2
        self._costs = np.array([cost(each.astype(np.float64)) for each in self._columns])

    def _ways_of(self, above: Floats) -> Floats:
        """Return which way each column's own won rate points; 0 where more of it points elsewhere than any of it."""
        each, any_ = (columns @ above.astype(np.float32) for columns in (self._columns, self._columns > 0))
        return np.where(np.sign(each) == np.sign(any_), each, 0.0).astype(np.float64)

    def best(self, slopes: Slopes) -> Gain | None:
        """Return what helps most now, None where nothing may be taken."""
        if not self._rules:
            return None
        gains = slopes.gains(*slopes.by_columns(self._columns, self._squares), self._marginal, self._costs)
        at = int(gains.argmax())
        gains[at] -= luck_of(len(WINDOWS))  # ways differ by their windows; the others tell nearly the same
        return Gain(float(gains[at]), self._rules[at]) if gains[at] > 0 else None


def ways_of(sample: Sample) -> list[Ways]:
    """Return what everything that people did offers."""
    acts = sample.acts
    return [] if acts is None else [Ways(kind, sample, acts) for kind in acts.kinds]


def _tells(column: Floats, sample: Sample) -> bool:
    """Say whether enough rows have something, and neither nearly all have nothing nor nearly all have all."""
    all_rows = float(sample.weight.sum())
    some, full = (float(sample.weight[has].sum()) for has in (column > 0, column == 1))
    least = least_rows(all_rows)
    return some >= least and max(all_rows - some, full) <= all_rows - least


def _ways(kind: Kind, acts: Acts, rows: int) -> Iterator[tuple[SignalRule, Floats]]:
    done = acts.of(kind)
    for how in _counted(done):
        # A minute would give less than a whole point, and visits are often nearly the same as days.
        yield from _fading(kind, done, how, rows) if how != "minutes" else ()
        yield from _at_least(kind, done, how, rows) if how != "visits" else ()
    if kind.field is not None:
        return
    last = youngest(done, rows)
    for days in SILENCES:
        yield Silent(kind, days), silent(last, acts.known_for, days).astype(np.float64)


def _counted(done: Done) -> Iterator[Counted]:
    """Yield in how many ways a thing is counted: those that tell something else than the ways before."""
    yield "count"
    if (done.times > 1).any():
        yield "days"
    if (done.visits > 1).any() and (done.visits != done.times).any():
        yield "visits"
    if (done.minutes > 0).any():
        yield "minutes"


def _fading(kind: Kind, done: Done, how: Counted, rows: int) -> Iterator[tuple[SignalRule, Floats]]:
    for half_life in HALF_LIVES:
        left = faded(done, half_life, how, rows)
        for full in FULL:
            yield Fading(kind, half_life, full, how), np.minimum(left, full) / full


def _at_least(kind: Kind, done: Done, how: Counted, rows: int) -> Iterator[tuple[SignalRule, Floats]]:
    for within in WINDOWS:
        times = counts_within(done, within, how, rows)
        for least in MINUTES if how == "minutes" else TIMES:
            yield AtLeast(kind, least, within, how), (times >= least).astype(np.float64)
