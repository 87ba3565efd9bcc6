"""too-many-signals: sums stay inside 64 bits because there are at most 500 signals."""

from ripeline.definition.checks.draft import Draft
from ripeline.vocabulary.issues import Issue

MOST = 500


def check(draft: Draft) -> list[Issue]:
    """Return an issue where a definition has more rules than can be added up safely."""
    parts = (("engagement", "signals"), ("fit", "criteria"))
    return [
        draft.error("too-many-signals", f"{part} has {count} {rules}; at most {MOST} are allowed", part, rules)
        for part, rules in parts
        if (count := len(draft.raw.get(part, {}).get(rules, {}))) > MOST
    ]
