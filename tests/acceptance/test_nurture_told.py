"""Joining and leaving the list of leads to nurture is told exactly once, also where a process dies in between.

Everybody has a good fit. A trial is 10 points, which is interest medium and so a handoff; it counts for 3 days. Whoever
had none lately is to be nurtured. Days go by, and that alone moves leads.
"""

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from ripeline.adapters.book.board import Board
from ripeline.adapters.book.inbox import connected
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.live_scores import LiveScores
from ripeline.entry.bootstrap.live import stored_histories
from ripeline.entry.bootstrap.nurture import Nurture
from ripeline.entry.bootstrap.shipped import references
from ripeline.plan.nodes import Plan
from ripeline.usecases.load_plan import load_plan
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.happenings import Happening
from ripeline.vocabulary.history import Event, LeadHistory, Statement
from ripeline.vocabulary.values import typed
from tests.acceptance.live.shop import DEFINITION

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

NAME = "qualification"
DAY_0 = 1_774_602_000_000_000
"""2026-03-27 09:00 UTC."""


class Killed(Exception):
    """The process dies."""


class Outside:
    """Hears what is told, in a table of the same book; dies before a commit as often as it is told to."""

    def __init__(self, db: sqlite3.Connection) -> None:
        db.execute("CREATE TABLE IF NOT EXISTS heard (type TEXT, lead TEXT)")
        self.db, self.dies = db, False

    def tell(self, db: sqlite3.Connection, happenings: Sequence[Happening]) -> None:
        rows = [(one.type, one.data["lead"]) for one in happenings]
        db.executemany("INSERT INTO heard VALUES (?, ?)", rows)
        if self.dies:
            raise Killed

    def heard(self) -> list[tuple[str, str]]:
        return self.db.execute("SELECT type, lead FROM heard ORDER BY rowid").fetchall()


def plan() -> Plan:
    text = DEFINITION.replace("trial: {event: Trial, points: 10,", "trial: {event: Trial, points: 10, within: 3d,")
    return load_plan(text.replace("quiet: {type: any, inactive: 3d, points: -4}", ""), NAME, "shop.yaml", references())


def leads(rng: random.Random, count: int) -> dict[str, LeadHistory]:
    """Leads known since before, each with trials on some days."""

    def one() -> LeadHistory:
        known = Statement({"company_size": typed(500)}, DAY_0 - 90 * DAY_US, DAY_0, 0)
        days = sorted(rng.sample(range(-3, 30), rng.randrange(5)))
        trials = tuple(Event("track", "Trial", DAY_0 + day * DAY_US, DAY_0 + day * DAY_US) for day in days)
        return LeadHistory(trials, (known,))

    return {f"lead{number}": one() for number in range(count)}


def to_nurture(histories: dict[str, LeadHistory], day: int) -> set[str]:
    """Worked by hand: no trial on this day or the two before."""
    now = DAY_0 + day * DAY_US
    return {
        lead
        for lead, history in histories.items()
        if not any(now - 3 * DAY_US < event.time_us <= now for event in history.events)
    }


def run(nurture: Nurture, store: Store, scores: LiveScores, cause: str, at_us: int) -> None:
    while nurture.keep_up(store, {NAME: scores}, {NAME: frozenset({cause})}, at_us):
        pass


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_what_is_told_adds_up_to_the_list_whoever_dies_when(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    histories = leads(rng, 40)
    with stored_histories(tmp_path, histories) as store:
        db = connected(tmp_path / "book.sqlite")
        outside = Outside(db)
        board, scores = Board(db, outside.tell), LiveScores(plan(), "live_0")
        nurture, there = Nurture(board), set[str]()
        for day in range(30):
            at_us = DAY_0 + day * DAY_US
            cause = rng.choice(["import", "time", "definition"]) if day else "import"
            scores.sweep(store, at_us)
            nurture.look(store, {}, {NAME: None}, at_us)
            outside.dies = rng.random() < 0.3
            before = outside.heard()
            try:
                run(nurture, store, scores, cause, at_us)
            except Killed:
                assert outside.heard() == before
                # Started again, on the same day.
                outside.dies, nurture = False, Nurture(board)
                nurture.look(store, {}, {NAME: None}, at_us)
                run(nurture, store, scores, cause, at_us)
            should = to_nurture(histories, day)
            told = [("nurture.entered", lead) for lead in should - there]
            told += [("nurture.left", lead) for lead in there - should]
            quiet = cause in {"import", "definition"}
            assert sorted(outside.heard()[len(before) :]) == ([] if quiet else sorted(told))
            assert db.execute("SELECT count(*) FROM nurtured").fetchone() == (len(should),)
            there = should
            if rng.random() < 0.3:
                nurture = Nurture(board)
        db.close()


def test_what_a_lead_does_itself_is_told_beside_an_import(tmp_path: Path) -> None:
    histories = {"ada": LeadHistory((), leads(random.Random(1), 1)["lead0"].statements)}
    with stored_histories(tmp_path, histories) as store:
        db = connected(tmp_path / "book.sqlite")
        outside = Outside(db)
        nurture, scores = Nurture(Board(db, outside.tell)), LiveScores(plan(), "live_0")
        scores.sweep(store, DAY_0)
        nurture.look(store, {"ada": {"event", "import"}}, {NAME: None}, DAY_0)
        run(nurture, store, scores, "import", DAY_0)
        assert outside.heard() == [("nurture.entered", "ada")]
        db.close()
