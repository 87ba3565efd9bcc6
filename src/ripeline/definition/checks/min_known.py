"""min-known: more criteria must be known than there are."""

from ripeline.definition.checks.draft import Draft, warning
from ripeline.vocabulary.issues import Issue


def check(draft: Draft) -> list[Issue]:
    """Return a warning where the fit level of every lead is unknown."""
    least, criteria = draft.definition.fit.min_known, draft.definition.fit.criteria
    if "min_known" not in draft.raw.get("fit", {}) or least <= len(criteria) or not draft.is_summable("fit"):
        return []
    message = f"{least} criteria must be known, but there are only {len(criteria)}: every fit level is unknown"
    return [warning("min-known", message, draft.at_value("fit", "min_known"), f"at most {len(criteria)}")]
