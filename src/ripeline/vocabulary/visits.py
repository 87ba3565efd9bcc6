"""A visit: what somebody does without a long silence between."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from ripeline.vocabulary.calendar import SECOND_US

SILENCE_US: Final = 30 * 60 * SECOND_US
"""A visit ends where nothing happens for longer than this."""

_Act = TypeVar("_Act")


def cut(acts: Iterable[_Act], at: Callable[[_Act], int]) -> list[list[_Act]]:
    """Return acts in any order as visits; both stand in the order of time.

    >>> [len(visit) for visit in cut([0, 30 * 60_000_000, 60 * 60_000_001, 1], lambda at: at)]
    [3, 1]
    """
    visits = list[list[_Act]]()
    for act in sorted(acts, key=at):
        if visits and at(act) - at(visits[-1][-1]) <= SILENCE_US:
            visits[-1].append(act)
        else:
            visits.append([act])
    return visits
