"""idle-group: a group without a limit changes nothing."""

from ripeline.definition.checks.draft import Draft, warning
from ripeline.vocabulary.issues import Issue


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each group that limits nothing."""
    groups = {"fit": draft.definition.fit.groups, "engagement": draft.definition.engagement.groups}
    return [
        warning(
            "idle-group",
            f'group "{group.name}" limits nothing',
            draft.at_key(part, "groups", group.name),
            f"give it {'first: true, ' if part == 'fit' else ''}at_most or floor",
        )
        for part, of_part in groups.items()
        for group in of_part
        if group.at_most is None and group.floor is None and not group.first
    ]
