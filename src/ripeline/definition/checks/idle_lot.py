"""idle-lot: leads are drawn where all of them go to sales."""

from ripeline.definition.checks.draft import Draft, warning
from ripeline.vocabulary.issues import Issue


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each cell that hands off and draws by lot."""
    return [
        warning("idle-lot", f"all {row} fit with {column} interest go to sales; none is drawn by lot", place, HINT)
        for row, cells in draft.definition.matrix.items()
        for column, cell in cells.items()
        if cell.by_lot and cell.action == "handoff"
        for place in [draft.at_key("matrix", row, column, "by_lot")]
    ]


HINT = "leave by_lot out"
