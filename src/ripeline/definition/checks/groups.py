"""unknown-group, unused-group: a rule names a group that exists, and a group has rules."""

from collections.abc import Iterator

from ripeline.definition.checks.draft import RULES_OF, Draft, warning
from ripeline.vocabulary.issues import Issue, did_you_mean


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each group that is named but not defined, or defined but not named."""
    return [issue for part, rules in RULES_OF.items() for issue in _check_part(draft, part, rules)]


def _check_part(draft: Draft, part: str, rules: str) -> Iterator[Issue]:
    written = {path[2] for path in draft.reading.keys if path[:2] == (part, "groups") and path[2:]}
    used = {name: raw["group"] for name, raw in draft.rules(part).items() if "group" in raw}
    for name, group in used.items():
        if group not in written:
            hint = did_you_mean(group, written) or f"define it under {part}.groups"
            message = f'"{name}" is in group "{group}", which is not defined'
            yield Issue("unknown-group", message, draft.at_value(part, rules, name, "group"), hint)
    for group in draft.groups(part):
        if group not in used.values():
            message, hint = f'no rule is in group "{group}"', "remove it, or write group: in its rules"
            yield warning("unused-group", message, draft.at_key(part, "groups", group), hint)
