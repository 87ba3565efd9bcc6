"""level-idle: the last level is below everything that a score can fall to."""

from collections.abc import Iterator
from itertools import pairwise

from ripeline.definition.checks.bounds import least_engagement, least_fit
from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.model import Level
from ripeline.vocabulary.issues import Issue
from ripeline.vocabulary.points import points_text


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each level that no lead can fall to."""
    fit, engagement = draft.definition.fit, draft.definition.engagement
    return [
        *_below(draft, "fit", fit.levels, least_fit(fit)),
        *_below(draft, "engagement", engagement.levels, least_engagement(engagement)),
    ]


def _below(draft: Draft, part: str, levels: tuple[Level, ...], least: int) -> Iterator[Issue]:
    if not draft.is_summable(part):
        return
    for better, level in pairwise(levels):
        if better.lowest <= least and better.lowest > level.lowest:
            message = f'{part} never falls below {points_text(least)}, so nobody has the level "{level.name}"'
            hint = f'raise "{better.name}" ({points_text(better.lowest)}), or add rules with negative points'
            yield warning("level-idle", message, draft.at_value(part, "levels", level.name), hint)
