"""signal-overlap: two signals give points for the same events without saying so."""

from itertools import combinations

from ripeline.definition.checks.draft import Draft
from ripeline.definition.model import Accrual, Signal
from ripeline.vocabulary.issues import Issue


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each pair of signals that count the same events in the same way."""
    counting = [signal for signal in draft.definition.engagement.signals if isinstance(signal.form, Accrual)]
    return [
        draft.warning(
            "signal-overlap",
            f'signals "{one.name}" and "{other.name}" both count {_described(shared)}',
            "engagement",
            "signals",
            other.name,
            hint="tell them apart by event, type, when or measure, or put them into one capped group",
        )
        for one, other in combinations(counting, 2)
        if (shared := _shared(one, other)) is not None and not _grouped(one, other)
    ]


def _shared(one: Signal, other: Signal) -> tuple[str, ...] | None:
    left, right = one.form, other.form
    if not (isinstance(left, Accrual) and isinstance(right, Accrual)) or left.measure != right.measure:
        return None
    same_type = left.match.type == right.match.type or "any" in {left.match.type, right.match.type}
    if not same_type or left.match.where != right.match.where or one.gate != other.gate:
        return None
    if left.match.names is None or right.match.names is None:
        return left.match.names or right.match.names or ()
    return tuple(name for name in left.match.names if name in right.match.names) or None


def _described(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names) if names else "every event of this type"


def _grouped(one: Signal, other: Signal) -> bool:
    return one.group is not None and one.group == other.group
