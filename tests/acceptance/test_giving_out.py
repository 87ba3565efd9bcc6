"""Handoffs are given out, and lists and levels told, while others write to the book: what is asked of it is little."""

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ripeline.adapters.book.handoffs import given
from ripeline.adapters.book.inbox import insert
from ripeline.adapters.book.nurtured import SqliteNurtured
from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.adapters.book.tasks import SqliteTasks
from ripeline.adapters.columnar.store import Store
from ripeline.entry.bootstrap.advance import advance_now
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.definitions import live_versions, plan_of_version, settle
from ripeline.entry.bootstrap.lifecycle import Lifecycle
from ripeline.entry.bootstrap.live import LiveHistory, live_scores
from ripeline.entry.server.serving import Serving
from ripeline.entry.workspace import FIRST_SETTINGS, find_workspace
from ripeline.handoff.routing import Load
from ripeline.ports.intake import Request
from ripeline.vocabulary.calendar import instant_of
from tests.acceptance.live.outbox import SECRET
from tests.acceptance.live.served import Served
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import SALES, act, known

pytestmark = pytest.mark.acceptance

DAY = 86_400_000_000
NOW = instant_of(START)
SETTINGS = FIRST_SETTINGS + SALES.replace('team = "all"', 'team = "all"\nwhen = "company_size > 100"')

HOOK = f"""
[outbox.webhooks.crm]
url = "http://127.0.0.1:9/crm"
secret = "{SECRET}"
allow_private = true
"""


def worked(db: sqlite3.Connection, asks: Callable[[], object]) -> int:
    """Return how many hundreds of steps SQLite takes to answer."""
    steps = list[int]()
    db.set_progress_handler(lambda: steps.append(1), 100)
    asks()
    db.set_progress_handler(None, 0)
    return len(steps)


@pytest.fixture
def years(tmp_path: Path) -> sqlite3.Connection:
    """A book with 20,000 handoffs and tasks of Maria's, one a day, in turns of two teams."""
    SqliteBook(tmp_path / "book.sqlite").close()
    db = sqlite3.connect(tmp_path / "book.sqlite")
    db.execute("PRAGMA foreign_keys = OFF")
    numbers = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20000)"
    db.execute(
        f"{numbers} INSERT INTO assignments SELECT n, 'maria', n * {DAY}, iif(n % 2, 'north', 'south'), n * 10 FROM n"
    )
    columns = "definition, kind, lead, reason, stage, cause, fingerprint, made_us, fit, fit_level, engagement, engagement_level, state, why"
    db.execute(
        f"{numbers} INSERT INTO tasks ({columns}, owner, assigned_us, team, turn) SELECT 'a', 'user_id', n, 'follow_up', "
        f"'lead', 'event', '', 0, 0, '', 0, '', 'done', '', 'maria', n * {DAY}, iif(n % 2, 'north', 'south'), n * 10 FROM n"
    )
    return db


def test_what_somebody_was_given_is_known_without_reading_all_of_it(years: sqlite3.Connection) -> None:
    asked = "maria", ("north", "south", "east"), 19_999 * DAY
    told = Load(2, {"north": 199_990, "south": 200_000}, 20_000 * DAY)
    asks = (partial(given, years, *asked), partial(SqliteTasks(years).given, *asked))
    for ask in asks:
        assert ask() == told
        assert worked(years, ask) < 10
    years.close()


class Watched:
    """A store that says whether the book was held when history was asked."""

    def __init__(self, store: Store, db: sqlite3.Connection) -> None:
        self._store, self._db, self.asked = store, db, list[bool]()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a store has
        self.asked.append(self._db.in_transaction)
        return getattr(self._store, name)


def test_history_is_asked_before_the_book_is_held(tmp_path: Path) -> None:
    """Twenty who did a trial, and a route that asks for a trait: they are given out, and given to others a month later."""
    workspace = Served(tmp_path / "shop", DEFINITION, SETTINGS).workspace
    with book_connection(workspace) as db:
        calls = [call for number in range(20) for call in (known(f"lead{number}"), act(f"lead{number}", "Trial"))]
        insert(db, Request(NOW, 2, json.dumps({"batch": calls}).encode()))
    settle(workspace, NOW)
    plans = {name: plan_of_version(one) for name, one in live_versions(workspace).items()}
    lifecycle, history, scores = Lifecycle(workspace, plans), LiveHistory(workspace), live_scores(plans)
    history.advance()
    watched = Watched(history.store, lifecycle.desk.board.db)
    for one in scores.values():
        one.sweep(history.store, NOW)
    lifecycle.look(history.store, scores, history.touched, dict.fromkeys(plans), NOW)
    while lifecycle.advance_some(history.store, scores, history.position, NOW):
        pass
    lifecycle.giving_out.step(watched, NOW)  # type: ignore[arg-type]
    assert lifecycle.counts() == {"open": 20}
    while lifecycle.giving_out.tick(watched, NOW + 30 * DAY, NOW + 30 * DAY):  # type: ignore[arg-type]
        pass
    assert watched.asked
    assert not any(watched.asked)
    history.close()
    lifecycle.close()


def test_who_fell_before_is_asked_of_those_who_join(years: sqlite3.Connection) -> None:
    numbers = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20000)"
    columns = "definition, kind, lead, before, after, at_us, cause, by, why, fingerprint, follows, fit, engagement"
    years.execute(
        f"{numbers} INSERT INTO stage_log ({columns}) "
        "SELECT 'a', 'user_id', 'u' || n, 'mql', 'lead', n, 'time', '', '', '', '[]', '[]', '[]' FROM n"
    )
    asks = partial(SqliteNurtured(years).fallen, "a", ["u7", "new"])
    assert asks() == {"u7"}
    assert worked(years, asks) < 10
    years.close()


def test_levels_are_told_once_where_another_definitions_cannot_be_written(tmp_path: Path) -> None:
    workspace = Served(tmp_path / "shop", DEFINITION, SETTINGS + HOOK).workspace
    (workspace.root / "definitions").mkdir()
    (workspace.root / "definitions" / "second.yaml").write_text(DEFINITION.replace("name: shop", "name: second"))
    settle(workspace, NOW)
    serving = Serving(ThreadPoolExecutor(1), find_workspace(workspace.root), live_versions(workspace))
    serving.bring_up(NOW)
    with book_connection(workspace) as db:
        insert(db, Request(NOW, 2, json.dumps({"batch": [known("ada"), act("ada", "Asked")]}).encode()))
        serving.history.advance()
        serving.bring_up(NOW)
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON outbox WHEN CAST(NEW.body AS TEXT) LIKE '%second@%' "
            "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
        with pytest.raises(sqlite3.IntegrityError, match="the disk is full"):
            serving.tell_levels(NOW)
        db.execute("DROP TRIGGER full")
        serving.tell_levels(NOW)
        serving.tell_levels(NOW)
        told = [
            json.loads(body)["data"]["definition"].partition("@")[0]
            for (body,) in db.execute("SELECT body FROM outbox")
        ]
    assert told == ["qualification", "second"]
    serving.history.close()
    serving.lifecycle.close()


def test_the_command_gives_out_what_a_server_does_in_many_rounds(tmp_path: Path) -> None:
    """More wait that no route fits than are looked at together, before the one whom it fits."""
    settings = SETTINGS.replace("company_size > 100", "plan = 'pro'")
    workspace = Served(tmp_path / "shop", DEFINITION, settings).workspace
    # What was there before anybody was moved is held.
    advance_now(find_workspace(workspace.root), NOW)
    calls = [call for number in range(205) for call in (known(f"lead{number}"), act(f"lead{number}", "Trial"))]
    with book_connection(workspace) as db:
        batch = [*calls, known("pro", plan="pro"), act("pro", "Trial")]
        insert(db, Request(NOW, 2, json.dumps({"batch": batch}).encode()))
    assert advance_now(find_workspace(workspace.root), NOW)["handoffs"] == {"open": 1, "waiting": 205}
