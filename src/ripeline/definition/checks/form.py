"""signal-form: the keys of a signal must go together."""

from collections.abc import Iterator, Mapping
from typing import Any

from ripeline.definition.checks.draft import Draft
from ripeline.vocabulary.issues import Issue

EXCLUDED = {
    "trait": ("event", "type", "measure", "decay", "at_most", "within", "at_least", "without", "inactive"),
    "inactive": ("measure", "decay", "at_most", "within", "at_least", "without"),
    "at_least": ("decay", "within"),
}
"""What a form of signal cannot be combined with."""

WHY = {
    "trait": "a trait signal reads one trait and no events",
    "inactive": "inactivity looks at the youngest event alone",
    "at_least": "these points are given once and end with the window",
}


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each pair of keys that exclude each other."""
    return [issue for name, raw in draft.rules("engagement").items() for issue in _check(draft, name, raw)]


def _check(draft: Draft, name: str, raw: Mapping[str, Any]) -> Iterator[Issue]:
    for form, excluded in EXCLUDED.items():
        for key in excluded:
            if form in raw and key in raw and raw[key] != "none":
                yield _issue(draft, name, key, f'"{key}" has no meaning beside "{form}"', WHY[form])
    if "without" in raw and "at_least" not in raw and "trait" not in raw and "inactive" not in raw:
        yield _issue(draft, name, "without", '"without" needs "at_least"', "such as at_least: 1 within 60d")
    for form in ("trait", "inactive"):
        if raw.get("hand_raise", False) is not False and form in raw:
            yield _issue(draft, name, "hand_raise", f'"{form}" cannot raise a hand', "only an event can")


def _issue(draft: Draft, name: str, key: str, message: str, hint: str) -> Issue:
    place = draft.at_key("engagement", "signals", name, key)
    return Issue("signal-form", f'signal "{name}": {message}', place, hint)
