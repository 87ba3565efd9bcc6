"""likelihood-table: rows [points, likelihood], ascending in points, likelihood between 0 and 1."""

from collections.abc import Iterator
from itertools import pairwise

from ripeline.definition.checks.draft import Draft
from ripeline.vocabulary.issues import Issue
from ripeline.vocabulary.points import MICRO, points_text

HINT = "rows [least points, likelihood] with rising points, such as [[0, 0.03], [25, 0.08]]"


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each row that cannot be looked up."""
    table = draft.raw.get("learned", {}).get("likelihood", {}).get("table")
    if table is None:
        return []
    place = draft.at_value("learned", "likelihood", "table")
    return [Issue("likelihood-table", message, place, HINT) for message in _wrong(table)]


def _wrong(table: tuple[tuple[int, int], ...]) -> Iterator[str]:
    if not table:
        yield "the likelihood table has no rows"
    for (low, _), (high, _) in pairwise(table):
        if low >= high:
            yield f"the row of {points_text(high)} points must come before that of {points_text(low)}"
    for _, likelihood in table:
        if not 0 <= likelihood <= MICRO:
            yield f"a likelihood lies between 0 and 1, and {points_text(likelihood)} does not"
