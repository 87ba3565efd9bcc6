"""Whatever is sent, the server goes on: an event counts, or it is kept with its reason, and nothing else happens."""

import sqlite3
from http.client import HTTPConnection, HTTPException
from typing import Any

import pytest

from ripeline.entry.bootstrap.live import compact, opened_store
from ripeline.intake.unpack import UnreadableError
from ripeline.usecases.apply_inbox import NO_END
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.hostile import CAPTURES, Hostile, hostile, recorded
from tests.acceptance.live.reading import Sums, must_be_sound, outcomes
from tests.acceptance.live.served import Reply, Served, basic

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

ONLINE, NAMES = 2_000, 40
"""Few names: each is a column, and what thousands of columns cost is for a benchmark to tell."""


@pytest.mark.parametrize("requests", [800, pytest.param(2_500, marks=pytest.mark.slow)])
def test_whatever_is_read_counts_or_has_its_reason(requests: int) -> None:
    events = sum(must_be_sound(request) for request in hostile(1, requests))
    assert events > requests, "most of it can be read"


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="recorded requests are not here")
def test_recorded_events_are_among_what_is_changed() -> None:
    assert {"track", "page", "identify", "group", "alias"} <= {event.get("type") for event in recorded()}


def test_the_same_seed_makes_the_same() -> None:
    assert list(hostile(3, 50)) == list(hostile(3, 50))
    assert [one.body for one in hostile(3, 50)] != [one.body for one in hostile(4, 50)]


class Sender:
    """One connection that is kept, as clients keep theirs, and opened again where the server closed it."""

    def __init__(self, served: Served) -> None:
        self._served, self._open = served, HTTPConnection("127.0.0.1", served.port, timeout=60)

    def send(self, request: Hostile) -> Reply:
        headers = {"Authorization": basic(self._served.web_key), **request.headers}
        try:
            return self._sent(request, headers)
        except (HTTPException, ConnectionError):
            self._open.close()
            return self._sent(request, headers)

    def _sent(self, request: Hostile, headers: dict[str, str]) -> Reply:
        self._open.request("POST", f"/v1/{request.route}", request.body, headers)
        answer = self._open.getresponse()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())

    def close(self) -> None:
        self._open.close()


def sent(served: Served, seed: int, count: int, names: int) -> tuple[Sums, int]:
    """Send so many; return what they come to, and how many bodies were kept although they could not be read."""
    sums, unreadable, sender = Sums(), 0, Sender(served)
    for request in hostile(seed, count, names):
        reply, found = sender.send(request), outcomes(request)
        if isinstance(found, UnreadableError):
            assert (reply.status, reply.json["code"]) == (413 if found.too_large else 400, found.code)
            unreadable += not found.too_large
        else:
            assert reply.status == 200, (reply, request.body[:200])
            sums.take(found)
    sender.close()
    return sums, unreadable


def rows(served: Served) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything there is as any reader sees it, with identifiers instead of their numbers."""
    with opened_store(served.workspace) as store:
        con = store.con
        con.execute("CREATE TEMP TABLE named AS SELECT who AS who_, kind || ' ' || value AS named FROM identifiers")
        found = {"identifiers": con.execute("SELECT kind, value FROM identifiers ORDER BY ALL").fetchall()}
        for kind in ("events", "traits", "links"):
            there = {name for name, *_ in con.execute(f"DESCRIBE {kind}").fetchall()}
            names = sorted(there - {"who", "device", "seq"})
            listed = ", ".join('t."' + name.replace('"', '""') + '"' for name in names)
            device = "(SELECT named FROM named WHERE who_ = t.device)" if "device" in there else "NULL"
            query = f"SELECT named, {device} AS device, {listed} FROM {kind} t JOIN named ON who_ = t.who ORDER BY ALL"
            found[kind] = [tuple(names), *con.execute(query).fetchall()]
    return found


def counted(served: Served) -> tuple[int, int]:
    """Return how many events are stored, and how many failed."""
    db = sqlite3.connect(served.workspace.book)
    (failed,) = db.execute("SELECT count(*) FROM failed_events").fetchone()
    db.close()
    return len(served.stored("e.id")), failed


def must_withstand(served: Served, seed: int, count: int, names: int) -> Sums:
    """Send much, and hold the server to what it says: nothing lost, nothing doubled, all of it readable."""
    sums, unreadable = sent(served, seed, count, names)
    served.applied(within_s=120)
    assert counted(served) == (sums.events, sums.failed + unreadable)
    assert sums.events + sums.others + sums.copies + sums.failed == sums.sent
    served.stop()
    before = rows(served)
    compact(served.workspace, NO_END, 0)
    assert rows(served) == before
    done = ripeline("score", "-w", served.workspace.root, "-o", served.workspace.root / "scores.csv")
    assert done.returncode == 0, done.stderr
    served.start()
    assert counted(served) == (sums.events, sums.failed + unreadable)
    return sums


@pytest.mark.slow
def test_a_server_withstands_it(served: Served) -> None:
    sums = must_withstand(served, 2, ONLINE, NAMES)
    assert min(sums.events, sums.failed) > 100
    assert sums.copies > 100 or not CAPTURES.is_dir(), "recorded requests come more than once"


def test_a_key_may_be_hidden_in_what_is_no_text(served: Served) -> None:
    """Asked for without an Authorization, before anything is stored."""
    for body in (b'{"writeKey":"\xff"}', b'{"api_key":"\\ud800","batch":[]}', b'{"writeKey":"\xed\xa0\x80","batch":[}'):
        reply = served.ask("/v1/batch", body)
        assert (reply.status, reply.json["code"]) == (401, "unknown_key")
