"""likelihood-table: rows [points, likelihood], ascending in points, likelihood between 0 and 1."""

from ripeline.definition.checks.draft import Draft
from ripeline.vocabulary.issues import Issue
from ripeline.vocabulary.points import MICRO

HINT = "rows [least points, likelihood] with rising points, such as [[0, 0.03], [25, 0.08]]"


def check(draft: Draft) -> list[Issue]:
    """Return an issue where the table cannot be looked up."""
    raw = draft.raw.get("learned", {}).get("likelihood", {}).get("table")
    if raw is None:
        return []
    rows = [row for row in raw if len(row) == 2]
    ascending = all(low[0] < high[0] for low, high in zip(rows, rows[1:], strict=False))
    if rows and len(rows) == len(raw) and ascending and all(0 <= row[1] <= MICRO for row in rows):
        return []
    message = "the likelihood table cannot be looked up"
    return [draft.error("likelihood-table", message, "learned", "likelihood", "table", hint=HINT)]
