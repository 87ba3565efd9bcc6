"""signal-overlap: two signals give points for the same events without saying so."""

from collections import defaultdict
from itertools import combinations

from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.conditions import Condition
from ripeline.definition.model import Accrual, EventMatch, Measure, Signal
from ripeline.vocabulary.issues import Issue

Alike = tuple[Measure, Condition | None, Condition | None]


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each pair of signals that count the same events in the same way."""
    alike: dict[Alike, list[tuple[Signal, EventMatch]]] = defaultdict(list)
    for signal in draft.definition.engagement.signals:
        if isinstance(signal.form, Accrual):
            match = signal.form.match
            alike[signal.form.measure, match.where, signal.gate].append((signal, match))
    return [
        warning(
            "signal-overlap",
            f'signals "{one.name}" and "{other.name}" both count {shared}',
            draft.at_key("engagement", "signals", other.name),
            "tell them apart by event, type, when or measure, or put both into one capped group",
        )
        for signals in alike.values()
        for (one, left), (other, right) in combinations(signals, 2)
        if not (one.group and one.group == other.group) and (shared := _shared(left, right))
    ]


def _shared(left: EventMatch, right: EventMatch) -> str:
    """Return what both count, in words; empty where they count different events."""
    if left.type != right.type and "any" not in {left.type, right.type}:
        return ""
    if left.names is None or right.names is None:
        names = left.names or right.names or ()
        return _listed(names) or "all events of one type"
    return _listed(tuple(name for name in left.names if name in right.names))


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
