"""The evidence behind a line of a score, as words."""

from collections.abc import Mapping
from typing import Final

COUNTED: Final = frozenset({"count", "days", "last", "ignored"})
"""Evidence of events that is told in one sentence; anything beside it is the signal's measure."""


def evidence_text(evidence: Mapping[str, object]) -> str:
    """Return evidence as words.

    >>> evidence_text({"count": 2, "days": 1, "last": "2026-03-31", "ignored": {"too old": 3}})
    'twice on one day, last on 2026-03-31; not counted: 3 too old'
    >>> evidence_text({"count": 1, "days": 1, "last": "2026-03-31", "channel.source": ["bing", "google"]})
    'once on one day, channel.source bing, google, last on 2026-03-31'
    """
    if "count" not in evidence:
        return ", ".join(f"{_words(key)} {_plain(value)}" for key, value in evidence.items() if value is not None)
    said = f"{_times(evidence['count'])} on {_of_days(evidence['days'])}"
    measures = [_measured(key, value) for key, value in evidence.items() if key not in COUNTED]
    last = f"last on {evidence['last']}" if evidence.get("last") else ""
    counted = ", ".join(part for part in (said, *measures, last) if part)
    ignored = evidence.get("ignored")
    return counted + (f"; not counted: {_plain(ignored)}" if ignored else "")


def _measured(key: str, value: object) -> str:
    """Words that events had are listed behind their name; a number stands before what it counts."""
    return f"{key} {', '.join(map(str, value))}" if isinstance(value, list) else f"{_plain(value)} {key}"


def _words(key: str) -> str:
    return key.replace("_", " ")


def _times(count: object) -> str:
    return {1: "once", 2: "twice"}.get(int(str(count)), f"{_plain(count)} times")


def _of_days(days: object) -> str:
    return "one day" if days == 1 else f"{_plain(days)} days"


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{count:,} {reason}" for reason, count in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)
