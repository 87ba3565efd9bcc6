"""Moments of the past at which leads might have been scored, and whether each was won in time after.

A lead is at risk from when it is known until it is first won or lost. Who was won cannot tell what wins, and what came
after a moment cannot tell of it: that is all there is against learning from the future.
"""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from ripeline.learning.arrays import Flags, Floats, Whole, as_many_as
from ripeline.learning.people import People
from ripeline.vocabulary.calendar import DAY_US, EPOCH_DAY, EVER, Zone
from ripeline.vocabulary.looks import AfterCreation, Every, Moments

MOST_SNAPSHOTS: Final = 300_000
"""Of more moments, those of some leads are left out."""


@dataclass(frozen=True, slots=True)
class Given:
    """At given moments, each of a person by its key. Of everything that is not there, nothing is asked.

    leads: how many each stands for, 1 over the probability with which it was chosen; None where all stand for
    themselves. called: how such moments are asked for.
    """

    key: Whole
    at_us: Whole
    leads: Floats | None = None
    called: str = "given moments"


@dataclass(frozen=True, slots=True)
class Now:
    """Once, now: where nothing has a time."""


When = Moments | Given | Now


@dataclass(frozen=True)
class Snapshots:
    """Rows: people by their keys, each at an instant, in order of time. place: where a row's lead stands among people.

    won: 1 where it was won in time after. won_us: when, in time or not; after all time where it never was. told_us:
    when it was known whether it was. arrived: as People has it. leads: as Given has it, 1 each elsewhere.
    """

    key: Whole
    place: Whole
    at_us: Whole
    arrived: Whole
    won: Floats
    won_us: Whole
    told_us: Whole
    leads: Floats

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.key)

    def rows(self, which: Flags) -> "Snapshots":
        """Return some rows."""
        return Snapshots(*(getattr(self, one.name)[which] for one in fields(self)))

    def weight(self) -> Floats:
        """Return what each row counts: for so many leads, and a win that was foretold ten times is still one win.

        So much the more do rows say of which most tell of the same win, and what seems sure of them is not. Together
        they count as many rows as would tell as much if each stood for itself.
        """
        won = self.won > 0
        wins = np.unique(np.column_stack([self.place[won], self.won_us[won]]), axis=0)
        once = len(wins) / max(int(won.sum()), 1) if won.any() else 1.0
        each = once * as_many_as(self.leads) / max(float(self.leads.sum()), 1.0)
        return np.asarray(each * self.leads, dtype=np.float64)

    def columns(self, zone: Zone) -> dict[str, Whole]:
        """Return them as a table: subject, person, as_of_us, and today, the local day."""
        rows = np.arange(len(self))
        return {"subject": rows, "person": self.key, "as_of_us": self.at_us, "today": days_of(self.at_us, zone)}

    def is_later(self) -> Flags:
        """Say of each row whether it is in the later half of time."""
        return np.asarray(self.at_us > np.median(self.at_us))


@dataclass(frozen=True, slots=True)
class Horizon:
    """What winning means: within so many days after a moment, ever where there are none; as known at an instant.

    repeats: who was won is at risk again.
    """

    as_of_us: int
    within_days: int | None
    repeats: bool = False


def days_of(instants_us: Whole, zone: Zone) -> Whole:
    """Return the numbers of the local days that instants lie in, as Zone.day does."""
    begins, offsets = np.array(zone.rows, dtype=np.int64).T
    row = np.maximum(np.searchsorted(begins, instants_us, side="right") - 1, 0)
    return np.asarray((instants_us + offsets[row]) // DAY_US + EPOCH_DAY)


def some_of(snapshots: Snapshots, seed: int) -> Snapshots:
    """Return all of them; where there are more than MOST_SNAPSHOTS, all those of some leads."""
    if len(snapshots) <= MOST_SNAPSHOTS:
        return snapshots
    drawn = np.random.default_rng(seed).random(int(snapshots.place.max()) + 1) < MOST_SNAPSHOTS / len(snapshots)
    return snapshots.rows(drawn[snapshots.place])


def snapshots_of(people: People, when: When, horizon: Horizon, zone: Zone) -> Snapshots:
    """Return the moments at which leads were at risk, with what is known by now to have become of them.

    Left out are moments whose days are not over yet; and, where winning has no time, leads that are still open.
    """
    place, at_us, leads = _moments(people, when, horizon, zone)
    won, won_us, told_us = _labels(people, place, at_us, horizon)
    known = (told_us <= horizon.as_of_us) & _at_risk(people, place, at_us, horizon)
    order = np.flatnonzero(known)[np.lexsort((place[known], at_us[known]))]
    whose, at_us, won_us, told_us = (each[order] for each in (place, at_us, won_us, told_us))
    own = people.key[whose], whose, at_us, people.arrived[whose]
    return Snapshots(*own, won[order], won_us, told_us, leads[order])


def _moments(people: People, when: When, horizon: Horizon, zone: Zone) -> tuple[Whole, Whole, Floats]:
    """Return (place among people, instant, for how many leads it stands) of all moments that are asked for."""
    if isinstance(when, Given):
        there, order = np.isin(when.key, people.key), np.argsort(people.key)
        leads = np.ones(len(there)) if when.leads is None else when.leads
        return order[np.searchsorted(people.key, when.key[there], sorter=order)], when.at_us[there], leads[there]
    place, at_us = _of_everybody(people, when, horizon, zone)
    return place, at_us, np.ones(len(place))


def _of_everybody(people: People, when: Moments | Now, horizon: Horizon, zone: Zone) -> tuple[Whole, Whole]:
    everybody = np.arange(len(people))
    match when:
        case Now():
            return everybody, np.full(len(people), horizon.as_of_us)
        case AfterCreation(wait_us):
            dated = everybody[people.seen_us > EVER]
            return dated, people.seen_us[dated] + wait_us
        case Every(days):
            return _calendar(people, days, horizon, zone)


def _calendar(people: People, days: int, horizon: Horizon, zone: Zone) -> tuple[Whole, Whole]:
    """Return everybody at the ends of days, from the last whose outcome can be known back to the first lead."""
    ended, dated = people.closed_us(), people.seen_us[people.seen_us > EVER]
    first = zone.day(int(dated.min(initial=horizon.as_of_us)))
    last = zone.day(horizon.as_of_us) - (horizon.within_days or 0) - 1
    places, instants = [], []
    for day in range(last, first - 1, -days):
        at_us = zone.last_instant(day)
        open_then = np.flatnonzero(
            (people.seen_us <= at_us) & (people.seen_us > EVER) & (horizon.repeats | (ended > at_us))
        )
        places.append(open_then)
        instants.append(np.full(len(open_then), at_us))
    empty = np.empty(0, dtype=np.int64)
    return np.concatenate([empty, *places]), np.concatenate([empty, *instants])


def _at_risk(people: People, place: Whole, at_us: Whole, horizon: Horizon) -> Flags:
    """Say of each moment whether its lead was known, and neither won nor lost yet."""
    ended = people.closed_us()[place]
    open_then = horizon.repeats | (ended > at_us) | (ended == EVER)
    return np.asarray((people.seen_us[place] <= at_us) & open_then)


def _labels(people: People, place: Whole, at_us: Whole, horizon: Horizon) -> tuple[Floats, Whole, Whole]:
    """Return of each moment whether its lead was won in time after, when, and when that was known; or never."""
    deals = people.deals
    if horizon.within_days is not None:
        won_us = _next(place, at_us, deals.person[deals.won], deals.at_us[deals.won])
        over_us = at_us + horizon.within_days * DAY_US
        return (won_us <= over_us).astype(np.float64), won_us, over_us
    # Undated ones lie before every moment: of what was never dated, whatever became of it counts.
    since_us = np.where(people.closed_us()[place] == EVER, EVER - 1, at_us)
    won_us = _next(place, since_us, deals.person[deals.won], deals.at_us[deals.won])
    closed_us = _next(place, since_us, deals.person, deals.at_us)
    won = won_us < _NEVER
    return won.astype(np.float64), won_us, np.where(won, won_us, closed_us)


_NEVER = np.iinfo(np.int64).max


def _next(place: Whole, after_us: Whole, of: Whole, at_us: Whole) -> Whole:
    """Return when the first of some happenings is after a moment of the same person; after all time where none is."""
    # Instants by their rank, so that person and instant make one whole number that can be searched for.
    ranks, ranked = np.unique(np.concatenate([after_us, at_us]), return_inverse=True)
    asked, known = ranked[: len(place)], ranked[len(place) :]
    order = np.lexsort((known, of))
    happened = of[order] * len(ranks) + known[order]
    found = np.searchsorted(happened, place * len(ranks) + asked, side="right")
    at = order[np.minimum(found, max(len(order) - 1, 0))] if len(order) else np.zeros(len(place), dtype=np.int64)
    if not len(order):
        return np.full(len(place), _NEVER)
    own = (found < len(order)) & (of[at] == place)
    return np.where(own, at_us[at], _NEVER)
