"""How many leads a week a line brings, how many of them are won, and how many buyers it misses."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ripeline.learning.arrays import Flags, Floats, Whole, added_up
from ripeline.learning.sample import Sample
from ripeline.learning.snapshots import Snapshots
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.rates import Rate

WEEK_US: Final = 7 * DAY_US
MOST_STEPS: Final = 40
_TENTH: Final = 10


@dataclass(frozen=True, slots=True)
class Step:
    """A line at some points.

    leads, per_week: who reaches it, None where nothing is dated; won: how many of them were; caught: of all who were.
    """

    points: int
    leads: int
    per_week: float | None
    won: Rate
    caught: Rate


def steps_of(totals: Floats, sample: Sample, snapshots: Snapshots, *, is_dated: bool) -> list[Step]:
    """Return a step for each whole total that a line could stand at, the least first, as many as a plot needs.

    A lead reaches a line if one of its rows does.
    """
    most, won = _by_person(totals, sample)
    weeks = _weeks(snapshots) if is_dated else None
    lines = np.unique(np.floor(np.quantile(most, np.linspace(0, 1, MOST_STEPS + 1)))).astype(np.int64)
    return [_step(int(line), most, won, weeks) for line in lines]


def leads_per_week(sample: Sample, snapshots: Snapshots) -> float:
    """Return how many leads there were a week."""
    return len(np.unique(sample.person)) / _weeks(snapshots)


def share_of(flags: Flags, sample: Sample) -> tuple[Rate, Rate]:
    """Return how many leads were flagged in any of their rows, and how many of those who were won."""
    flagged, won = _by_person(flags.astype(np.float64), sample)
    return Rate(int(flagged.sum()), len(flagged)), Rate(int((flagged * won).sum()), int(won.sum()))


def best_rows(chance: Floats, person: Whole) -> Whole:
    """Return the row of each lead at which its chance was best.

    >>> best_rows(np.array([0.1, 0.3, 0.2]), np.array([7, 7, 4])).tolist()
    [2, 1]
    """
    order = np.lexsort((-chance, person))
    first = np.flatnonzero(np.diff(person[order], prepend=person[order[0]] - 1)) if len(order) else order
    return np.asarray(order[first])


def ends(totals: Floats, sample: Sample) -> tuple[Rate, Rate]:
    """Return how many rows of the best and of the worst tenth were won; of equal totals at its edge each in part."""
    at, place, rows = np.unique(totals, return_inverse=True, return_counts=True)
    won = added_up(place, len(at), sample.won)
    return _tenth(rows[::-1], won[::-1]), _tenth(rows, won)


def _tenth(rows: Whole, won: Floats) -> Rate:
    """Return the first tenth of rows in groups of equal ones, in order."""
    tenth = max(int(rows.sum()) // _TENTH, 1)
    up_to, hits = (np.append(0.0, np.cumsum(each)) for each in (rows, won))
    return Rate(round(float(np.interp(tenth, up_to, hits))), tenth)


def _by_person(amounts: Floats, sample: Sample) -> tuple[Floats, Floats]:
    """Return the greatest amount of each lead, and whether it was won."""
    people, place = np.unique(sample.person, return_inverse=True)
    most, won = np.full(len(people), -np.inf), np.zeros(len(people))
    np.maximum.at(most, place, amounts)
    np.maximum.at(won, place, sample.won)
    return most, won


def _weeks(snapshots: Snapshots) -> float:
    return max(float(np.ptp(snapshots.at_us)) / WEEK_US, 1.0)


def _step(line: int, most: Floats, won: Floats, weeks: float | None) -> Step:
    reached = most >= line
    leads, hits = int(reached.sum()), int(won[reached].sum())
    return Step(line, leads, None if weeks is None else leads / weeks, Rate(hits, leads), Rate(hits, int(won.sum())))
