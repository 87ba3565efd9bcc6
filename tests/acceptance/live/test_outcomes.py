"""Deals that are told by route or command are stored once, durably, and stand at one position for every reader."""

import json

import pytest

from ripeline.entry.bootstrap.live import compact, opened_history
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Reply, Served

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


def begun(served: Served) -> Served:
    """Two leads are there: Ada by her address and on a device, and Bob."""
    served.send(
        {
            "type": "identify",
            "userId": "ada",
            "anonymousId": "d1",
            "messageId": "m1",
            "traits": {"email": "ada@corp.example"},
        },
        {"type": "track", "event": "Hit", "userId": "bob", "messageId": "m2"},
    )
    served.applied()
    return served


@pytest.fixture
def shop(shop: Served) -> Served:
    return begun(shop)


@pytest.fixture(scope="module")
def standing_shop(standing_shop: Served) -> Served:
    return begun(standing_shop)


def tell(served: Served, *outcomes: tuple[str, ...]) -> Reply:
    names = ("lead", "outcome", "time")
    reply = served.tell("/api/outcomes", {"outcomes": [dict(zip(names, one, strict=False)) for one in outcomes]})
    if reply.status == 200:
        served.applied(reply.json["position"])
    return reply


def known(served: Served, lead: str) -> list[tuple[str, str]]:
    found = served.read(f"/api/leads/{lead}/timeline?kind=outcome")["entries"]
    return [(one["outcome"], one["time"]) for one in found]


def test_outcomes_count_once_however_they_are_told(shop: Served) -> None:
    """By any identifier, in files or behind them, with a time or without; what changed is kept."""
    first = tell(shop, ("d1", "lost", "2026-03-01T10:00:00Z"), ("ada@corp.example", "won"), ("bob", "lost"))
    assert [one["lead"] for one in first.json["outcomes"]] == ["ada", "ada", "bob"]
    ada = [("won", "2026-03-27T09:00:00.000000Z"), ("lost", "2026-03-01T10:00:00.000000Z")]
    assert known(shop, "ada") == ada
    shop.due("2026-03-28T09:00:00Z")
    for in_files in (False, True):
        tell(shop, ("ada", "lost", "2026-03-01T10:00:00Z"), ("ada", "won"), ("ada", "won"))
        # Later than now is now.
        tell(shop, ("ada", "won", "2027-01-01"))
        assert known(shop, "ada") == ada
        if not in_files:
            compact(shop.workspace, 2**62, 0)
            shop.kill()
            shop.start()
    tell(shop, ("ada", "lost"))
    shop.due("2026-03-28T10:00:00Z")
    tell(shop, ("ada", "won"), ("ada", "won"))
    assert [outcome for outcome, _ in known(shop, "ada")] == ["won", "lost", "won", "lost"]
    assert known(shop, "bob") == [("lost", "2026-03-27T09:00:00.000000Z")]


def test_what_was_answered_survives_a_kill(shop: Served) -> None:
    reply = shop.tell("/api/outcomes", {"outcomes": [{"lead": "bob", "outcome": "won"}]})
    shop.kill()
    assert reply.status == 200
    with opened_history(shop.workspace) as history:
        assert history.outcomes() == {"bob": "won"}
    shop.start()
    assert [outcome for outcome, _ in known(shop, "bob")] == ["won"]


def test_the_command_does_the_same(shop: Served) -> None:
    folder = shop.workspace.root
    done = ripeline("outcome", "d1", "won", "--at", "2026-03-05", "-w", folder, "--format", "json")
    assert done.returncode == 0, done.stderr
    shop.applied(json.loads(done.stdout)["position"])
    # The last microsecond of the day in Berlin.
    assert known(shop, "ada") == [("won", "2026-03-05T22:59:59.999999Z")]
    said = ripeline("outcome", "bob", "lost", "-w", folder)
    assert said.stdout.startswith("bob was lost at ")
    for wrong in (("nobody", "won"), ("bob", "won", "--at", "soon")):
        refused = ripeline("outcome", *wrong, "-w", folder)
        assert (refused.returncode, refused.stdout) == (1, ""), wrong


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"outcomes": []}',
        b'{"outcomes": [{"lead": "ada"}]}',
        b'{"outcomes": [{"lead": "ada", "outcome": "open"}]}',
        b'{"outcomes": [{"lead": "ada", "outcome": "won", "at": "2026-01-01"}]}',
        b'{"outcomes": [{"lead": "ada", "outcome": "won", "time": "soon"}]}',
        b'{"outcomes": [{"lead": "ada", "outcome": "won"}, {"lead": "nobody", "outcome": "won"}]}',
        b'{"outcomes": [{"lead": "\\ud800", "outcome": "won"}]}',
        b'{"outcomes": [{"lead": "\xff", "outcome": "won"}]}',
    ],
)
def test_what_cannot_be_is_refused_whole(standing_shop: Served, body: bytes) -> None:
    reply = standing_shop.ask("/api/outcomes", body, authorization=f"Bearer {standing_shop.admin}")
    assert (reply.status, reply.json["code"] in {"bad_body", "bad_input"}) == (400, True), reply
    standing_shop.applied()
    assert known(standing_shop, "ada") == []
