"""Live scores are those of a batch at the same position and moment: after anything was sent, killed, written to files."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from ripeline.entry.bootstrap.live import LiveHistory, compact
from ripeline.intake.dispositions import Disposition
from ripeline.vocabulary.people import Name
from tests.acceptance.live.served import Served
from tests.acceptance.live.shop import START, answered, batch, calls, live, micros

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


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
    served.applied()  # else a device changes hands meanwhile, and its names are somebody else's
    lead, other = rng.sample(sorted(live(served)), 2)
    known = served.read(f"/api/leads/{lead}/identity")["identifiers"]
    names = [f"{one['kind']}:{one['value']}" for one in known[1:] if one["value"] != lead]
    verb, identifier = ("unmerge", rng.choice(names)) if names and rng.random() < 0.5 else ("merge", other)
    reply = served.tell(f"/api/leads/{lead}/{verb}", {"identifier": identifier})
    assert reply.status == 200, reply
    served.applied(reply.json["position"])


def answer(served: Served, rng: random.Random, now: datetime) -> None:
    """Answer handoffs of some leads, just now or a while ago, as sales does."""
    shown = sorted(live(served))
    leads = (
        served.read(f"/api/leads/{lead}/identity")["identifiers"][0] for lead in rng.sample(shown, min(len(shown), 3))
    )
    ages = (timedelta(minutes=rng.choice([0, 0, 10, 90, 60 * 30])) for _ in range(3))
    given = [
        Disposition(Name(lead["kind"], lead["value"]), "rejected", micros(now - age), "eva")
        for lead, age in zip(leads, ages, strict=False)
    ]
    answered(served, given, now)


def close(served: Served, rng: random.Random, now: datetime) -> None:
    """Tell of some leads that they were won or lost, just now or days ago."""
    shown = sorted(live(served))
    told = [
        {"lead": lead, "outcome": rng.choice(["won", "won", "lost"]), "time": (now - age).isoformat()}
        for lead in rng.sample(shown, min(len(shown), 4))
        for age in [timedelta(hours=rng.choice([0, 0, 0, 1, 9, 30]))]
    ]
    reply = served.tell("/api/outcomes", {"outcomes": told})
    assert reply.status == 200, reply
    served.applied(reply.json["position"])


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "stretches"), [(4, 2), (1, 8), (2, 8), (3, 8)])
def test_live_is_batch(shop: Served, seed: int, stretches: int) -> None:
    """Killed and started again, written to files, merged and taken apart, judged, answered; the short run has all of it too."""
    rng, now, position, likelihoods = random.Random(seed), START, 0, set[str]()
    for _ in range(stretches):
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
            answer(shop, rng, now)
            close(shop, rng, now)
        now += timedelta(hours=rng.choice([1, 5, 20, 60]))
        shop.due(now.isoformat())
        assert live(shop) == batch(shop, now.isoformat())
        assert live(shop) == batch(shop, now.isoformat(), "python")
        likelihoods |= {row[8] for row in live(shop).values()}
        lead = rng.choice(sorted(live(shop)))
        one = shop.read(f"/api/leads/{lead}")
        assert (one["engagement"]["points"], one["likelihood"]) == (live(shop)[lead][2], live(shop)[lead][8])
    assert stretches == 2 or likelihoods - {"0.05", "0.1", "0.2", "0.4", "0.7"}, "the level has moved"


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
