"""level-order: levels run from best to worst, and "unknown" is no level of one's own."""

from collections.abc import Iterator
from itertools import pairwise

from ripeline.definition.checks.draft import Draft
from ripeline.definition.model import Level
from ripeline.vocabulary.issues import Issue
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.scores import UNKNOWN_FIT

HINT = "write levels best first, each with a lower score than the one before"


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each level that does not lie below the one before it."""
    fit, engagement = draft.definition.fit.levels, draft.definition.engagement.levels
    return [
        *_reserved(draft),
        *(
            issue
            for part, levels in (("fit", fit), ("engagement", engagement))
            for issue in _check(draft, part, levels)
        ),
    ]


def _check(draft: Draft, part: str, levels: tuple[Level, ...]) -> Iterator[Issue]:
    if not levels and draft.raw.get(part, {}).get("levels") == {}:
        yield Issue("level-order", f"{part}.levels names no level", draft.at_value(part, "levels"), HINT)
    for better, level in pairwise(levels):
        if level.lowest >= better.lowest:
            message = (
                f'level "{level.name}" ({points_text(level.lowest)}) must lie below '
                f'"{better.name}" ({points_text(better.lowest)})'
            )
            yield Issue("level-order", message, draft.at_value(part, "levels", level.name), HINT)


def _reserved(draft: Draft) -> Iterator[Issue]:
    if any(level.name == UNKNOWN_FIT for level in draft.definition.fit.levels):
        message = f'"{UNKNOWN_FIT}" is the fit level of leads that too little is known of'
        yield Issue("bad-name", message, draft.at_key("fit", "levels", UNKNOWN_FIT), "choose another name")
