"""How a lead's scores went, as lines: two of them, told apart by their strokes and not by colour alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ripeline.usecases.lead_course import CoursePoint
from ripeline.vocabulary.calendar import day_text
from ripeline.vocabulary.points import MICRO

WIDE, HIGH, MARGIN = 720, 160, 4
"""Of the drawing, in its own units; lines are not cut off at its edges."""

ROUND: Final = 10 * MICRO


@dataclass(frozen=True, slots=True)
class Course:
    """The lines, and a table that says the same.

    low, high: of the drawing, in micro-points; zero: where nought lies. rows: days on which a score changed, the first
    one, and the last one: day, fit, interest.
    """

    fit: str
    engagement: str
    low: int
    high: int
    zero: float
    rows: Sequence[tuple[str, int, int]]

    @property
    def moves(self) -> bool:
        """Say whether there is anything to be seen."""
        return len({row[1:] for row in self.rows}) > 1


def course_of(points: Sequence[CoursePoint]) -> Course:
    """Return how scores went, drawn from left to right."""
    every = [micro for one in points for micro in (one.fit, one.engagement)]
    low, high = ROUND * min(min(every) // ROUND, 0), ROUND * max(-(-max(every) // ROUND), 1)

    def at(place: int, micro: int) -> str:
        across = MARGIN + (WIDE - 2 * MARGIN) * place / max(len(points) - 1, 1)
        return f"{across:.1f},{_down(micro, low, high):.1f}"

    fit = " ".join(at(place, one.fit) for place, one in enumerate(points))
    engagement = " ".join(at(place, one.engagement) for place, one in enumerate(points))
    return Course(fit, engagement, low, high, _down(0, low, high), _rows(points))


def _down(micro: int, low: int, high: int) -> float:
    """Return where points lie, counted from above.

    >>> _down(0, 0, 10), _down(10, 0, 10), _down(5, 0, 10)
    (156.0, 4.0, 80.0)
    """
    return MARGIN + (HIGH - 2 * MARGIN) * (high - micro) / (high - low)


def _rows(points: Sequence[CoursePoint]) -> list[tuple[str, int, int]]:
    ends = {0, len(points) - 1}
    rows = [(day_text(one.day), one.fit, one.engagement) for one in points]
    return [row for place, row in enumerate(rows) if place in ends or row[1:] != rows[place - 1][1:]]
