"""level-unreachable: a threshold above everything that the rules can add up to."""

from collections.abc import Iterator

from ripeline.definition.checks.bounds import most_engagement, most_fit
from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.model import Level
from ripeline.vocabulary.issues import Issue
from ripeline.vocabulary.points import points_text


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each level whose threshold nobody can reach."""
    fit, engagement = draft.definition.fit, draft.definition.engagement
    return [
        *_above(draft, "fit", fit.levels, most_fit(fit)),
        *_above(draft, "engagement", engagement.levels, most_engagement(engagement)),
    ]


def _above(draft: Draft, part: str, levels: tuple[Level, ...], most: int) -> Iterator[Issue]:
    if not draft.is_summable(part):
        return
    for level in levels[:-1]:
        if level.lowest > most:
            message = (
                f'level "{level.name}" needs {points_text(level.lowest)}, '
                f"but {part} can reach {points_text(most)} at most"
            )
            hint = "lower the threshold, or raise points, caps or at_most"
            yield warning("level-unreachable", message, draft.at_value(part, "levels", level.name), hint)
