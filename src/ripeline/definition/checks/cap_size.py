"""cap-below-one: a cap smaller than one occurrence makes the points something else than what is written."""

from ripeline.definition.checks.draft import Draft
from ripeline.definition.model import Accrual, Frequency, Signal
from ripeline.vocabulary.issues import Issue
from ripeline.vocabulary.points import points_text


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each signal that is cut at its first occurrence."""
    return [
        draft.error(
            "cap-below-one",
            f'signal "{signal.name}": {points_text(signal.points)} points are cut to {points_text(limit)} '
            "at the first occurrence",
            "engagement",
            "signals",
            signal.name,
            key,
            hint=f"lower the points, or set {key} to {points_text(signal.points)} or beyond",
        )
        for signal in draft.definition.engagement.signals
        for key, limit in (("cap", signal.cap), ("floor", signal.floor))
        if limit is not None and _counts_whole(signal) and _same_side(signal.points, limit)
        if abs(limit) < abs(signal.points)
    ]


def _same_side(points: int, limit: int) -> bool:
    return points * limit >= 0


def _counts_whole(signal: Signal) -> bool:
    match signal.form:
        case Accrual() | Frequency():
            return signal.form.measure.kind != "sum"
        case _:
            return True
