"""signal-overlap: two signals give points for the same events without saying so."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.conditions import Condition
from ripeline.definition.model import Accrual, EventMatch, Measure, Signal
from ripeline.vocabulary.issues import Issue

Alike = tuple[Measure, Condition | None, Condition | None]


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each signal that counts events which an earlier one counts in the same way."""
    issues: list[Issue] = []
    earlier: dict[Alike, list[tuple[Signal, EventMatch]]] = defaultdict(list)
    for signal in draft.definition.engagement.signals:
        if isinstance(signal.form, Accrual):
            match = signal.form.match
            before = earlier[signal.form.measure, match.where, signal.gate]
            issues += islice(_told(draft, signal, match, before), 1)
            before.append((signal, match))
    return issues


def _told(draft: Draft, signal: Signal, match: EventMatch, before: list[tuple[Signal, EventMatch]]) -> Iterator[Issue]:
    for other, counted in before:
        shared = _shared(counted, match)
        if shared and not (signal.group and signal.group == other.group):
            yield warning(
                "signal-overlap",
                f'signals "{other.name}" and "{signal.name}" both count {shared}',
                draft.at_key("engagement", "signals", signal.name),
                "tell them apart by event, type, when or measure, or put both into one capped group",
            )


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
