"""What people did before each row of a sample: how often, and how many days before."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ripeline.learning.arrays import Flags, Whole


class Kind(NamedTuple):
    """One thing people do: events of a type ("any" for all) and a name, where a field has a value; None: any.

    value: as text, "true" or "false" where is_boolean.
    """

    type: str
    name: str | None = None
    field: str | None = None
    value: str = ""
    is_boolean: bool = False


class Done(NamedTuple):
    """Days on which one thing was done: of which row, how many days before it, and how often.

    visits: how many began then, which end where nothing of it is done for half an hour; minutes: that they lasted.
    """

    row: Whole
    age: Whole
    times: Whole
    visits: Whole
    minutes: Whole


@dataclass(frozen=True)
class Acts:
    """Days on which something was done, in order of kinds, which are places in `kinds`.

    known_for: of each row, since how many days anything is known of the person.
    """

    kinds: tuple[Kind, ...]
    kind: Whole
    done: Done
    known_for: Whole

    def of(self, kind: Kind) -> Done:
        """Return the days on which one thing was done."""
        place = self.kinds.index(kind)
        begin, end = np.searchsorted(self.kind, [place, place + 1])
        return Done(*(each[begin:end] for each in self.done))

    def rows(self, which: Flags) -> "Acts":
        """Return the same of some rows, which are numbered anew."""
        place = np.cumsum(which) - 1
        kept = which[self.done.row]
        done = Done(*(each[kept] for each in self.done))
        return Acts(self.kinds, self.kind[kept], done._replace(row=place[done.row]), self.known_for[which])
