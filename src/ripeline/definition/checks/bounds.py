"""The most and the least that a score can be. A bound is never too narrow; it may be too wide."""

from ripeline.definition.model import (
    Accrual,
    Engagement,
    Fit,
    Frequency,
    FrequencyCap,
    Group,
    Signal,
    TraitUnits,
)
from ripeline.definition.words import WHOLE

BOUNDLESS = 10**18
Rules = list[tuple[str | None, int]]


def most_fit(fit: Fit) -> int:
    """Return what fit can add up to at most."""
    return _most([(one.group, max(one.points, 0)) for one in fit.criteria], fit.groups, fit.at_most)


def least_fit(fit: Fit) -> int:
    """Return what fit can fall to at least."""
    return -_most([(one.group, max(-one.points, 0)) for one in fit.criteria], _mirrored(fit.groups), _minus(fit.floor))


def most_engagement(engagement: Engagement) -> int:
    """Return what engagement can add up to at most; weak evidence adds a share of the rest and no more."""
    rules = [(one, (one.group, most_of(one))) for one in engagement.signals]
    together = _most([rule for _, rule in rules], engagement.groups, engagement.at_most)
    strong = _most([rule for one, rule in rules if not one.weak], engagement.groups, engagement.at_most)
    return min(together, strong + strong * engagement.weak_share // WHOLE)


def least_engagement(engagement: Engagement) -> int:
    """Return what engagement can fall to at least."""
    rules: Rules = [(one.group, _mirrored_most(one)) for one in engagement.signals]
    return -_most(rules, _mirrored(engagement.groups), _minus(engagement.floor))


def most_of(signal: Signal) -> int:
    """Return what a signal can give at most, 0 where its points are negative."""
    return _units(signal, signal.points, signal.cap)


def most_units(cap: FrequencyCap, days: int) -> int:
    """Return how many units a frequency cap lets through in so many days in a row.

    >>> most_units(FrequencyCap(2, "week"), 8), most_units(FrequencyCap(1, "month"), 30)
    (4, 3)
    """
    shortest = {"day": 1, "week": 7, "month": 28}.get(cap.per)
    # Days in a row touch one calendar period more than fit into them.
    return cap.most if shortest is None else cap.most * (-(-(days - 1) // shortest) + 1)


def _mirrored_most(signal: Signal) -> int:
    return _units(signal, -signal.points, _minus(signal.floor))


def _units(signal: Signal, points: int, limit: int | None) -> int:
    if points <= 0:
        return 0
    most = points
    match signal.form:
        case Accrual(frequency_cap=cap):
            most = points * cap.most if cap and cap.per == "ever" else BOUNDLESS
        case TraitUnits():
            most = BOUNDLESS
        case Frequency():
            most = points
    return _limited(most, limit)


def _most(rules: Rules, groups: tuple[Group, ...], at_most: int | None) -> int:
    known = {group.name: group for group in groups}
    total = sum(points for name, points in rules if name not in known)
    for name, group in known.items():
        members = [points for of, points in rules if of == name]
        together = max(members, default=0) if group.first else sum(members)
        total += _limited(together, group.at_most)
    return _limited(total, at_most)


def _mirrored(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    return tuple(Group(one.name, _minus(one.floor), _minus(one.at_most), one.first) for one in groups)


def _minus(points: int | None) -> int | None:
    return None if points is None else -points


def _limited(points: int, limit: int | None) -> int:
    return points if limit is None else min(points, limit)
