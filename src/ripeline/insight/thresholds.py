"""Other thresholds of levels: who would stand in which cell of the matrix, and who would be an MQL."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ripeline.definition.model import Definition
from ripeline.vocabulary.stages import CUSTOMER, OPPORTUNITY, SALES_ACCEPTED, SALES_QUALIFIED

ACCEPTED: Final = frozenset({SALES_ACCEPTED, SALES_QUALIFIED, OPPORTUNITY, CUSTOMER})
"""Stages of leads that sales took."""

Cell = tuple[str, str]
"""A level of fit and one of interest."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Leads that stand alike. before, after: their cells; may: not suppressed, and it is known how to reach them."""

    before: Cell
    after: Cell
    is_suppressed: bool
    may: bool
    raised: bool
    stage: str
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Some leads: how many, how many of those sales took, and how many are customers."""

    count: int = 0
    accepted: int = 0
    won: int = 0

    def and_of(self, one: Stand) -> "Group":
        """Return the group with leads that stand alike."""
        accepted, won = one.count * (one.stage in ACCEPTED), one.count * (one.stage == CUSTOMER)
        return Group(self.count + one.count, self.accepted + accepted, self.won + won)


@dataclass(frozen=True, slots=True)
class Moves:
    """What other thresholds do now. cells: leads by cell, suppressed ones left out: (before, after).

    met, meets: MQLs by the thresholds there are, and by the others; entering, leaving: who changes sides.
    """

    cells: Mapping[Cell, tuple[int, int]]
    moved: int
    met: Group
    meets: Group
    entering: Group
    leaving: Group


def moves_of(definition: Definition, stands: Iterable[Stand]) -> Moves:
    """Return what thresholds do to leads that stand somewhere. definition: whose matrix says who is handed over."""
    cells, moved = dict[Cell, tuple[int, int]](), 0
    groups = dict.fromkeys(("met", "meets", "entering", "leaving"), Group())
    for one in stands:
        if not one.is_suppressed:
            moved += one.count * (one.before != one.after)
            for cell, place in ((one.before, 0), (one.after, 1)):
                counts = cells.get(cell, (0, 0))
                cells[cell] = (counts[0] + one.count * (place == 0), counts[1] + one.count * (place == 1))
        before, after = (_meets(definition, one, cell) for cell in (one.before, one.after))
        said = {"met": before, "meets": after, "entering": after and not before, "leaving": before and not after}
        groups |= {name: groups[name].and_of(one) for name, holds in said.items() if holds}
    return Moves(cells, moved, groups["met"], groups["meets"], groups["entering"], groups["leaving"])


def _meets(definition: Definition, one: Stand, cell: Cell) -> bool:
    return one.may and (one.raised or definition.matrix[cell[0]][cell[1]].action == "handoff")


@dataclass(frozen=True, slots=True)
class Week:
    """How many were MQLs at the end of a week, and not of the one before; won: who is a customer by now."""

    last_day: int
    mqls: int
    won: int
