"""level-unreachable: a threshold above everything that the rules can add up to."""

from collections.abc import Iterable

from ripeline.definition.checks.draft import Draft
from ripeline.definition.model import Accrual, Group, Level, Signal, TraitUnits
from ripeline.vocabulary.issues import Issue
from ripeline.vocabulary.points import points_text

BOUNDLESS = 10**18


def check(draft: Draft) -> list[Issue]:
    """Return an issue for each level whose threshold nobody can reach."""
    fit, engagement = draft.definition.fit, draft.definition.engagement
    criteria = [(c.group, max(c.points, 0)) for c in fit.criteria]
    signals = [(s.group, _most_of(s)) for s in engagement.signals]
    return [
        *_above(draft, "fit", fit.levels, _most(criteria, fit.groups, fit.at_most)),
        *_above(draft, "engagement", engagement.levels, _most(signals, engagement.groups, engagement.at_most)),
    ]


def _above(draft: Draft, part: str, levels: tuple[Level, ...], most: int) -> Iterable[Issue]:
    for level in levels[:-1]:
        if level.lowest > most:
            message = (
                f'level "{level.name}" needs {points_text(level.lowest)}, '
                f"but {part} can reach {points_text(most)} at most"
            )
            yield draft.error("level-unreachable", message, part, "levels", level.name)


def _most(rules: list[tuple[str | None, int]], groups: tuple[Group, ...], at_most: int | None) -> int:
    known = {group.name: group for group in groups}
    total = sum(points for name, points in rules if name not in known)
    for name, group in known.items():
        members = [points for of, points in rules if of == name]
        together = max(members, default=0) if group.first else sum(members)
        total += _limited(together, group.at_most)
    return _limited(total, at_most)


def _most_of(signal: Signal) -> int:
    if signal.points <= 0:
        return 0
    most = signal.points
    match signal.form:
        case Accrual(frequency_cap=cap):
            most = signal.points * cap.most if cap and cap.per == "ever" else BOUNDLESS
        case TraitUnits():
            most = BOUNDLESS
    return _limited(most, signal.cap)


def _limited(points: int, limit: int | None) -> int:
    return points if limit is None else min(points, limit)
