"""Accounts of what clients send: the same live and in a batch, whatever order it came in, and one told by its points."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ripeline.entry.bootstrap.live import LiveHistory, compact
from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served
from tests.acceptance.live.shop import DEFINITION, START, calls

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]
Record = dict[str, Any]


def group(account: object, message: str, minutes: int = 0, /, **call: object) -> Record:
    at = (START - timedelta(minutes=minutes)).isoformat()
    return {"type": "group", "groupId": account, "messageId": message, "timestamp": at, **call}


def hits(user: str, count: int) -> list[Record]:
    """Acts worth 3 points each today, at most 20, and 7 more from the third on."""
    at = START.isoformat()
    return [
        {"type": "track", "event": "Hit", "userId": user, "messageId": f"{user} {n}", "timestamp": at}
        for n in range(count)
    ]


def mailed(user: str, mail: str, **traits: object) -> Record:
    return {"type": "identify", "userId": user, "messageId": f"{user} mail", "traits": {"email": mail, **traits}}


def live(served: Served, more: str = "") -> list[Record]:
    return list(served.read(f"/api/accounts?limit=1000&sort=account{more}")["accounts"])


def batch(served: Served, as_of: datetime) -> list[Record]:
    root = served.workspace.root
    done = ripeline("accounts", "-w", root, "--as-of", as_of.isoformat(), "--format", "json")
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def without_moments(rows: list[Record]) -> list[Record]:
    """Live rows stand at the moment when their leads were last scored."""
    return [{**row, "as_of": None} for row in rows]


def test_an_account_by_hand(shop: Served) -> None:
    """Ada of a large company has 20 + 7 (high interest, handed over), Bob 3 x 3 + 7 (medium from 8 on), Cyd 3, Dan is staff: 27 + 5."""
    shop.send(
        *hits("ada", 8),
        *hits("bob", 3),
        *hits("cyd", 1),
        *hits("dan", 8),
        mailed("ada", "ada@firm.example", company_size=500),
        mailed("bob", "bob@firm.example"),
        mailed("dan", "dan@shop.example"),
        *(group("acme", f"g {user}", userId=user, traits={"name": "Acme"}) for user in ("ada", "cyd", "dan")),
    )
    shop.send(group("acme", "g bob", userId="bob", traits={"name": "Acme Ltd", "seats": 40}))
    shop.send({**mailed("dan", "dan@shop.example"), "messageId": "again"}, key=shop.server_key)
    shop.applied()
    shop.due(START.isoformat())
    told = shop.read("/api/accounts/acme")
    assert told["engagement"] == {
        "points": "32",
        "level": "high",
        "contributions": [
            {"name": "lead:ada", "points": "27", "evidence": {"engagement": "27", "level": "high"}},
            {"name": "lead:bob", "points": "5", "evidence": {"engagement": "16", "level": "medium"}},
        ],
    }
    assert [(one["lead"], one["stage"]) for one in told["leads"]] == [
        ("ada", "mql"),
        ("dan", "suppressed"),
        ("bob", "lead"),
        ("cyd", "lead"),
    ]
    assert told["traits"] == {"name": "Acme Ltd", "seats": 40}
    (row,) = live(shop)
    counts = {name: row[name] for name in ("engagement", "engagement_level", "leads", "interested", "mqls", "best")}
    assert counts == {
        "engagement": "32",
        "engagement_level": "high",
        "leads": 3,
        "interested": 2,
        "mqls": 1,
        "best": "ada",
    }
    assert shop.read("/api/leads/ada")["account"] == "acme"
    assert [lead["lead"] for lead in shop.read("/api/leads?account=acme&sort=lead")["leads"]] == [
        "ada",
        "bob",
        "cyd",
        "dan",
    ]


def test_an_account_of_many(shop: Served) -> None:
    """So many that they are scored by SQL: 301 x 3 points, none at medium interest."""
    many = [f"u{number:03d}" for number in range(301)]
    shop.send(*(hit for user in many for hit in hits(user, 1)))
    shop.send(*(group("acme", f"g {user}", userId=user) for user in many), *hits("u000", 3)[1:])
    shop.applied()
    shop.due(START.isoformat())
    told, (row,) = shop.read("/api/accounts/acme"), live(shop)
    assert (told["engagement"]["points"], row["engagement"], row["leads"], len(told["leads"])) == ("16", "16", 301, 301)


def test_the_last_link_counts_in_whatever_order_they_come(shop: Served) -> None:
    shop.send(mailed("ada", "ada@firm.example"))
    shop.send(group("late", "1", 10, userId="ada"))
    shop.send(group("early", "2", 20, userId="ada"))
    shop.applied()
    assert shop.read("/api/leads/ada")["account"] == "late"
    before = (START - timedelta(minutes=15)).isoformat().replace("+", "%2B")
    assert shop.read(f"/api/leads/ada?as_of={before}")["account"] == "early"
    shop.send(group("ours", "3", 30, userId="ada"), key=shop.server_key)
    shop.applied()
    assert shop.read("/api/leads/ada")["account"] == "ours"


def test_a_device_belongs_where_its_person_does(shop: Served) -> None:
    """What a visitor's device said counts once it is known whose it is; a shared device leaks nothing."""
    shop.send(group("acme", "1", 20, anonymousId="d1"), *hits("ada", 1), *hits("bob", 1))
    shop.send({"type": "identify", "userId": "ada", "anonymousId": "d1", "messageId": "2"})
    shop.applied()
    assert shop.read("/api/leads/ada")["account"] == "acme"
    shop.due((START + timedelta(minutes=2)).isoformat())
    shop.send({"type": "identify", "userId": "bob", "anonymousId": "d1", "messageId": "3"})
    shop.applied()
    assert [shop.read(f"/api/leads/{lead}")["account"] for lead in ("ada", "bob")] == ["acme", None]
    shop.tell("/api/leads/bob/merge", {"identifier": "ada"})
    shop.applied()
    shop.due((START + timedelta(minutes=4)).isoformat())
    assert shop.read("/api/leads/bob")["account"] == "acme"
    assert [(row["account"], row["leads"]) for row in live(shop)] == [("acme", 1)]


def test_a_call_counts_once_whatever_became_of_it(shop: Served) -> None:
    """Sent again beside it, and behind what was written to files, as the server reads on."""
    for behind_files in (False, True):
        if behind_files:
            shop.start()
        shop.send(group("acme", "1", userId="ada"), *hits("ada", 1))
        shop.send(group("acme", "2", userId="ada", traits={"seats": 3}))
        shop.stop()
        history = LiveHistory(shop.workspace, keeps_failed=True)
        history.advance()
        counts = [
            history.store.con.execute(f"SELECT count(*) FROM {kind}").fetchall()[0][0]
            for kind in ("events", "group_links", "account_traits")
        ]
        assert counts == [1, 2, 1]
        history.write_out(0)
        history.close()


def test_who_names_no_group_is_told(shop: Served) -> None:
    shop.send(*(group(account, str(n), userId="ada") for n, account in enumerate(("null", "000", None, {"id": 1}, ""))))
    shop.applied()
    assert [one["reason"] for one in shop.failed()] == ["no_group_id"] * 5
    reply = shop.ask("/api/accounts/null", authorization=f"Bearer {shop.token}")
    assert (reply.status, reply.json["code"]) == (404, "no_such_account")
    refused = shop.ask("/api/accounts?sort=stage", authorization=f"Bearer {shop.token}")
    assert (refused.status, refused.json["code"]) == (400, "bad_input")


def test_group_calls_by_file_are_those_by_the_server(shop: Served, tmp_path: Path) -> None:
    sent = [
        group("acme", "1", 30, userId="ada", traits={"name": "Acme", "email": "info@other.example"}),
        group("acme", "2", 20, userId="bob", traits={"name": None, "seats": 12}),
        group("other", "3", 25, userId="bob"),
        group(" Null ", "4", 10, userId="bob"),
        *hits("ada", 2),
        *hits("bob", 4),
    ]
    shop.send(*sent, key=shop.server_key)
    shop.applied()
    told = shop.read("/api/accounts/acme")
    other = tmp_path / "other"
    other.mkdir()
    (other / "ripeline.toml").write_text(FIRST_SETTINGS)
    (other / "qualification.yaml").write_text(DEFINITION)
    file = tmp_path / "server.jsonl"
    file.write_text("".join(json.dumps(call) + "\n" for call in sent))
    for told_how in ("3 group links, 2 account statements", "0 group links, 0 account statements"):
        imported = ripeline("import", "events", file, "-w", other)
        assert told_how in " ".join(imported.stdout.split()), imported
        assert "1 refused" in imported.stdout
    done = ripeline("accounts", "acme", "-w", other, "--as-of", told["as_of"], "--format", "json")
    assert json.loads(done.stdout) == {name: value for name, value in told.items() if name != "position"}
    assert told["traits"] == {"email": "info@other.example", "seats": 12}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_live_is_batch(shop: Served, seed: int) -> None:
    rng, now, position = random.Random(seed), START, 0
    for step in range(5):
        sent = list(calls(rng, now, 30))
        sent += [grouped(rng, now, f"{step} {n}") for n in range(8)]
        rng.shuffle(sent)
        position = shop.send(*sent, key=rng.choice([shop.web_key, shop.server_key])).json["position"]
        match rng.choice(["go on", "kill", "compact"]):
            case "kill":
                shop.kill()
                shop.start()
            case "compact":
                shop.applied()
                compact(shop.workspace, position, 0)
        now += timedelta(hours=rng.choice([1, 5, 20, 60]))
        shop.due(now.isoformat())
        rows = live(shop)
        assert without_moments(rows) == without_moments(batch(shop, now))
        row = rng.choice(rows)
        told = shop.read(f"/api/accounts/{row['account']}")
        assert (told["engagement"]["points"], told["engagement"]["level"]) == (
            row["engagement"],
            row["engagement_level"],
        )
        assert sum(lead["stage"] != "suppressed" for lead in told["leads"]) == row["leads"]


def grouped(rng: random.Random, now: datetime, message: str) -> Record:
    named = rng.choice([{"userId": f"u{rng.randrange(10)}"}, {"anonymousId": f"d{rng.randrange(10)}"}])
    at = now - timedelta(minutes=rng.randrange(3_000))
    call = group(rng.choice(["acme", "acme.example", "other", "null"]), f"group {message}") | named
    return {**call, "timestamp": at.isoformat(), "traits": {"size": rng.randrange(9)}}
