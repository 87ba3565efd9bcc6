"""unknown-timezone: the zone must be one that tzdata knows."""

from ripeline.definition.checks.draft import Draft
from ripeline.vocabulary.issues import Issue, did_you_mean


def check(draft: Draft) -> list[Issue]:
    """Return an issue where the time zone is not known."""
    zone = draft.definition.timezone
    if zone in draft.zones:
        return []
    message, hint = f'"{zone}" is not a time zone', did_you_mean(zone, draft.zones)
    return [Issue("unknown-timezone", message, draft.at_value("timezone"), hint)]
