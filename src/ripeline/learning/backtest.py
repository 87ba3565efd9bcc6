"""What a definition would have done: who would have become an MQL, when, and what became of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ripeline.vocabulary.calendar import DAY_US, Zone, week_of
from ripeline.vocabulary.rates import Rate, at_rank

QUARTERS: Final = (25, 50, 75)


@dataclass(frozen=True, slots=True)
class Met:
    """A person who met a definition for the first time, with the scores of then in micro-points.

    before: they met it when the period began already.
    """

    person: int
    at_us: int
    fit: int
    fit_level: str
    engagement: int
    engagement_level: str
    before: bool


@dataclass(frozen=True, slots=True)
class Ends:
    """What became of people. won_us: when they were first won; accepted_us, answered_us: when sales first did so."""

    won_us: Mapping[int, int]
    accepted_us: Mapping[int, int]
    answered_us: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """The period, up to when outcomes are known, and in how many days an MQL is given the time to be won."""

    from_us: int
    until_us: int
    known_us: int
    within_days: int


@dataclass(frozen=True, slots=True)
class Week:
    """MQLs of a week, from its Monday, and how many of them were won in time, of those whose days are over."""

    first_day: int
    mqls: int
    won: Rate


@dataclass(frozen=True, slots=True)
class Group:
    """MQLs that are alike, and how many of them were won in time, of those whose days are over."""

    name: str
    mqls: int
    won: Rate


@dataclass(frozen=True)
class Backtest:
    """What came of it.

    mqls: new in the period; won: in time, of those whose days are over; accepted: of those whom sales answered. caught:
    of who was won in the period, how many were MQLs before; days: from MQL to win, a quarter, half and three quarters
    within so many; missed: who was won without being one before, and when; groups: by what they are told apart by.
    """

    mqls: Sequence[Met]
    before: int
    per_week: float
    won: Rate
    accepted: Rate
    caught: Rate
    days: tuple[int | None, ...]
    weeks: Sequence[Week]
    missed: Mapping[int, int]
    groups: Mapping[str, Sequence[Group]]


def backtest_of(
    met: Sequence[Met],
    ends: Ends,
    asked: Asked,
    zone: Zone,
    groups: Mapping[str, Callable[[Met], str]],
) -> Backtest:
    """Return what a definition would have done. met: everybody once; groups: what to tell MQLs apart by."""
    first = {one.person: one.at_us for one in met}
    # Who was won before had nothing left to become.
    new = [one for one in met if not one.before and ends.won_us.get(one.person, one.at_us + 1) > one.at_us]
    winners = {person: at_us for person, at_us in ends.won_us.items() if asked.from_us <= at_us <= asked.until_us}
    caught = {person for person, at_us in winners.items() if first.get(person, at_us) < at_us}
    days = sorted((winners[person] - first[person]) // DAY_US for person in caught)
    weeks = max((asked.until_us - asked.from_us) / (7 * DAY_US), 1.0)
    return Backtest(
        mqls=new,
        before=sum(one.before for one in met),
        per_week=len(new) / weeks,
        won=won_of(new, ends, asked),
        accepted=_accepted(new, ends),
        caught=Rate(len(caught), len(winners)),
        days=tuple(at_rank(days, percent) for percent in QUARTERS),
        weeks=_weeks(new, ends, asked, zone),
        missed={person: at_us for person, at_us in winners.items() if person not in caught},
        groups={name: _grouped(new, ends, asked, group) for name, group in groups.items()},
    )


def won_of(met: Iterable[Met], ends: Ends, asked: Asked) -> Rate:
    """Return how many were won in time, of those whose days are over, or who were won already."""
    within_us = asked.within_days * DAY_US
    won = over = 0
    for one in met:
        is_won = one.at_us < ends.won_us.get(one.person, 0) <= one.at_us + within_us
        if one.at_us + within_us <= asked.known_us:
            over += 1
            won += is_won
    return Rate(won, over)


def _accepted(met: Iterable[Met], ends: Ends) -> Rate:
    """Return whom sales accepted, of those whom it answered after they were MQLs."""
    answered = [one for one in met if ends.answered_us.get(one.person, -1) >= one.at_us]
    return Rate(sum(ends.accepted_us.get(one.person, -1) >= one.at_us for one in answered), len(answered))


def _weeks(met: Iterable[Met], ends: Ends, asked: Asked, zone: Zone) -> list[Week]:
    """Return every week of the period, those too in which nobody became an MQL."""
    by_week = defaultdict[int, list[Met]](list)
    for one in met:
        by_week[week_of(zone.day(one.at_us))].append(one)
    every = range(week_of(zone.day(asked.from_us)), week_of(zone.day(asked.until_us)) + 1)
    return [Week(week * 7, len(by_week[week]), won_of(by_week[week], ends, asked)) for week in every]


def _grouped(met: Iterable[Met], ends: Ends, asked: Asked, group: Callable[[Met], str]) -> list[Group]:
    """Return groups, the largest first."""
    found = defaultdict[str, list[Met]](list)
    for one in met:
        found[group(one)].append(one)
    groups = (Group(name, len(own), won_of(own, ends, asked)) for name, own in found.items())
    return sorted(groups, key=lambda one: (-one.mqls, one.name))
