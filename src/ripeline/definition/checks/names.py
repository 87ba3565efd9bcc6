"""name-clash: lines of an explanation are told apart by name, so groups and rules may not share one."""

from collections.abc import Iterator

from ripeline.definition.checks.draft import Draft
from ripeline.vocabulary.issues import Issue

PARTS = (("fit", "criteria"), ("engagement", "signals"))


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each group called like a rule or like the score itself."""
    return [issue for part, rules in PARTS for issue in _check_part(draft, part, rules)]


def _check_part(draft: Draft, part: str, rules: str) -> Iterator[Issue]:
    raw = draft.raw.get(part, {})
    for name in (*raw.get("groups", {}), *raw.get(rules, {})):
        if name == part:
            message = f'"{name}" is the name of the score itself; choose another'
            where = "groups" if name in raw.get("groups", {}) else rules
            yield draft.error("name-clash", message, part, where, name)
    for group in raw.get("groups", {}):
        if group in raw.get(rules, {}):
            message = f'"{group}" names both a group and one of the {rules}'
            yield draft.error("name-clash", message, part, "groups", group, hint="rename one of them")
