"""What people did that a card gives points for, as columns from 0 to 1."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ripeline.learning.acts import Acts, Done, Kind
from ripeline.learning.arrays import Flags, Floats, Whole, added_up
from ripeline.vocabulary.calendar import OLDEST_AGE

Counted = Literal["count", "days", "visits", "minutes"]
"""Every time, at most once a day, once a visit, or how long visits lasted."""

ALL_TIME: Final = OLDEST_AGE
"""Days of a window in which everything lies."""


@dataclass(frozen=True, slots=True)
class Fading:
    """Each time counts, less and less with age, until it was done `full` times: all the points. half_life: in days."""

    kind: Kind
    half_life: int | None
    full: int
    counted: Counted = "count"

    @property
    def step(self) -> int:
        """Whole points for each time: what all the points are a multiple of."""
        return self.full

    def column(self, acts: Acts) -> Floats:
        """Return how much of its points each row has."""
        return (
            np.minimum(faded(acts.of(self.kind), self.half_life, self.counted, len(acts.known_for)), self.full)
            / self.full
        )


@dataclass(frozen=True, slots=True)
class AtLeast:
    """It was done so many times in so many days."""

    kind: Kind
    times: int
    within: int
    counted: Counted = "count"
    step: int = 1

    def column(self, acts: Acts) -> Floats:
        """Return 1 for rows of which it is true."""
        times = counts_within(acts.of(self.kind), self.within, self.counted, len(acts.known_for))
        return (times >= self.times).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Silent:
    """It was not done for so many days; of whom it was never done, only if they are known as long."""

    kind: Kind
    days: int
    step: int = 1

    def column(self, acts: Acts) -> Floats:
        """Return 1 for rows of which it is true."""
        return silent(youngest(acts.of(self.kind), len(acts.known_for)), acts.known_for, self.days).astype(np.float64)


SignalRule = Fading | AtLeast | Silent


def faded(done: Done, half_life: int | None, counted: Counted, rows: int) -> Floats:
    """Return what is left of each row's count."""
    left = 1.0 if half_life is None else np.exp2(-done.age / half_life)
    return added_up(done.row, rows, _times(done, counted) * left * (done.age <= OLDEST_AGE))


def counts_within(done: Done, days: int, counted: Counted, rows: int) -> Floats:
    """Return how often it was done on days younger than so many."""
    return added_up(done.row, rows, _times(done, counted) * (done.age < days))


def youngest(done: Done, rows: int) -> Whole:
    """Return how many days ago it was done last; -1 where it never was."""
    ages = np.full(rows, OLDEST_AGE + 1, dtype=np.int64)
    np.minimum.at(ages, done.row, done.age)
    return np.where(ages > OLDEST_AGE, -1, ages)


def silent(last: Whole, known_for: Whole, days: int) -> Flags:
    """Say where it was not done for so many days. last: how many days ago it was."""
    return np.where(last < 0, known_for, last) >= days


def _times(done: Done, counted: Counted) -> Floats:
    match counted:
        case "count":
            return done.times.astype(np.float64)
        case "days":
            return np.ones(len(done.times))
        case "visits":
            return done.visits.astype(np.float64)
        case "minutes":
            return done.minutes.astype(np.float64)
