"""signal-form, cap-side: the keys of a signal must go together."""

from collections.abc import Iterator, Mapping
from typing import Any

from ripeline.definition.checks.draft import Draft
from ripeline.vocabulary.issues import Issue

EXCLUDED = {
    "trait": ("event", "type", "measure", "decay", "at_most", "within", "at_least", "without", "inactive"),
    "inactive": ("measure", "decay", "at_most", "within", "at_least", "without"),
    "at_least": ("decay", "within"),
}
"""What a form of signal cannot be combined with; `without` needs at_least; see _needs."""


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each pair of keys that exclude each other."""
    return [issue for name, raw in draft.signals().items() for issue in _check(draft, name, raw)]


def _check(draft: Draft, name: str, raw: Mapping[str, Any]) -> Iterator[Issue]:
    for form, excluded in EXCLUDED.items():
        for key in excluded:
            if form in raw and key in raw and raw[key] != "none":
                message = f'signal "{name}": "{key}" has no meaning beside "{form}"'
                yield draft.error("signal-form", message, "engagement", "signals", name, key)
    if "without" in raw and "at_least" not in raw:
        message = f'signal "{name}": "without" needs "at_least"'
        hint = "at_least: 1 within 60d"
        yield draft.error("signal-form", message, "engagement", "signals", name, "without", hint=hint)
    if raw.get("hand_raise") and ("trait" in raw or "inactive" in raw):
        message = f'signal "{name}": only an event can raise a hand'
        yield draft.error("signal-form", message, "engagement", "signals", name, "hand_raise")
    yield from _caps(draft, name, raw)


def _caps(draft: Draft, name: str, raw: Mapping[str, Any]) -> Iterator[Issue]:
    points = raw.get("points", 0)
    if "cap" in raw and (points < 0 or raw["cap"] < 0):
        message = f'signal "{name}": cap limits positive points; negative ones have a floor'
        yield draft.error("cap-side", message, "engagement", "signals", name, "cap")
    if "floor" in raw and (points > 0 or raw["floor"] > 0):
        message = f'signal "{name}": floor limits negative points; positive ones have a cap'
        yield draft.error("cap-side", message, "engagement", "signals", name, "floor")
