"""unknown-group, unused-group: a rule names a group that exists, and a group has rules."""

from collections.abc import Iterator

from ripeline.definition.checks.draft import Draft
from ripeline.vocabulary.issues import Issue, did_you_mean

PARTS = (("fit", "criteria"), ("engagement", "signals"))


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each group that is named but not defined, or defined but not named."""
    return [issue for part, rules in PARTS for issue in _check_part(draft, part, rules)]


def _check_part(draft: Draft, part: str, rules: str) -> Iterator[Issue]:
    groups = draft.raw.get(part, {}).get("groups", {})
    used = {
        name: raw["group"] for name, raw in draft.raw.get(part, {}).get(rules, {}).items() if "group" in raw
    }
    for name, group in used.items():
        if group not in groups:
            hint = did_you_mean(group, groups) or f"define it under {part}.groups"
            message = f'"{name}" is in group "{group}", which is not defined'
            yield draft.error("unknown-group", message, part, rules, name, "group", hint=hint)
    for group in groups:
        if group not in used.values():
            yield draft.warning("unused-group", f'no rule is in group "{group}"', part, "groups", group)
