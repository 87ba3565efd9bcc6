"""Nobody is forgotten: where everybody is who meets a definition."""

from collections.abc import Mapping, Sequence
from typing import Any

PLACES: Mapping[str, str] = {
    "open": "with somebody who is to answer",
    "accepted": "with somebody who works it",
    "waiting": "for somebody who may have it; each says why",
    "held": "until somebody releases it",
    "resting": "sent back, and cooling down",
    "decided": "sales has said what it is",
    "nowhere": "in no queue: a defect",
}
"""Every place, in the order in which it is shown."""


def queues_record(definition: str, counts: Mapping[str, int], nowhere: Sequence[str]) -> dict[str, Any]:
    """Return how many leads that meet a definition are where, and a few that are nowhere, as plain values."""
    return {
        "definition": definition,
        "meets_definition": sum(counts.values()),
        "places": {place: counts.get(place, 0) for place in PLACES},
        "nowhere": list(nowhere),
    }
