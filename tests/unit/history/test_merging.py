"""Small files become larger ones: nothing is lost by it, and who reads on need not begin anew."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ripeline.adapters.book.inbox import SqliteInbox, insert
from ripeline.adapters.history.merging import TOGETHER, alike
from ripeline.entry.bootstrap.book import make_write_key
from ripeline.entry.bootstrap.live import LiveHistory, opened_store, settle
from ripeline.entry.workspace import Workspace
from ripeline.ports.history import Cut, HistoryFile
from ripeline.ports.intake import Request

pytestmark = pytest.mark.engine_duckdb

NOW_US = 1_800_000_000_000_000
DAY_US = 86_400_000_000


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = Workspace(tmp_path)
    make_write_key(found, "web", "web", (), 0)
    return found


def accept(workspace: Workspace, number: int) -> None:
    """Accept a request of a user who is identified on a device and hits twice."""
    user = {"userId": f"u{number}", "anonymousId": f"d{number}"}
    calls = [
        {"type": "identify", **user, "traits": {"email": f"u{number}@corp.example", "title": "CTO"}},
        *({"type": "track", "event": "Hit", **user, "properties": {"n": number}} for _ in range(2)),
    ]
    batch = [{**call, "messageId": f"{number}-{place}"} for place, call in enumerate(calls)]
    inbox = SqliteInbox(workspace.book)
    insert(inbox.db, Request(NOW_US + number, 1, json.dumps({"batch": batch}).encode()))
    inbox.close()


def written(workspace: Workspace, numbers: range) -> None:
    """Accept requests, and write each to files of its own."""
    for number in numbers:
        accept(workspace, number)
        history = LiveHistory(workspace)
        history.advance()
        assert history.write_out(NOW_US) is not None
        history.close()


def files(workspace: Workspace) -> Counter[str]:
    with opened_store(workspace) as store:
        return Counter(file.kind for file in store.cut.files if file.path)


def rows(workspace: Workspace) -> Iterator[list[tuple[object, ...]]]:
    queries = (
        'SELECT i.value, e.ts, e."properties.n:number" FROM events e JOIN identifiers i ON i.who = e.who',
        'SELECT i.value, t.seq, t."email:text" FROM traits t JOIN identifiers i ON i.who = t.who',
        "SELECT i.value, sum(p.events), min(p.first) FROM presence p JOIN identifiers i ON i.who = p.who GROUP BY ALL",
        "SELECT kind, value, who FROM identifiers",
        "SELECT one, other, ts FROM bonds",
        "SELECT who, device, ts FROM links",
        "SELECT DISTINCT of, raw FROM raws",
    )
    with opened_store(workspace) as store:
        for query in queries:
            yield store.con.execute(f"{query} ORDER BY ALL").fetchall()


def test_small_files_become_one_and_hold_what_they_held(workspace: Workspace) -> None:
    written(workspace, range(TOGETHER - 1))
    settle(workspace, NOW_US)
    assert files(workspace)["events"] == TOGETHER - 1
    written(workspace, range(TOGETHER - 1, TOGETHER))
    before = list(rows(workspace))
    settle(workspace, NOW_US)
    # Events, traits and links are summed up each by a file of its own.
    assert files(workspace) == {**dict.fromkeys(files(workspace), 1), "presence": 3}
    assert list(rows(workspace)) == before
    assert len(before[0]) == 2 * TOGETHER


def test_who_reads_on_keeps_what_was_read(workspace: Workspace) -> None:
    written(workspace, range(TOGETHER))
    history = LiveHistory(workspace, keeps_failed=True)
    accept(workspace, TOGETHER)
    history.advance()
    cut = history.store.cut.number
    history.touched.clear()
    settle(workspace, NOW_US)
    accept(workspace, TOGETHER)
    accept(workspace, TOGETHER + 1)
    history.advance()
    assert history.store.cut.number > cut
    # The request that was read before is not read again, and its repetition is known as such.
    assert set(history.touched) == {f"u{TOGETHER + 1}", f"d{TOGETHER + 1}"}
    done = history.write_out(NOW_US)
    history.close()
    assert done is not None
    with opened_store(workspace) as store:
        (hits, people) = store.con.execute("SELECT count(*), count(DISTINCT who) FROM events").fetchall()[0]
    assert (hits, people) == (2 * (TOGETHER + 2), TOGETHER + 2)


def test_files_of_another_size_are_left_alone() -> None:
    def file(kind: str, number: int, size: int) -> HistoryFile:
        return HistoryFile(kind, f"history/{kind}/{number}-0.parquet", size, None, {})

    small = [file("events", number, 100 + number) for number in range(TOGETHER)]
    others = [file("events", 100, 5_000), file("presence", 101, 100), file("traits", 102, 100)]
    assert list(alike(Cut(1, (*small[1:], *others)))) == []
    assert list(alike(Cut(1, (*others, *small)))) == [small]
    large = [file("events", number, 3_000_000) for number in range(TOGETHER)]
    assert list(alike(Cut(1, tuple(large)))) == []
