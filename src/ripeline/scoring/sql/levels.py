"""Levels and cells of the matrix in SQL."""

from collections.abc import Callable

from ripeline.definition.model import Cell, Level
from ripeline.plan.nodes import Plan
from ripeline.scoring.dialects import Dialect


def level_of(dialect: Dialect, score: str, levels: tuple[Level, ...], first: str = "") -> str:
    """Return SQL of the level of a score, unless a case that comes first tells it."""
    cases = " ".join(f"WHEN {score} >= {level.lowest} THEN {dialect.text(level.name)}" for level in levels[:-1])
    last = dialect.text(levels[-1].name)
    return f"CASE {first} {cases} ELSE {last} END" if first or cases else last


def cell(plan: Plan, dialect: Dialect, told: Callable[[Cell], str]) -> str:
    """Return SQL of what is told of the cell that fit_level and engagement_level lead to."""
    text, rows = dialect.text, []
    for row, cells in plan.definition.matrix.items():
        found = " ".join(f"WHEN {text(column)} THEN {text(told(one))}" for column, one in cells.items())
        rows.append(f"WHEN {text(row)} THEN CASE engagement_level {found} END")
    return f"CASE fit_level {' '.join(rows)} END"
