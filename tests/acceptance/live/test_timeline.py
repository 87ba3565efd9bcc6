"""What is stored of a lead is told in the order of time, each thing once, to whoever pages through it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ripeline.entry.bootstrap.live import compact
from tests.acceptance.examples import ripeline as ripeline_of_its_own
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served
from tests.acceptance.live.shop import START

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


def call(minute: int, type_: str, **more: object) -> dict[str, Any]:
    at = START - timedelta(minutes=60 - minute)
    return {"type": type_, "messageId": f"m{minute} {more}", "timestamp": at.isoformat(), **more}


def entries(served: Served, lead: str, query: str = "limit=1000") -> list[dict[str, Any]]:
    return list(served.read(f"/api/leads/{lead}/timeline?{query}")["entries"])


def paged(served: Served, lead: str, limit: int) -> Iterator[dict[str, Any]]:
    before = ""
    while True:
        page = served.read(f"/api/leads/{lead}/timeline?limit={limit}{before}")
        assert len(page["entries"]) == limit or page["next"] is None
        yield from page["entries"]
        if page["next"] is None:
            return
        before = f"&before={page['next']}"


def told(entry: dict[str, Any]) -> tuple[object, ...]:
    """Kind, name it came under, and the heart of it."""
    heart = {"event": "name", "set_aside": "reason"}.get(entry["kind"], entry["kind"])
    return entry["kind"], entry["identifier"]["value"], entry[heart]


def test_everything_of_a_person_stands_in_its_order(shop: Served) -> None:
    properties = {"Plan": "pro", "plan": "free", "price": 149.9, "code": "007", "tags": ["a", "b"], "on": True}
    shop.send(
        call(1, "page", name="Home", anonymousId="d1"),
        call(2, "identify", userId="ada", anonymousId="d1", traits={"company_size": 500, "plan": None}),
        call(3, "track", event="Bought", userId="ada", properties=properties),
        call(4, "identify", userId="bob", anonymousId="d1", traits={"plan": "pro"}),
        call(5, "track", event="Hit", anonymousId="d1"),
    )
    shop.send(call(6, "track", event="Hit", userId="ada"), key=shop.server_key)
    shop.applied()
    found = entries(shop, "anonymous:d1")
    assert [told(one) for one in found] == [
        # The device is bob's by now.
        ("event", "d1", "Hit"),
        ("link", "bob", "linked"),
        ("traits", "bob", {"plan": "pro"}),
    ]
    found = entries(shop, "ada")
    assert [told(one) for one in found] == [
        ("event", "ada", "Hit"),
        ("event", "ada", "Bought"),
        ("link", "ada", "linked"),
        ("traits", "ada", {"company_size": 500, "plan": None}),
        ("event", "d1", "Home"),
    ]
    assert [(one["source"], one["trusted"]) for one in found[:3]] == [("server", True), ("web", False), ("web", None)]
    assert found[1]["fields"] == {f"properties.{key}": value for key, value in properties.items()}
    assert (found[1]["time"], found[1]["known_at"]) == ("2026-03-27T08:03:00.000000Z", "2026-03-27T09:00:00.000000Z")
    assert found[2]["other"] == {"kind": "anonymous", "value": "d1"}
    assert [told(one)[2] for one in entries(shop, "ada", "kind=event&limit=2")] == ["Hit", "Bought"]


def test_decisions_are_told_and_persons_joined(shop: Served) -> None:
    shop.send(*(call(minute, "track", event=f"of {user}", userId=user) for minute, user in enumerate(("ada", "bob"))))
    shop.applied()
    for verb in ("merge", "unmerge", "merge"):
        position = shop.tell(f"/api/leads/ada/{verb}", {"identifier": "bob"}).json["position"]
        shop.applied(position)
        shop.due((START + timedelta(minutes=position)).isoformat())
    found = entries(shop, "bob")
    assert [told(one)[2] for one in found] == ["merged", "unmerged", "merged", "of bob", "of ada"]
    assert {one["source"] for one in found[:3]} == {"by hand"}


def test_what_counts_nowhere_and_where_somebody_belongs_is_told(shop: Served) -> None:
    shop.send(
        call(1, "track", event="Hit", userId="ada"),
        call(2, "page", name="Prices", userId="ada", context={"userAgent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}),
        call(3, "group", userId="ada", groupId="corp.example"),
        call(4, "track", event="Bought", userId="ada"),
    )
    shop.applied()
    (bought,) = entries(shop, "ada", "kind=event&limit=1")
    events = [one["id"] for one in shop.read("/api/set-aside")["set_aside"]]
    assert len(events) == 1
    expected = [
        ("event", "ada", "Bought"),
        ("account", "ada", "corp.example"),
        ("set_aside", "ada", "crawler"),
        ("event", "ada", "Hit"),
    ]
    assert [told(one) for one in entries(shop, "ada")] == expected
    message = {"source": "web", "messages": [call(4, "track", event="Bought", userId="ada")["messageId"]]}
    reply = shop.tell("/api/set-aside", {**message, "reason": "a test order"})
    shop.applied(reply.json["position"])
    found = entries(shop, "ada")
    assert [told(one) for one in found] == [("set_aside", "ada", "a test order"), *expected[1:]]
    assert found[0]["time"] == bought["time"]
    shown = ripeline("timeline", "ada", "-w", shop.workspace.root)
    assert all(text in shown.stdout for text in ("set aside: a test order", "set aside: crawler", "belongs to"))


def test_pages_neither_skip_nor_double(shop: Served, tmp_path: Path) -> None:
    """Many at one moment, undated ones, in files and behind them; something younger comes between two pages."""
    leads = tmp_path / "crm.csv"
    leads.write_text("id,plan,size\nada,pro,1\nada,free,2\nada,pro,3\nbob,pro,1\n")
    assert ripeline("import", "leads", leads, "-w", shop.workspace.root, "--id", "id").returncode == 0
    same = [call(1, "track", event=f"E{n}", userId="ada") for n in range(5)]
    stated = [call(1, "identify", userId="ada", traits={"n": n}) for n in range(4)]
    position = shop.send(*same, *stated).json["position"]
    shop.applied()
    compact(shop.workspace, position, 0)
    shop.send(*(call(1, "track", event=f"F{n}", userId="ada") for n in range(4)))
    shop.applied()
    whole = entries(shop, "ada")
    assert len(whole) == 3 + 5 + 4 + 4
    assert sorted(str(told(one)[2]) for one in whole if one["kind"] == "event") == [
        *(f"E{n}" for n in range(5)),
        *(f"F{n}" for n in range(4)),
    ]
    assert [one["time"] for one in whole[-3:]] == [None] * 3
    for limit in (1, 3, 7):
        before, seen = entries(shop, "ada"), list[dict[str, Any]]()
        for one in paged(shop, "ada", limit):
            if not seen:
                shop.send(call(50 + limit, "track", event="Hit", userId="ada"))
                shop.applied()
            seen.append(one)
        assert seen == before


def test_the_command_tells_the_same(shop: Served) -> None:
    shop.send(
        call(
            1,
            "track",
            event="[bold]Hit[/]",
            anonymousId="d1",
            properties={"note": "[red]x" * 9, **dict.fromkeys("abcdefg", 1)},
        ),
        call(2, "identify", userId="ada", anonymousId="d1", traits={"email": "ada@corp.example"}),
    )
    shop.applied()
    folder = shop.workspace.root
    by_route = shop.read("/api/leads/ada@corp.example/timeline?limit=2")
    del by_route["position"]
    done = ripeline("timeline", "ada@corp.example", "-w", folder, "--limit", "2", "--format", "json")
    assert json.loads(done.stdout) == by_route
    shown = ripeline("timeline", "ada", "-w", folder, "--limit", "1")
    assert shown.returncode == 0
    before = shown.stdout.rpartition("--before ")[2].strip()
    rest = ripeline_of_its_own("timeline", "ada", "-w", folder, "--before", before)
    assert all(text in rest.stdout for text in ("[bold]Hit[/]", "as anonymous d1", "not trusted", "and 2 more"))
    nothing = ripeline("timeline", "ada", "-w", folder, "--kind", "outcome")
    assert (nothing.returncode, "Nothing of the kind" in nothing.stdout) == (0, True)
    wrong = ripeline("timeline", "ada", "-w", folder, "--kind", "evnt")
    assert (wrong.returncode, '"event"' in wrong.stderr) == (1, True)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("nobody/timeline", 404),
        ("ada/timeline?kind=acts", 400),
        ("ada/timeline?limit=0", 400),
        ("ada/timeline?limit=x", 400),
        ("ada/timeline?before=x", 400),
        ("ada/timeline?before=%F0%9F%98%80", 400),
        ("ada/timeline?before=WzEsMl0", 400),
        # [99999999999999999999, 0, 0, ""]
        ("ada/timeline?before=Wzk5OTk5OTk5OTk5OTk5OTk5OTk5LDAsMCwiIl0", 400),
    ],
)
def test_wrong_questions_are_refused(standing_shop: Served, query: str, status: int) -> None:
    standing_shop.send(call(1, "track", event="Hit", userId="ada"))
    standing_shop.applied()
    reply = standing_shop.ask(f"/api/leads/{query}", authorization=f"Bearer {standing_shop.token}")
    assert reply.status == status, reply
    assert reply.json.keys() == {"code", "message"}
