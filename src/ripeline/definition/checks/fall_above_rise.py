"""fall-above-rise: a lead that has just become an MQL would fall at once."""

from collections.abc import Iterator

from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.model import Level
from ripeline.definition.reading import Path
from ripeline.vocabulary.issues import Issue
from ripeline.vocabulary.points import points_text

FALL_BELOW = ("stages", "mql", "fall_below")


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each score below which an MQL falls, and above which not every MQL rises."""
    stages, fit, engagement = draft.definition.stages, draft.definition.fit, draft.definition.engagement
    handoffs = {
        (row, column)
        for row, cells in draft.definition.matrix.items()
        for column, cell in cells.items()
        if cell.action == "handoff"
    }
    rows, columns = {row for row, _ in handoffs}, {column for _, column in handoffs}
    return [
        *_told(draft, (*FALL_BELOW, "engagement"), stages.fall_engagement, engagement.levels, columns),
        *_told(draft, (*FALL_BELOW, "fit"), stages.fall_fit, fit.levels, rows),
    ]


def _told(draft: Draft, path: Path, fall: int | None, levels: tuple[Level, ...], rising: set[str]) -> Iterator[Issue]:
    lowest = [level for level in levels if level.name in rising]
    if fall is None or not lowest or fall <= lowest[-1].lowest:
        return
    message = (
        f'an MQL falls below {points_text(fall)}, but the matrix hands off "{lowest[-1].name}" '
        f"{path[-1]} from {points_text(lowest[-1].lowest)}"
    )
    hint = f"at most {points_text(lowest[-1].lowest)}"
    yield warning("fall-above-rise", message, draft.at_value(*path), hint)
