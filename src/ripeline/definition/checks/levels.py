"""level-order, bad-name: levels run from best to worst, and "unknown" is no level of one's own."""

from ripeline.definition.checks.draft import Draft
from ripeline.vocabulary.issues import Issue
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.scores import UNKNOWN_FIT


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each level that does not lie below the one before it."""
    issues: list[Issue] = []
    scores = {"fit": draft.definition.fit, "engagement": draft.definition.engagement}
    for part, score in scores.items():
        if not score.levels and "levels" in draft.raw.get(part, {}):
            issues.append(draft.error("level-order", f"{part}.levels names no level", part, "levels"))
        for better, level in zip(score.levels, score.levels[1:], strict=False):
            if level.lowest >= better.lowest:
                message = (
                    f'level "{level.name}" ({points_text(level.lowest)}) must lie below '
                    f'"{better.name}" ({points_text(better.lowest)})'
                )
                hint = "write levels best first, each with a lower score"
                issues.append(draft.error("level-order", message, part, "levels", level.name, hint=hint))
        if any(level.name == UNKNOWN_FIT for level in score.levels):
            message = '"unknown" is the level of leads that too little is known of; choose another name'
            issues.append(draft.error("bad-name", message, part, "levels", UNKNOWN_FIT))
    return issues
