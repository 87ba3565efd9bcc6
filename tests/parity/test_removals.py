"""The removal list is who was to be removed at the end of every day, found by scoring everybody on each of them."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ripeline.adapters.book.board import Board
from ripeline.adapters.book.inbox import connected
from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines import removable
from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.python import PythonEngine
from ripeline.entry.bootstrap import removal_check
from ripeline.entry.bootstrap import removals as keeping
from ripeline.entry.bootstrap.live import live_scores
from ripeline.entry.bootstrap.removal_check import RemovalCheck
from ripeline.entry.bootstrap.removals import Removals
from ripeline.entry.removal_settings import removal_rules
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.usecases.removals import days_of
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.history import Event, LeadHistory, Statement
from ripeline.vocabulary.values import typed
from tests.parity.definitions import plan_of
from tests.parity.histories import MOMENTS, NEAR, Link, Merge
from tests.parity.workspace import stored

pytestmark = pytest.mark.engine_duckdb

USERS, DEVICES = ("ada", "Bob", "çem", "d'or", "zoë", "Zed"), ("phone", "tablet")
DEFINITION = """\
version: 1
name: {name}
timezone: {zone}
required: []
fit:
  criteria:
    large: {{when: "n > 3", points: 30}}
    known: {{when: "t = 'x'", points: -5}}
    long_known: {{when: "days_since(d) >= 4", points: 12}}
  levels: {{good: 30, fair: 10, poor: 0}}
engagement:
  signals:
    a: {{event: A, points: 6, decay: {{half_life: 2d}}}}
    b: {{event: B, points: -3, decay: {{fade: 4d}}}}
    asked: {{event: C, points: 5, hand_raise: {{open_for: 2d}}}}
    quiet: {{type: any, inactive: 3d, points: -4}}
  levels: {{high: 12, low: 0}}
matrix:
  good: {{high: handoff, low: nurture}}
  fair: {{high: handoff, low: remove}}
  poor: {{high: nurture, low: remove}}
  unknown: {{high: handoff, low: remove}}
suppress:
  staff: {{when: "t = 'staff'"}}
stages: {{remove_after: {days}d}}
"""


def plans(rng: random.Random) -> dict[str, Plan]:
    """One definition, or two of other days in another zone."""
    zones = rng.sample(["Europe/Berlin", "UTC", "Pacific/Apia"], rng.choice((1, 1, 2)))
    return {
        f"p{number}": plan_of(DEFINITION.format(name=f"p{number}", zone=zone, days=rng.choice((1, 3, 6, 11))))
        for number, zone in enumerate(zones)
    }


def instant(rng: random.Random, at_us: int, most: int) -> int:
    return at_us - rng.randint(-4, most) * DAY_US + rng.choice(NEAR)


def statements(rng: random.Random, at_us: int) -> Iterator[Statement]:
    """Mostly one of long ago, or undated, that tells a poor fit; seldom another one since."""
    for number in range(rng.choice((1, 1, 2))):
        time_us = None if rng.random() < 0.2 else instant(rng, at_us, 30 if number == 0 else 9)
        told = {
            "n": rng.choice((1, 2, 9)) if rng.random() < 0.3 else 1,
            "t": rng.choice(("x", "x", "y", "staff", None)),
        }
        if rng.random() < 0.2:
            told["d"] = "2026-03-25"
        traits = {key: None if value is None else typed(value) for key, value in told.items()}
        yield Statement(traits, time_us, time_us, rng.randint(1, 10**6), rng.random() < 0.8)


def history(rng: random.Random, at_us: int) -> LeadHistory:
    times = sorted(instant(rng, at_us, 12) for _ in range(rng.choice((0, 0, 1, 3))))
    events = tuple(Event("track", rng.choice("ABBC"), at, at, {}, True) for at in times)
    return LeadHistory(events, tuple(statements(rng, at_us)))


def tied(rng: random.Random, at_us: int) -> tuple[list[Link], list[Merge]]:
    links = [
        Link(rng.choice(DEVICES), rng.choice(USERS), at, at, number)
        for number in range(1, rng.randint(1, 4))
        for at in [instant(rng, at_us, 9)]
    ]
    merges = [
        Merge(one, other, at, at, number)
        for number in range(1, rng.randint(1, 3))
        for one, other in [rng.sample(USERS, 2)]
        for at in [instant(rng, at_us, 9)]
    ]
    return links, merges


class Naive:
    """Scores everybody at the end of every day that counts, by one engine or the other."""

    def __init__(self, store: Store, definitions: Mapping[str, Plan], rng: random.Random) -> None:
        self._store, self._definitions, self._rng = store, definitions, rng
        self._then = dict[tuple[str, int], set[str]]()

    def listed(self, at_us: int) -> list[str]:
        days = ((name, day) for name, plan in self._definitions.items() for day in days_of(plan, at_us))
        return sorted(set.intersection(*(self._to_be_removed(name, day, at_us) for name, day in days)))

    def _to_be_removed(self, name: str, day: int, at_us: int) -> set[str]:
        """Return who was to be removed on a day; one that is over stays as it was."""
        plan = self._definitions[name]
        then = min(plan.zone.last_instant(day), at_us)
        if (name, then) not in self._then:
            engine = self._rng.choice((DuckEngine, PythonEngine))(self._store)
            rows = engine.score(plan, Asked(then), lambda _, __: None).rows()
            found = {str(row["lead"]) for row in rows if row["action"] == "remove" and row["fit_level"] != "unknown"}
            self._then[name, then] = found
        return self._then[name, then]


@contextmanager
def board(folder: Path) -> Iterator[Board]:
    SqliteBook(folder / "book.sqlite").close()
    with closing(connected(folder / "book.sqlite")) as db:
        yield Board(db, lambda _, __: None)


def early(leads: Mapping[str, LeadHistory], rng: random.Random) -> dict[str, LeadHistory]:
    """Return leads without some of what is told of them late."""
    return {
        name: replace(one, events=tuple(e for e in one.events if rng.random() < 0.6)) for name, one in leads.items()
    }


def listed(removals: Removals) -> list[str]:
    return sorted(one.lead.value for one in removals.check.board.removals.everybody())


def keep_up(
    removals: Removals, store: Store, definitions: Mapping[str, Plan], moments: Sequence[int], rng: random.Random
) -> int:
    """Let days go by, as a server does; return how many were on the list, over all days."""
    count, imported, naive = 0, True, Naive(store, definitions, rng)
    for at_us in moments:
        scores = live_scores(definitions)
        for one in scores.values():
            one.sweep(store, at_us)
        removals.look(store, (), scored=True, imported=imported)
        while removals.step(store, scores, at_us):
            pass
        imported = False
        assert listed(removals) == naive.listed(at_us), at_us
        count += len(listed(removals))
    return count


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 6))])
def test_the_list_is_what_scoring_everybody_every_day_says(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Day by day, then with late facts, and at once by somebody who has not looked before."""
    monkeypatch.setattr(keeping, "TOGETHER", 3)
    monkeypatch.setattr(removal_check, "MOST_ROWS", 12)
    # By SQL, or one by one.
    monkeypatch.setattr(removable, "FEW", 300 * (seed % 2))
    rng, count = random.Random(seed), 0
    definitions, at_us = plans(rng), rng.choice(MOMENTS["Europe/Berlin"][:3])
    leads = {name: history(rng, at_us) for name in (*USERS, *DEVICES)}
    told, rules = tied(rng, at_us), removal_rules({})
    moments = [at_us + day * DAY_US + rng.choice(NEAR) for day in range(-4, 10)]
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    with board(tmp_path / "first") as book, board(tmp_path / "second") as other:
        removals = Removals(RemovalCheck(book, definitions, rules))
        with stored(early(leads, rng), *told) as store:
            count += keep_up(removals, store, definitions, moments[:5], rng)
        with stored(leads, *told) as store:
            count += keep_up(removals, store, definitions, moments[5:], rng)
            keep_up(Removals(RemovalCheck(other, definitions, rules)), store, definitions, moments[-1:], rng)
    assert count, "nobody was ever to be removed: the test says nothing"
