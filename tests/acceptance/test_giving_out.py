"""Handoffs and tasks are given out while others write to the book: what is asked meanwhile is little."""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from ripeline.adapters.book.handoffs import given
from ripeline.adapters.book.sqlite import SqliteBook
from ripeline.adapters.book.tasks import SqliteTasks
from ripeline.handoff.routing import Load

pytestmark = pytest.mark.acceptance

DAY = 86_400_000_000


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
