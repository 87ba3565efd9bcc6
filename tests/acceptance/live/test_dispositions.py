"""What sales answered closes hand-raises in live scores and in a batch alike, once, for good, and goes with its person."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

import pytest

from ripeline.adapters.book.inbox import insert
from ripeline.adapters.book.sqlite import transaction
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.live import compact, opened_store
from ripeline.intake.dispositions import DISPOSITIONS, Disposition
from ripeline.ports.intake import BY_HAND, Request
from ripeline.vocabulary.people import Name
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served
from tests.acceptance.live.shop import DEFINITION, START, answered, batch, live, micros

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

Said = Literal["accepted", "rejected", "won"]
ADA, DEVICE = Name("user", "ada"), Name("anonymous", "d1")


@pytest.fixture(scope="module")
def definition() -> str:
    """The shop's, but that whoever asks is of interest by nothing else."""
    return DEFINITION.replace("points: 15, hand_raise", "points: 1, hand_raise")


def asked(minute: int, **who: str) -> dict[str, Any]:
    """Somebody asks to talk to sales, so many minutes before the start."""
    at = (START - timedelta(minutes=minute)).isoformat()
    return {"type": "track", "event": "Asked", "messageId": f"m{minute} {who}", "timestamp": at, **who}


def answer(minute: int, lead: Name = ADA, said: Said = "rejected", reason: str = "too small") -> Disposition:
    return Disposition(lead, said, micros(START - timedelta(minutes=minute)), "eva", reason)


def stages(served: Served, engines: Sequence[str] = ("duckdb", "python")) -> dict[str, str]:
    """Return the stage of each lead, once live scores and a batch by every engine agree on all of a score."""
    # Scores follow what was applied; this waits until they do.
    served.due(START.isoformat())
    shown = live(served)
    for engine in engines:
        assert batch(served, START.isoformat(), engine) == shown
    return {lead: row[-2] for lead, row in shown.items()}


def rows(served: Served) -> list[tuple[Any, ...]]:
    with opened_store(served.workspace) as store:
        return store.con.execute(
            'SELECT i.value, d.answer, d.ts, d.known, d."by", d.reason FROM dispositions d '
            "JOIN identifiers i ON i.who = d.who ORDER BY d.ts"
        ).fetchall()


def test_it_closes_what_was_asked_before_it_and_nothing_after_it(shop: Served) -> None:
    shop.send(asked(60, userId="ada"), asked(60, userId="bob"), asked(60, anonymousId="d1"))
    shop.applied()
    assert stages(shop) == {"ada": "mql", "bob": "mql", "d1": "mql"}
    answered(shop, [answer(30), answer(61, Name("user", "bob")), answer(60, DEVICE)])
    assert stages(shop) == {"ada": "lead", "bob": "mql", "d1": "lead"}
    for written in (False, True):
        if written:
            compact(shop.workspace, 2**62, 0)
            shop.kill()
            shop.start()
        assert stages(shop) == {"ada": "lead", "bob": "mql", "d1": "lead"}
    shop.send(asked(29, userId="ada"))
    shop.applied()
    assert stages(shop)["ada"] == "mql"
    # The device turns out to be hers; what was answered under its name is an answer to her from then on.
    answered(shop, [answer(10, DEVICE)])
    assert stages(shop) == {"ada": "mql", "bob": "mql", "d1": "lead"}
    shop.send({"type": "identify", "userId": "ada", "anonymousId": "d1", "messageId": "tie"})
    shop.applied()
    assert stages(shop) == {"ada": "lead", "bob": "mql"}


def test_said_again_it_changes_nothing(shop: Served) -> None:
    """Twice at once, again while it waits, again when it is in files; the first holds, also its reason."""
    shop.send(asked(60, userId="ada"))
    answered(shop, [answer(30), answer(30), answer(20, said="accepted", reason="")])
    first = rows(shop)
    start = micros(START)
    assert first == [
        ("ada", "rejected", start - 30 * 60_000_000, start, "eva", "too small"),
        ("ada", "accepted", start - 20 * 60_000_000, start, "eva", ""),
    ]
    for written in (False, True):
        if written:
            compact(shop.workspace, 2**62, 0)
        answered(shop, [answer(30, reason="no budget"), answer(20, said="accepted")])
        assert rows(shop) == first
    # Nor is anything answered later than it was received.
    answered(shop, [answer(-5, said="won")])
    assert rows(shop)[-1] == ("ada", "won", start, start, "eva", "too small")


def test_it_is_replayed_as_it_was_known(shop: Served) -> None:
    """Told at ten that it was rejected at half past eight."""
    shop.send(asked(60, userId="ada"))
    shop.applied()
    ten = START + timedelta(hours=1)
    shop.due(ten.isoformat())
    answered(shop, [answer(30)], ten)
    folder, out, found = shop.workspace.root, shop.workspace.root / "known.json", []
    for known in ("2026-03-27T09:59:59Z", "2026-03-27T10:00:00Z"):
        for engine in ("duckdb", "python"):
            at = ("--as-of", ten.isoformat(), "--known-at", known, "--engine", engine)
            done = ripeline("score", "-w", folder, *at, "-o", out)
            assert done.returncode == 0, done.stderr
            found += [row["stage"] for row in json.loads(out.read_text())]
    assert found == ["mql", "mql", "lead", "lead"]


def test_it_stands_in_the_timeline_and_goes_with_its_person(shop: Served) -> None:
    shop.send(asked(60, userId="ada", anonymousId="d1"), asked(60, userId="bob"))
    bob = answer(30, Name("user", "bob"))
    answered(shop, [answer(30), answer(20, DEVICE, "accepted", "[bold]a\x00b"), bob])
    found = shop.read("/api/leads/ada/timeline?kind=disposition")["entries"]
    assert [(one["identifier"]["value"], one["answer"], one["by"], one["reason"]) for one in found] == [
        ("d1", "accepted", "eva", "[bold]a\ufffdb"),
        ("ada", "rejected", "eva", "too small"),
    ]
    assert (found[0]["time"], found[0]["known_at"]) == ("2026-03-27T08:40:00.000000Z", "2026-03-27T09:00:00.000000Z")
    folder = shop.workspace.root
    shown = ripeline("timeline", "ada", "-w", folder, "--kind", "disposition").stdout
    assert "rejected by eva" in shown
    assert "[bold]a" in shown
    file = folder / "ada.json"
    assert ripeline("export", "ada", "-w", folder, "-o", file).returncode == 0
    assert [one["kind"] for one in json.loads(file.read_text())["entries"]].count("disposition") == 2
    done = ripeline("erase", "ada", "-w", folder, "--yes", "--format", "json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["removes"]["dispositions"] == 2
    shop.applied(told["position"])
    assert [row[:2] for row in rows(shop)] == [("bob", "rejected")]
    # Nor does one that comes late bring her back.
    answered(shop, [answer(5)])
    assert [row[:2] for row in rows(shop)] == [("bob", "rejected")]
    assert stages(shop) == {"bob": "lead"}


def test_a_row_that_tells_none_is_kept_and_stops_nobody(shop: Served) -> None:
    with book_connection(shop.workspace) as db, transaction(db):
        insert(db, Request(micros(START), BY_HAND, b'[{"answer": "maybe"}]', DISPOSITIONS))
    shop.send(asked(60, userId="ada"))
    answered(shop, [answer(30)])
    assert stages(shop) == {"ada": "lead"}
    assert len(rows(shop)) == 1
