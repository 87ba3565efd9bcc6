"""criterion-overlap: two criteria say the same."""

from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.conditions import Condition
from ripeline.vocabulary.issues import Issue


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each criterion whose condition another one has."""
    issues: list[Issue] = []
    first: dict[tuple[Condition, bool], str] = {}
    for criterion in draft.definition.fit.criteria:
        earlier = first.setdefault((criterion.when, criterion.trusted), criterion.name)
        if earlier != criterion.name:
            message = f'criteria "{earlier}" and "{criterion.name}" have the same condition'
            place = draft.at_key("fit", "criteria", criterion.name)
            issues.append(warning("criterion-overlap", message, place, "keep one of them"))
    return issues
