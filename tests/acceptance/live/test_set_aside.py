"""What people did not do themselves counts nowhere, is seen with its reason, and counts again once it is restored."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from segment.analytics.client import Client  # type: ignore[import-untyped]

from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.python import PythonEngine
from ripeline.entry.bootstrap.live import LiveHistory, compact, opened_store, settle
from ripeline.entry.cli.score import plan_of
from ripeline.ports.scores import Asked
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served
from tests.acceptance.live.shop import START

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

DEFINITION = """\
version: 1
timezone: UTC
required: []
fit:
  criteria: {large: {when: "company_size > 100", points: 30}}
  levels: {good: 30, poor: 0}
engagement:
  signals:
    hit: {event: Hit, points: 3}
    opened: {event: Email Opened, points: 1}
    clicked: {event: Email Link Clicked, points: 5}
    quiet: {type: any, inactive: 3d, points: -4}
    asked: {event: Asked, points: 40, hand_raise: true}
  levels: {high: 20, low: 0}
matrix:
  good: {high: handoff, low: nurture}
  poor: {high: follow_up, low: nurture}
  unknown: {high: handoff, low: nurture}
"""
SETTINGS = """\
[set_aside]
staff_domains = ["Own.example"]
staff_addresses = ["Kim@freelance.example"]
burst_events = 20
"""
SCHEMAS = Path(__file__).parents[3] / "src/ripeline/entry/schemas"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
SEEDS = [pytest.param(seed, marks=pytest.mark.slow) for seed in range(3)]
Lines = list[tuple[str, str, str, int]]


@pytest.fixture(scope="module")
def definition() -> str:
    return DEFINITION


@pytest.fixture(scope="module")
def settings() -> str:
    return SETTINGS


def track(name: str, user: str, seconds: float, message: str, **more: object) -> dict[str, Any]:
    at = (START - timedelta(minutes=10) + timedelta(seconds=seconds)).isoformat()
    return {"type": "track", "event": name, "userId": user, "messageId": message, "timestamp": at, **more}


def mail(name: str, user: str, seconds: float, message: str, link: str | None = None) -> dict[str, Any]:
    return track(name, user, seconds, message, properties={"email_id": "may", "link_url": link})


def aside(served: Served) -> dict[str, str]:
    """Whose event it is and why, of all that are set aside."""
    found = served.read("/api/set-aside?limit=1000")
    assert found["total"] == len(found["set_aside"])
    return {f"{one['identifier']} {one['name']} {one['time'][14:19]}": one["reason"] for one in found["set_aside"]}


def engagement(served: Served, lead: str) -> str:
    return str(served.read(f"/api/leads/{lead}")["engagement"]["points"])


def settled(served: Served) -> None:
    """Everything applied, patterns looked for, and scores brought to the present."""
    served.due(served.clock.read_text())


def lines(served: Served, as_of: datetime, known: datetime | None = None) -> Lines:
    """Every contribution of everybody, the same by both readers."""
    at_us, known_us = (None if one is None else int(one.timestamp() * 1_000_000) for one in (as_of, known))
    asked, plan = Asked(at_us or 0, known_us), plan_of(served.workspace, None)
    with opened_store(served.workspace) as store:
        found = [list(engine.contributions(plan, asked)) for engine in (DuckEngine(store), PythonEngine(store))]
    assert found[0] == found[1]
    return found[0]


def judged(served: Served, path: str, body: dict[str, Any]) -> int:
    reply = served.tell(path, {"reason": "a test of ours", **body})
    assert reply.status == 200, reply
    settled(served)
    return int(reply.json["events"])


def written_out(served: Served) -> None:
    """What is in memory becomes files; those in which events lie wrong by then stay as they are."""
    history = LiveHistory(served.workspace)
    history.advance()
    assert history.write_out(0)
    history.close()


def rewritten(served: Served) -> None:
    """Files hold each event where it belongs."""
    settle(served.workspace, 0)
    with opened_store(served.workspace) as store:
        assert not store.pending


def test_a_crawler_by_a_real_client(shop: Served) -> None:
    """Segment's client for Python passes on what the visitor's browser called itself."""
    client = Client(shop.server_key, host=shop.url, sync_mode=True)
    client.track("ada", "Hit", context={"userAgent": GOOGLEBOT})
    client.track("ada", "Hit", context={"userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0.0.0"})
    client.track("nobody", "Hit", context={"userAgent": GOOGLEBOT})
    settled(shop)
    assert engagement(shop, "ada") == "3"
    assert [row["lead"] for row in shop.read("/api/leads")["leads"]] == ["ada"], "nobody came besides"
    found = shop.read("/api/set-aside")["set_aside"]
    assert sorted((one["identifier"], one["reason"], one["by"], one["source"]) for one in found) == [
        ("ada", "crawler", "rule", "server"),
        ("nobody", "crawler", "rule", "server"),
    ]
    assert judged(shop, "/api/set-aside/restore", {"user_agent": "googlebot"}) == 2
    assert (engagement(shop, "ada"), engagement(shop, "nobody"), aside(shop)) == ("6", "3", {})


def test_the_picture_of_a_mail_tells_who_asked_for_it(shop: Served) -> None:
    """By the headers of the request: nothing in a mail can say it."""
    path = f"/v1/pixel.gif?writeKey={shop.web_key}&event=Email%20Opened&userId=ada&email_id=may&messageId="
    shop.ask(path + "1", user_agent=GOOGLEBOT)
    shop.ask(path + "2", user_agent="Mozilla/5.0", sec_purpose="prefetch")
    shop.ask(path + "3", user_agent="Mozilla/5.0 Firefox/11.0 (via ggpht.com GoogleImageProxy)")
    settled(shop)
    assert engagement(shop, "ada") == "1"
    assert sorted(one["reason"] for one in shop.read("/api/set-aside")["set_aside"]) == ["crawler", "prefetch"]


def test_a_mail_scanner(shop: Served) -> None:
    """It opens at once and follows every link; half a minute later the person reads, and follows two."""
    shop.send(
        mail("Email Delivered", "ada", 0, "d"),
        mail("Email Opened", "ada", 2, "o1"),
        *(mail("Email Link Clicked", "ada", 8 + n, f"s{n}", f"/{n}") for n in range(4)),
        mail("Email Opened", "ada", 40, "o2"),
        mail("Email Link Clicked", "ada", 50, "c1", "/1"),
        mail("Email Link Clicked", "ada", 60, "c2", "/2"),
        key=shop.server_key,
    )
    settled(shop)
    assert aside(shop) == {
        "ada Email Opened 50:02": "too_soon",
        **{f"ada Email Link Clicked 50:{8 + n:02}": "all_links" for n in range(4)},
    }
    assert engagement(shop, "ada") == "11", "1 for opening, 5 for each of two links"


@pytest.mark.parametrize("seed", SEEDS)
def test_arrival_in_any_order(shop: Served, seed: int) -> None:
    """One by one, the delivery perhaps last; files written in between."""
    rng = random.Random(seed)
    events = [
        mail("Email Delivered", "ada", 0, "d"),
        mail("Email Opened", "ada", 4, "o"),
        *(mail("Email Link Clicked", "ada", 20 + n, f"s{n}", f"/{n}") for n in range(4)),
        *(track("Hit", "bo", n, f"h{n}") for n in range(25)),
        track("Hit", "kim", 3_600, "k"),
        {"type": "identify", "userId": "kim", "messageId": "i", "traits": {"email": "kim@freelance.example"}},
    ]
    rng.shuffle(events)
    while events:
        some = [events.pop() for _ in range(min(len(events), rng.randrange(1, 9)))]
        position = shop.send(*some).json["position"]
        settled(shop)
        if rng.random() < 0.5:
            compact(shop.workspace, position, 0)
    settled(shop)
    assert sorted(aside(shop).values()) == ["all_links"] * 4 + ["burst"] * 25 + ["staff", "too_soon"]
    assert {lead for lead, part, *_ in lines(shop, START) if part == "engagement"} == set()


def test_own_people(shop: Served) -> None:
    """By domain, a part of it, or an address; what they did before they said who they are too."""
    shop.send({"type": "page", "name": "Home", "anonymousId": "d1", "messageId": "1"})
    shop.send(track("Asked", "eve", 0, "2"))
    settled(shop)
    assert (engagement(shop, "eve"), aside(shop)) == ("40", {})
    for number, (user, address) in enumerate(
        {"eve": "eve@de.own.example", "dan": "dan@notown.example", "kim": "KIM@Freelance.example"}.items()
    ):
        shop.send(
            {
                "type": "identify",
                "userId": user,
                "anonymousId": "d1" if user == "kim" else "d2",
                "messageId": f"i{number}",
                "traits": {"email": address},
            },
            track("Hit", user, 60, f"h{number}"),
        )
    settled(shop)
    assert sorted(aside(shop)) == ["d1 Home 00:00", "eve Asked 50:00", "eve Hit 51:00", "kim Hit 51:00"]
    assert (engagement(shop, "eve"), engagement(shop, "dan"), engagement(shop, "kim")) == ("0", "3", "0")


def test_what_was_restored_is_not_set_aside_again(shop: Served) -> None:
    """Neither when the same comes about again, nor by the command, nor after the server starts anew."""
    shop.send(mail("Email Delivered", "ada", 0, "d"), mail("Email Opened", "ada", 1, "o1"), key=shop.server_key)
    settled(shop)
    (found,) = shop.read("/api/set-aside")["set_aside"]
    assert judged(shop, f"/api/set-aside/{found['id']}/restore", {}) == 1
    shop.send(mail("Email Opened", "ada", 2, "o2"), key=shop.server_key)
    settled(shop)
    assert aside(shop) == {"ada Email Opened 50:02": "too_soon"}
    shop.kill()
    compact(shop.workspace, 10, 0)
    shop.start()
    settled(shop)
    done = ripeline("set-aside", "judge", "-w", shop.workspace.root)
    assert (done.returncode, "Nothing to set aside" in done.stdout) == (0, True), done
    assert (engagement(shop, "ada"), len(aside(shop))) == ("1", 1)


def test_the_command_judges_what_was_imported(shop: Served, tmp_path: Path) -> None:
    """But a file's many rows of one moment are no burst: they came from somebody who is trusted."""
    shop.stop()
    rows = ["lead,name,time,email_id", "ada,Email Delivered,2026-03-01 08:00:00,may"]
    rows += ["ada,Email Opened,2026-03-01 08:00:01,may", *("bo,Hit,2026-03-01,",) * 30]
    (tmp_path / "events.csv").write_text("\n".join(rows) + "\n")
    options = ("--lead", "lead", "--name", "name", "--time", "time")
    assert ripeline("import", "events", tmp_path / "events.csv", "-w", shop.workspace.root, *options).returncode == 0
    assert printed("patterns", "set-aside", "judge", "-w", shop.workspace.root)["reasons"] == {"too_soon": 1}
    assert printed("patterns", "set-aside", "judge", "-w", shop.workspace.root) == {"reasons": {}, "position": None}
    compact(shop.workspace, 10, 0)
    ripeline("import", "events", tmp_path / "events.csv", "-w", shop.workspace.root, *options)
    assert len(shop.stored()) == 31
    shop.start()
    assert aside(shop) == {"ada Email Opened 00:01": "too_soon"}


@pytest.mark.parametrize("seed", [0, *SEEDS[1:]])
def test_restoring_gives_everything_back(shop: Served, seed: int) -> None:
    """Scores and every contribution are as before, wherever the events lie; and what was known then stays so."""
    rng, position = random.Random(seed), 0
    for _ in range(4):
        events = [
            track("Hit", f"u{rng.randrange(4)}", rng.randrange(500), f"m{rng.randrange(10_000)}")
            | rng.choice([{}, {"anonymousId": f"d{rng.randrange(3)}"}])
            for _ in range(rng.randrange(1, 20))
        ]
        position = shop.send(*events, key=shop.server_key).json["position"]
        settled(shop)
        if rng.random() < 0.5:
            compact(shop.workspace, position, 0)
    shop.send({"type": "identify", "userId": "u1", "messageId": "i", "traits": {"company_size": 500}})
    settled(shop)
    then = START + timedelta(hours=100)
    whole, stored = lines(shop, then), shop.stored("e.*")
    shop.clock.write_text((START + timedelta(hours=1)).isoformat())
    taken = judged(shop, "/api/set-aside", {"lead": "u1"})
    less, rest = lines(shop, then), shop.stored("e.*")
    assert {lead for lead, part, name, _ in whole if name == "hit"} - {
        lead for lead, _, name, _ in less if name == "hit"
    }
    assert len(rest) == len(stored) - taken
    for hours, write in ((2, written_out), (3, rewritten)):
        write(shop)
        shop.clock.write_text((START + timedelta(hours=hours)).isoformat())
        assert lines(shop, then) == less
    assert lines(shop, then, START + timedelta(minutes=30)) == whole
    settled(shop)
    assert judged(shop, "/api/set-aside/restore", {"lead": "u1"}) == taken
    for write in (written_out, rewritten, rewritten):
        assert (lines(shop, then), shop.stored("e.*")) == (whole, stored)
        assert lines(shop, then, START + timedelta(minutes=30)) == whole
        assert lines(shop, then, START + timedelta(hours=2)) == less
        write(shop)


def test_files_that_were_rewritten_go_a_day_later(shop: Served) -> None:
    """Whoever still reads by an older manifest finds its files; a manifest names each event once."""
    day_us = 86_400_000_000
    shop.send(*(track("Hit", f"u{n}", n, str(n)) for n in range(3)), key=shop.server_key)
    settled(shop)
    compact(shop.workspace, 1, 0)
    before = {file.name for file in (shop.workspace.root / "history/events").iterdir()}
    judged(shop, "/api/set-aside", {"lead": "u1"})
    compact(shop.workspace, 2, 5)
    events = shop.workspace.root / "history/events"
    assert before < {file.name for file in events.iterdir()}
    settled(shop)
    shop.send(track("Hit", "u9", 9, "9"))
    settled(shop)
    compact(shop.workspace, 3, 4 + day_us)
    assert before < {file.name for file in events.iterdir()}, "one microsecond is missing"
    shop.send(track("Hit", "u9", 9, "10"))
    settled(shop)
    compact(shop.workspace, 4, 5 + day_us)
    assert not before & {file.name for file in events.iterdir()}
    assert [row[0] for row in shop.stored("i.value")] == ["u0", "u2", "u9", "u9"]


def printed(schema: str, *arguments: object) -> dict[str, Any]:
    """Return the JSON that a command prints, after holding it against its schema."""
    done = ripeline(*arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(document, json.loads((SCHEMAS / f"{schema}.schema.json").read_text()))
    return document


def test_by_command(shop: Served) -> None:
    """Shown, asked, done, undone; and what cannot be is said in a sentence."""
    shop.send(track("Hit", "ada", 0, "m1"), track("Hit", "ada", 1, "m2"), track("Hit", "bo", 2, "m3"))
    settled(shop)
    root = shop.workspace.root
    done = ripeline("set-aside", "add", "-w", root, "--lead", "ada", "--reason", "our own test")
    assert (done.returncode, "Events: 2, of: ada" in done.stdout, "say --yes" in done.stderr) == (1, True, True)
    by_message = ("--source", "web", "--message", "m1", "--reason", " our\n own\x1b test")
    told = printed("judged", "set-aside", "add", "-w", root, *by_message, "--yes")
    assert (told["events"], told["identifiers"]) == (1, ["ada"])
    shop.applied(told["position"])
    settled(shop)
    assert engagement(shop, "ada") == "3"
    listed = printed("set-aside", "set-aside", "list", "-w", root)
    ((one,), total) = (listed["set_aside"], listed["total"])
    assert (one["identifier"], one["reason"], one["by"], total) == ("ada", "our own test", "hand", 1)
    assert "our own test" in ripeline("set-aside", "list", "-w", root).stdout
    done = ripeline("set-aside", "restore", one["id"], "-w", root, "--reason", "it was a person", "--yes")
    assert (done.returncode, "Done, at position" in done.stdout) == (0, True), done
    assert ripeline("set-aside", "list", "-w", root).stdout == "No event is set aside.\n"
    for arguments, message in (
        (("add", "--reason", "x"), "say which events"),
        (("add", "m1", "--reason", "x"), '"m1" is no id of an event'),
        (("add", "0" * 32, "--reason", "x"), f"no event {'0' * 32} counts here"),
        (("restore", one["id"], "--reason", "x"), f"no event {one['id']} is set aside here"),
        (("add", "--lead", "nobody", "--reason", "x"), '"nobody" is no identifier'),
        (("add", "--message", "m1", "--reason", "x"), "messages are told with their source"),
        (("add", "--user-agent", "bot", "--reason", "x"), "at least 4 letters"),
        (("add", "--user-agent", "nothing like it", "--reason", "x"), "no event that counts is as asked for"),
        (("add", "--lead", "ada", "--reason", " "), "say why"),
    ):
        done = ripeline("set-aside", *arguments[:1], *arguments[1:], "-w", root, "--yes")
        assert (done.returncode, message in done.stderr) == (1, True), (arguments, done)


def test_by_the_api(shop: Served) -> None:
    """A look first; whoever may only read may not judge; bad bodies are refused."""
    shop.send(track("Hit", "ada", 0, "m1"), track("Hit", "bo", 2, "m3"))
    settled(shop)
    asked = {"source": "web", "messages": ["m1"], "reason": "seen twice"}
    looked = shop.tell("/api/set-aside", {**asked, "preview": True})
    assert looked.json == {"events": 1, "identifiers": ["ada"], "position": None}
    assert engagement(shop, "ada") == "3"
    reader = shop.ask("/api/set-aside", json.dumps(asked).encode(), authorization=f"Bearer {shop.token}")
    assert reader.status == 403
    assert judged(shop, "/api/set-aside", asked) == 1
    assert engagement(shop, "ada") == "0"
    page = shop.read("/api/set-aside?limit=1&offset=1")
    assert page == {"total": 1, "set_aside": []}
    for path, body in (
        ("/api/set-aside", {"lead": "ada"}),
        ("/api/set-aside", {"lead": 7, "reason": "x"}),
        ("/api/set-aside", {"who": "ada", "reason": "x"}),
        ("/api/set-aside", {"lead": "nobody", "reason": "x"}),
        ("/api/set-aside/restore", {"reason": "x"}),
        ("/api/set-aside/robert'); drop table/restore", {"reason": "x"}),
        ("/api/set-aside", [1]),
    ):
        refused = shop.tell(path.replace(" ", "%20"), body)
        assert (refused.status, set(refused.json)) == (400, {"code", "message"}), (path, body, refused)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("staff_domains = ['own']", 'set_aside.staff_domains: "own" is none'),
        ("staff_addresses = ['own.example']", 'set_aside.staff_addresses: "own.example" is none'),
        ("staff_domains = 'own.example'", "set_aside.staff_domains takes a list"),
        ("burst_events = 0", "set_aside.burst_events takes a whole number from 1"),
        ("burst_event = 3", '"burst_event" is no setting of [set_aside]'),
    ],
)
def test_settings_are_refused_with_a_reason(tmp_path: Path, settings: str, message: str) -> None:
    (tmp_path / "ripeline.toml").write_text(f"[set_aside]\n{settings}\n")
    done = ripeline("set-aside", "list", "-w", tmp_path)
    assert (done.returncode, message in done.stderr) == (1, True), done
