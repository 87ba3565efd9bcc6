"""Levels in SQL."""

from ripeline.definition.model import Level
from ripeline.scoring.dialects import Dialect


def level_of(dialect: Dialect, score: str, levels: tuple[Level, ...], first: str = "") -> str:
    """Return SQL of the level of a score, unless a case that comes first tells it."""
    cases = " ".join(f"WHEN {score} >= {level.lowest} THEN {dialect.text(level.name)}" for level in levels[:-1])
    last = dialect.text(levels[-1].name)
    return f"CASE {first} {cases} ELSE {last} END" if first or cases else last
