"""name-clash: lines of an explanation are told apart by name, so groups and rules may not share one."""

from collections.abc import Iterator

from ripeline.definition.checks.draft import RULES_OF, Draft
from ripeline.vocabulary.issues import Issue


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each group called like a rule or like the score itself."""
    return [issue for part, rules in RULES_OF.items() for issue in _check_part(draft, part, rules)]


def _check_part(draft: Draft, part: str, rules: str) -> Iterator[Issue]:
    for where, names in (("groups", draft.groups(part)), (rules, draft.rules(part))):
        if part in names:
            message = f'"{part}" is the name of the score itself'
            yield Issue("name-clash", message, draft.at_key(part, where, part), "choose another name")
    for group in draft.groups(part):
        if group in draft.rules(part):
            message = f'"{group}" names both a group and one of the {rules}'
            yield Issue("name-clash", message, draft.at_key(part, "groups", group), "rename one of them")
