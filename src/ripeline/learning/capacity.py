"""How many leads a week a line brings, how many of them are won, and how many buyers it misses."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ripeline.learning.arrays import Flags, Floats, Whole, added_up, as_many_as, rate_of
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
    most, won, leads = _by_person(totals, sample)
    weeks = _weeks(snapshots) if is_dated else None
    lines = np.unique(np.floor(np.quantile(most, np.linspace(0, 1, MOST_STEPS + 1)))).astype(np.int64)
    return [_step(most >= line, int(line), won, leads, weeks) for line in lines]


def leads_per_week(sample: Sample, snapshots: Snapshots) -> float:
    """Return how many leads there were a week."""
    return float(_by_person(sample.won, sample)[2].sum()) / _weeks(snapshots)


def share_of(flags: Flags, sample: Sample) -> tuple[Rate, Rate]:
    """Return how many leads were flagged in any of their rows, and how many of those who were won."""
    flagged, won, leads = _by_person(flags.astype(np.float64), sample)
    return rate_of(flagged, leads), rate_of(flagged[won > 0], leads[won > 0])


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
    at, place = np.unique(totals, return_inverse=True)
    leads, won = (added_up(place, len(at), each) for each in (sample.leads, sample.leads * sample.won))
    many = as_many_as(sample.leads)
    return _tenth(leads[::-1], won[::-1], many), _tenth(leads, won, many)


def _tenth(leads: Floats, won: Floats, many: float) -> Rate:
    """Return the first tenth of leads in groups of equal ones, in order. many: as how many rows all of them tell."""
    tenth = max(int(many) // _TENTH, 1)
    each = float(leads.sum()) / many
    up_to, hits = (np.append(0.0, np.cumsum(one)) for one in (leads, won))
    return Rate(round(float(np.interp(tenth * each, up_to, hits)) / each), tenth)


def _by_person(amounts: Floats, sample: Sample) -> tuple[Floats, Floats, Floats]:
    """Return the greatest amount of each lead, whether it was won, and for how many it stands."""
    people, place = np.unique(sample.person, return_inverse=True)
    most, won, leads = np.full(len(people), -np.inf), np.zeros(len(people)), np.zeros(len(people))
    for known, each in ((most, amounts), (won, sample.won), (leads, sample.leads)):
        np.maximum.at(known, place, each)
    return most, won, leads


def _weeks(snapshots: Snapshots) -> float:
    return max(float(np.ptp(snapshots.at_us)) / WEEK_US, 1.0)


def _step(reached: Flags, line: int, won: Floats, leads: Floats, weeks: float | None) -> Step:
    there, caught = float(leads[reached].sum()), rate_of(reached[won > 0].astype(np.float64), leads[won > 0])
    per_week = None if weeks is None else there / weeks
    return Step(line, round(there), per_week, rate_of(won[reached], leads[reached]), caught)
