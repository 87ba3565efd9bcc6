"""cap-below-one: a cap smaller than one occurrence makes the points something else than what is written."""

from collections.abc import Iterator

from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.model import Accrual, Frequency, Signal
from ripeline.definition.reading import Path
from ripeline.vocabulary.issues import Issue
from ripeline.vocabulary.points import points_text


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each signal, and for breadth of accounts, cut at its first occurrence."""
    return [
        warning(
            "cap-below-one",
            f"{points_text(points)} points are cut to {points_text(limit)} at the first occurrence",
            draft.at_value(*path),
            f"lower the points, or set {path[-1]} to {points_text(points)} or beyond",
        )
        for path, points, limit in _limited(draft)
        if points * limit >= 0 and abs(limit) < abs(points)
    ]


def _limited(draft: Draft) -> Iterator[tuple[Path, int, int]]:
    """Yield the path, the points of one occurrence and the limit of whatever has one."""
    for signal in draft.definition.engagement.signals:
        for key, limit in (("cap", signal.cap), ("floor", signal.floor)):
            if limit is not None and _counts_whole(signal):
                yield ("engagement", "signals", signal.name, key), signal.points, limit
    accounts = draft.definition.accounts
    yield ("accounts", "breadth_cap"), accounts.breadth, accounts.breadth_cap


def _counts_whole(signal: Signal) -> bool:
    """Say whether one occurrence gives the points as written; one unit of a sum or a total may be tiny."""
    match signal.form:
        case Accrual() | Frequency():
            return signal.form.measure.kind != "sum"
        case _:
            return True
