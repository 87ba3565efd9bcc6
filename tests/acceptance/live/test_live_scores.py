"""Live scores are those of a batch at the same position and moment: after anything was sent, killed, written to files."""

import csv
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ripeline.entry.bootstrap.live import LiveHistory, compact
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

DEFINITION = """\
version: 1
name: shop
timezone: Europe/Berlin
required: []
fit:
  criteria:
    large: {when: "company_size > 100", points: 30}
    pro: {when: "plan = 'pro'", points: 10}
    long_known: {when: "days_since(since) >= 2", points: 5}
  levels: {good: 30, fair: 10, poor: 0}
engagement:
  signals:
    hit: {event: Hit, points: 3, decay: {half_life: 2d}, cap: 20}
    often: {event: Hit, at_least: 3 within 2d, points: 7}
    visits: {type: page, measure: visits, points: 2, within: 3d, at_most: 2 per day}
    spent: {event: Bought, measure: sum(properties.price), points: 0.1, decay: {fade: 5d}}
    quiet: {type: any, inactive: 3d, points: -4}
    trial: {event: Trial, points: 10, trusted: true}
    asked: {event: Asked, points: 15, hand_raise: {open_for: 2d}}
  levels: {high: 20, medium: 8, low: 0}
matrix:
  good: {high: handoff, medium: handoff, low: nurture}
  fair: {high: handoff, medium: nurture, low: nurture}
  poor: {high: follow_up, medium: nurture, low: remove}
  unknown: {high: handoff, medium: nurture, low: nurture}
suppress:
  staff: {when: "email_domain = 'shop.example'"}
"""
START = datetime(2026, 3, 27, 9, tzinfo=UTC)
SHOWN = (
    "fit",
    "fit_level",
    "engagement",
    "engagement_level",
    "rating",
    "action",
    "meets_definition",
    "stage",
    "likelihood",
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Served]:
    """A server whose clock stands at a Friday, days before clocks change."""
    server = Served(tmp_path / "shop", DEFINITION)
    server.clock.write_text(START.isoformat())
    server.start()
    yield server
    server.stop()
    assert not server.defects()


def calls(rng: random.Random, now: datetime, count: int) -> Iterator[dict[str, Any]]:
    """Calls of a few users and devices, some of them shared, some late, some sent twice; addresses known of several."""
    for _ in range(count):
        user = rng.choice([None, *(f"u{n}" for n in range(10)), "A1@Acme.example", "d3"])
        device = rng.choice([None, *(f"d{n}" for n in range(10))]) if user else f"d{rng.randrange(10)}"
        at = now - timedelta(minutes=rng.choice([0, 1, 5, 40, 60 * 30]) + rng.randrange(50))
        call: dict[str, Any] = {"messageId": f"m{rng.randrange(4_000)}", "timestamp": at.isoformat()}
        call |= {"userId": user, "anonymousId": device, **rng.choice(AGENTS)}
        kind = rng.choice(["track", "track", "track", "page", "identify", "alias"])
        if kind == "track":
            call |= {
                "event": rng.choice(["Hit", "Hit", "Bought", "Trial", "Asked"]),
                "properties": {"price": rng.randrange(90)} | rng.choice([{}, {}, {"email": address(rng)}]),
            }
        if kind == "identify":
            traits = {"company_size": rng.choice([5, 500, None]), "plan": rng.choice(["pro", "free"])}
            call["traits"] = traits | {"since": at.date().isoformat(), "email": address(rng)}
            call["traits"] |= rng.choice([{}, {}, {"crm_id": f"C-{rng.randrange(6)}"}])
        if kind == "alias":
            call["previousId"] = f"d{rng.randrange(12)}"
        yield call | {"type": kind}


def address(rng: random.Random) -> str:
    return f"a{rng.randrange(9)}@{rng.choice(['shop', 'acme', 'Acme'])}.example"


AGENTS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"context": {"userAgent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}},
    {"context": {"userAgent": "X11; Linux"}},
)


def judge(served: Served, rng: random.Random) -> None:
    """Set some events aside, or restore some, those of one lead or by their ids, as people do."""
    stored = [one for (one,) in served.stored("replace(CAST(e.id AS VARCHAR), '-', '')")]
    aside = [one["id"] for one in served.read("/api/set-aside?limit=1000")["set_aside"]]
    chosen = {"events": rng.sample(stored, min(len(stored), 3))} if rng.random() < 0.6 else {"user_agent": "X11; Linux"}
    path = "/api/set-aside"
    if aside and rng.random() < 0.5:
        path, chosen = "/api/set-aside/restore", {"events": rng.sample(aside, rng.randrange(1, len(aside) + 1))}
    reply = served.tell(path, {**chosen, "reason": "by chance"})
    assert reply.status == 200 or "no event" in reply.json["message"], reply
    served.applied(reply.json.get("position"))


def decide(served: Served, rng: random.Random) -> None:
    """Merge two leads, or take a name out of one, as people do."""
    lead, other = rng.sample(sorted(live(served)), 2)
    known = served.read(f"/api/leads/{lead}/identity")["identifiers"]
    names = [f"{one['kind']}:{one['value']}" for one in known[1:] if one["value"] != lead]
    verb, identifier = ("unmerge", rng.choice(names)) if names and rng.random() < 0.5 else ("merge", other)
    reply = served.tell(f"/api/leads/{lead}/{verb}", {"identifier": identifier})
    assert reply.status == 200, reply
    served.applied(reply.json["position"])


def live(served: Served) -> dict[str, tuple[str, ...]]:
    rows = list[dict[str, Any]]()
    while page := served.read(f"/api/leads?limit=1000&sort=lead&offset={len(rows)}")["leads"]:
        rows += page
    return {row["lead"]: tuple(_text(row[name]) for name in SHOWN) for row in rows}


def batch(served: Served, as_of: str, engine: str = "duckdb") -> dict[str, tuple[str, ...]]:
    out = served.workspace.root / "scores.csv"
    done = ripeline("score", "-w", served.workspace.root, "--as-of", as_of, "-o", out, "--engine", engine)
    assert done.returncode == 0, done.stderr
    with out.open(encoding="utf-8", newline="") as rows:
        return {row["lead"]: tuple(row[name] for name in SHOWN) for row in csv.DictReader(rows)}


def _text(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))])
def test_live_is_batch(shop: Served, seed: int) -> None:
    rng, now, position = random.Random(seed), START, 0
    for _ in range(8):
        for _ in range(3):
            key = rng.choice([shop.web_key, shop.server_key])
            position = shop.send(*calls(rng, now, rng.randrange(1, 40)), key=key).json["position"]
        match rng.choice(["go on", "kill", "compact"]):
            case "kill":
                shop.kill()
                shop.start()
            case "compact":
                compact(shop.workspace, position, 0)
        if live(shop):
            decide(shop, rng)
            judge(shop, rng)
        now += timedelta(hours=rng.choice([1, 5, 20, 60]))
        shop.due(now.isoformat())
        assert live(shop) == batch(shop, now.isoformat())
        assert live(shop) == batch(shop, now.isoformat(), "python")
        lead = rng.choice(sorted(live(shop)))
        assert shop.read(f"/api/leads/{lead}")["engagement"]["points"] == live(shop)[lead][2]


def test_files_written_meanwhile_take_nothing_away(shop: Served) -> None:
    """Whoever reads between two stretches still finds all that was read before."""
    for number in range(4):
        shop.send({"type": "track", "event": "Hit", "userId": f"u{number}", "messageId": str(number)})
    shop.applied()
    shop.stop()
    history = LiveHistory(shop.workspace)
    assert history.advance() == 4
    compact(shop.workspace, 2, 0)
    assert history.step()
    (found,) = history.store.con.execute("SELECT count(*) FROM events").fetchall()
    assert (history.position, found) == (4, (4,))
    history.close()
    shop.start()


def test_others_who_had_a_device_too_are_left_alone(shop: Served) -> None:
    """Bo's device was Ada's later; what Bo does without it changes nothing for Ada, who is known by an address."""

    def hit(number: int, user: str, device: str | None) -> dict[str, Any]:
        at = (START - timedelta(hours=5 - number)).isoformat()
        whose = {"userId": user, "anonymousId": device, "timestamp": at}
        return {"type": "track", "event": "Hit", "messageId": str(number), **whose}

    named = {"type": "identify", "userId": "ada", "messageId": "i", "traits": {"email": "ada@acme.example"}}
    shop.send(hit(1, "bo", "d"), hit(2, "ada", "d"), named)
    shop.due(START.isoformat())
    before = live(shop)
    shop.send(hit(3, "bo", None))
    shop.due(START.isoformat())
    assert shop.read("/api/leads")["total"] == 2
    assert (live(shop)["ada"], live(shop)) == (before["ada"], batch(shop, START.isoformat()))


def test_time_alone_moves_scores(shop: Served) -> None:
    """Without anything being sent, over several midnights."""
    shop.send({"type": "track", "event": "Asked", "userId": "ada", "messageId": "1"}, key=shop.server_key)
    shop.applied()
    seen = []
    for days in range(5):
        shop.due((START + timedelta(days=days)).isoformat())
        seen.append((live(shop)["ada"][2], live(shop)["ada"][6]))
    assert seen == [("15", "true"), ("15", "true"), ("15", "false"), ("11", "false"), ("11", "false")]


def test_leads_are_filtered_sorted_and_paged(shop: Served) -> None:
    shop.send(
        *(
            {"type": "track", "event": "Hit", "userId": f"u{n}", "messageId": f"{n} {m}"}
            for n in range(5)
            for m in range(n)
        )
    )
    shop.applied()
    shop.due(START.isoformat())
    page = shop.read("/api/leads?sort=-engagement&limit=2&offset=1")
    assert (page["total"], [row["lead"] for row in page["leads"]]) == (4, ["u3", "u2"])
    assert [row["lead"] for row in shop.read("/api/leads?engagement_level=low")["leads"]] == ["u2", "u1"]
    refused = shop.ask("/api/leads?level=high", authorization=f"Bearer {shop.token}")
    assert (refused.status, refused.json["code"]) == (400, "bad_input")
