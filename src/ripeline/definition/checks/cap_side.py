"""cap-side: a cap limits positive points, a floor negative ones."""

from ripeline.definition.checks.draft import Draft
from ripeline.vocabulary.issues import Issue


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each signal whose limit lies on the other side of its points."""
    issues = []
    for name, raw in draft.rules("engagement").items():
        points = raw.get("points", 0)
        for key, other, wrong in (("cap", "floor", points < 0), ("floor", "cap", points > 0)):
            if key in raw and wrong:
                side = "positive" if key == "cap" else "negative"
                message = f'signal "{name}": {key} limits {side} points, and these are not'
                place = draft.at_key("engagement", "signals", name, key)
                issues.append(Issue("cap-side", message, place, f"write {other}"))
    return issues
