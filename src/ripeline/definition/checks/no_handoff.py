"""no-handoff: nothing in the definition makes an MQL."""

from ripeline.definition.checks.draft import Draft, warning
from ripeline.vocabulary.issues import Issue


def check(draft: Draft) -> list[Issue]:
    """Return a warning where no cell hands off and no signal raises a hand."""
    matrix = draft.definition.matrix
    actions = {cell.action for cells in matrix.values() for cell in cells.values()}
    raised = any(raw.get("hand_raise", False) is not False for raw in draft.rules("engagement").values())
    unreadable = any(path[0] in {"matrix", "engagement"} for path in draft.reading.broken)
    if not actions or unreadable or raised or "handoff" in actions:
        return []
    message = 'no cell of the matrix says "handoff" and no signal raises a hand, so no lead can be an MQL'
    return [warning("no-handoff", message, draft.at_key("matrix"), "such as good: {high: handoff, ...}")]
