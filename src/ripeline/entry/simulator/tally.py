"""What came of what was sent."""

import statistics
from array import array
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ripeline.entry.simulator.batches import Batch

RECENT = 1_000
"""So many acknowledgements tell how it goes at present."""


class Outcome(StrEnum):
    """What became of a batch."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


@dataclass
class Tally:
    """Counts of messages, copies and broken ones among them, and how long acknowledgements took.

    A wait is counted from when a batch was due, also where it had to stand in line or be sent again.
    """

    sent: int = 0
    copies: int = 0
    broken: int = 0
    requests: int = 0
    repeated: int = 0
    position: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    waits_s: "array[float]" = field(default_factory=lambda: array("d"))
    recent_s: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT))

    def begin(self, batch: Batch) -> None:
        """Count a batch that is sent for the first time."""
        self.sent += len(batch.messages)
        self.copies += sum(message.copy for message in batch.messages)
        self.broken += sum(message.reason is not None for message in batch.messages)

    def end(self, batch: Batch, outcome: Outcome, waited_s: float) -> None:
        """Count what became of it."""
        self.outcomes[outcome] += len(batch.messages)
        if outcome is Outcome.ACKNOWLEDGED:
            self.waits_s.append(waited_s)
            self.recent_s.append(waited_s)

    def record(self, lasted_s: float) -> dict[str, Any]:
        """Return it as JSON has it."""
        unanswered = self.sent - self.outcomes[Outcome.ACKNOWLEDGED] - self.outcomes[Outcome.REFUSED]
        p50, p99 = quantiles_ms(self.waits_s)
        return {
            "lasted_s": round(lasted_s, 3),
            "sent": self.sent,
            "copies": self.copies,
            "broken": self.broken,
            "acknowledged": self.outcomes[Outcome.ACKNOWLEDGED],
            "refused": self.outcomes[Outcome.REFUSED],
            "unanswered": unanswered,
            "sent_per_s": round(self.sent / lasted_s, 1) if lasted_s else 0.0,
            "requests": self.requests,
            "repeated": self.repeated,
            "answers": dict(sorted(self.answers.items())),
            "acknowledged_after_ms": {"p50": p50, "p99": p99, "max": _ms(max(self.waits_s, default=None))},
            "position": self.position,
        }


def quantiles_ms(waits_s: Sequence[float]) -> tuple[float | None, float | None]:
    """Return the median and the 99th percentile in milliseconds; None where there is nothing to tell.

    >>> quantiles_ms([0.010, 0.010, 0.010])
    (10.0, 10.0)
    """
    if not waits_s:
        return None, None
    cuts = statistics.quantiles([*waits_s, waits_s[-1]], n=100, method="inclusive")
    return _ms(cuts[49]), _ms(cuts[98])


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)
