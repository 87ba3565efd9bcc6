"""Definitions are published and rolled back while the server takes events: nothing stops, and scores are those of a batch."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ripeline.entry.bootstrap.book import make_token, opened_server_book
from tests.acceptance.examples import ripeline as ripeline_process
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Reply, Served
from tests.acceptance.live.test_live_scores import DEFINITION, START, batch, calls, live

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

NEW = DEFINITION.replace("points: 3, decay: {half_life: 2d}", "points: 4, decay: {half_life: 1d}")
OLD = "".join(line for line in DEFINITION.splitlines(keepends=True) if "spent:" not in line)
"""It reads no field of events, so that all that NEW reads of them is not in the server's memory yet."""

WRONG = DEFINITION.replace("points: 30", "pionts: 30")
AT = "/api/definitions/qualification"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Served]:
    """A server that began with OLD; its clock stands still."""
    server = Served(tmp_path / "shop", OLD)
    server.clock.write_text(START.isoformat())
    server.start()
    yield server
    server.stop()
    assert "Traceback" not in server.log()


def sent(shop: Served, seed: int = 1, requests: int = 6) -> None:
    """Have things happen, and wait until they are applied."""
    rng = random.Random(seed)
    for _ in range(requests):
        assert shop.send(*calls(rng, START, 30), key=rng.choice([shop.web_key, shop.server_key])).status == 200
    shop.applied()
    shop.due(START.isoformat())


def asked(shop: Served, path: str, body: str = "", method: str = "POST") -> Reply:
    return shop.ask(AT + path, body.encode(), method, authorization=f"Bearer {shop.admin}")


def versions(shop: Served) -> list[dict[str, Any]]:
    return list(shop.read(AT)["versions"])


def serving(shop: Served) -> None:
    """Wait until the server serves what is published."""
    until = time.monotonic() + 20
    while versions(shop)[0]["position"] is None:
        assert time.monotonic() < until, shop.log()
        time.sleep(0.02)


def definitions_shown(shop: Served) -> set[str]:
    return {row["definition"] for row in shop.read("/api/leads?limit=1000")["leads"]}


def own_file(shop: Served) -> Path:
    return shop.workspace.root / "qualification.yaml"


def test_published_while_events_come(shop: Served) -> None:
    """No request is refused; behind the switch every score is the batch's, also of what came during it."""
    sent(shop)
    (before,) = definitions_shown(shop)
    rng, done, replies = random.Random(5), threading.Event(), list[Reply]()

    def send() -> None:
        while not done.is_set():
            replies.append(shop.send(*calls(rng, START, rng.randrange(1, 20)), key=shop.server_key))

    sender = threading.Thread(target=send)
    sender.start()
    reply = asked(shop, "/publish?comment=spending%20counts", NEW)
    (after,) = definitions_shown(shop)
    done.set()
    sender.join()
    assert (reply.status, reply.json["published"]) == (200, True), reply
    assert {one.status for one in replies} == {200}
    assert before != after == f"shop@{reply.json['fingerprint']}"
    shop.applied()
    shop.due(START.isoformat())
    assert own_file(shop).read_text() == NEW
    assert live(shop) == batch(shop, START.isoformat())
    first, second = reversed(versions(shop))
    assert (first["comment"], first["position"], first["live"]) == ("as it was found", 0, False)
    assert (second["comment"], second["live"]) == ("spending counts", True)
    assert second["position"] == reply.json["position"] <= shop.read("/api/position")["applied"]
    assert f'fingerprint="{reply.json["fingerprint"]}"}} 1' in shop.ask("/metrics").body.decode()


def test_a_roll_back_restores_every_score(shop: Served) -> None:
    sent(shop)
    before, lead = live(shop), "u1"
    explained = shop.read(f"/api/leads/{lead}")
    assert asked(shop, "/publish", NEW).status == 200
    assert live(shop) != before
    back = asked(shop, "/rollback")
    assert (back.status, back.json["instead_of"]) == (200, versions(shop)[1]["fingerprint"])
    assert (live(shop), shop.read(f"/api/leads/{lead}"), own_file(shop).read_text()) == (before, explained, OLD)
    assert asked(shop, "/rollback").status == 200
    assert (own_file(shop).read_text(), live(shop)) == (NEW, batch(shop, START.isoformat()))


def test_a_running_server_follows_commands(shop: Served, tmp_path: Path) -> None:
    sent(shop)
    new = tmp_path / "new.yaml"
    new.write_text(NEW)
    done = ripeline("publish", new, "-w", shop.workspace.root, "--yes", "--comment", "more for spending")
    assert done.returncode == 0, done.stderr
    assert "leads would change" in done.stdout
    serving(shop)
    sent(shop, seed=2)
    assert live(shop) == batch(shop, START.isoformat())
    done = ripeline("rollback", "-w", shop.workspace.root, "--yes")
    assert done.returncode == 0, done.stderr
    serving(shop)
    assert live(shop) == batch(shop, START.isoformat())
    listed = ripeline("definitions", "-w", shop.workspace.root)
    assert listed.stdout.count("live") == 1
    assert [one["comment"] for one in versions(shop)][1:] == ["more for spending", "as it was found"]


def test_a_switch_that_dies_is_made_at_the_next_start(shop: Served, tmp_path: Path) -> None:
    """Whenever it dies: what is published is in the book."""
    sent(shop)
    file = tmp_path / "next.yaml"
    for number, pause_s in enumerate((0.0, 0.1, 0.3, 0.6)):
        file.write_text(NEW.replace("points: 7", f"points: {8 + number}"))
        done = ripeline("publish", file, "-w", shop.workspace.root, "--yes")
        assert done.returncode == 0, done.stderr
        shop.send(*calls(random.Random(number), START, 20))
        time.sleep(pause_s)
        shop.kill()
        shop.start()
        shop.applied()
        shop.due(START.isoformat())
        assert own_file(shop).read_text() == file.read_text()
        assert versions(shop)[0]["position"] is not None
        assert live(shop) == batch(shop, START.isoformat())


def test_one_publish_at_a_time_by_the_api(shop: Served) -> None:
    """Whoever comes meanwhile is told so; what is live is what the last one who was not refused sent."""
    sent(shop)
    texts = [NEW.replace("points: 7", f"points: {number}") for number in range(10, 16)]
    with ThreadPoolExecutor(len(texts)) as callers:
        replies = list(callers.map(lambda text: asked(shop, "/publish", text), texts))
    told = {reply.status: reply.json.get("code") for reply in replies}
    assert told in ({200: None, 409: "publish_under_way"}, {200: None})
    done = {reply.json["fingerprint"]: text for reply, text in zip(replies, texts, strict=True) if reply.status == 200}
    assert len(versions(shop)) == 1 + len(done)
    assert own_file(shop).read_text() == done[versions(shop)[0]["fingerprint"]]
    assert live(shop) == batch(shop, START.isoformat())


def test_one_publish_at_a_time_by_commands(shop: Served, tmp_path: Path) -> None:
    """Each is refused whose preview is not against what is live any more."""
    files = [tmp_path / f"{number}.yaml" for number in range(3)]
    for number, file in enumerate(files):
        file.write_text(NEW.replace("points: 7", f"points: {20 + number}"))
    with ThreadPoolExecutor(len(files)) as callers:
        ran = list(
            callers.map(lambda file: ripeline_process("publish", file, "-w", shop.workspace.root, "--yes"), files)
        )
    refused = [one for one in ran if one.returncode != 0]
    assert all(one.returncode == 1 and "published meanwhile" in one.stderr for one in refused), refused
    assert len(versions(shop)) == 1 + len(ran) - len(refused)
    assert own_file(shop).read_text() == shop.read(AT)["text"]


def test_what_is_live_is_not_published_again(shop: Served) -> None:
    assert asked(shop, "/publish", NEW).json["published"] is True
    again = asked(shop, "/publish", NEW)
    assert (again.status, again.json["published"], len(versions(shop))) == (200, False, 2)
    assert again.json["position"] == versions(shop)[0]["position"]
    done = ripeline("publish", "-w", shop.workspace.root, "--yes")
    assert "is live already" in done.stdout
    assert len(versions(shop)) == 2


def test_a_wrong_definition_is_told_with_all_its_problems(shop: Served, tmp_path: Path) -> None:
    for path in ("/publish", "/preview"):
        reply = asked(shop, path, WRONG)
        assert (reply.status, reply.json["code"]) == (422, "wrong_definition")
        (problem,) = reply.json["problems"]
        assert (problem["code"], problem["line"]) == ("unknown-key", 7)
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(WRONG)
    done = ripeline("publish", wrong, "-w", shop.workspace.root, "--yes")
    assert (done.returncode, "wrong.yaml:7:" in done.stderr) == (1, True)
    assert (len(versions(shop)), own_file(shop).read_text()) == (1, OLD)


def test_a_draft_is_kept_looked_at_and_published(shop: Served) -> None:
    sent(shop)
    assert (asked(shop, "/draft", method="GET").status, asked(shop, "/publish").status) == (404, 404)
    kept = asked(shop, "/draft", WRONG, "PUT")
    assert (kept.status, [one["code"] for one in kept.json["problems"]]) == (200, ["unknown-key"])
    assert asked(shop, "/publish").status == 422
    asked(shop, "/draft", NEW.replace("\n", "\r\n"), "PUT")
    draft = asked(shop, "/draft", method="GET").json
    assert (draft["text"], draft["problems"]) == (NEW, [])
    seen = asked(shop, "/preview").json
    moved = {lead for lead, row in live(shop).items() if row != batch(shop, START.isoformat())[lead]}
    assert (seen["old"], seen["leads"], moved) == (definitions_shown(shop).pop(), len(live(shop)), set())
    assert asked(shop, f"/publish?instead_of={seen['new'][-16:]}").json["code"] == "published_meanwhile"
    done = asked(shop, f"/publish?instead_of={seen['old'][-16:]}")
    assert (done.status, "shop@" + done.json["fingerprint"]) == (200, seen["new"])
    assert asked(shop, "/draft", method="GET").status == 404


def test_who_may_do_what(shop: Served) -> None:
    write, publish = (make_token(shop.workspace, scope, (scope,), 0) for scope in ("write", "publish"))

    def status(path: str, token: str, method: str = "POST") -> int:
        return shop.ask(AT + path, NEW.encode(), method, authorization=f"Bearer {token}").status

    assert (status("/draft", shop.token, "PUT"), status("/draft", write, "PUT")) == (403, 200)
    assert (status("/preview", write), status("/preview", shop.token)) == (403, 200)
    for path in ("/publish", "/rollback"):
        assert (status(path, shop.token), status(path, write), status(path, publish)) == (403, 403, 200)
    assert shop.ask(AT).status == 401


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/../x/publish", NEW, 404, "no_such_route"),
        ("x/publish", NEW, 404, "no_such_definition"),
        ("..%2Fx/preview", NEW, 404, "no_such_route"),
        ("/publish?wait=long", NEW, 400, "bad_parameter"),
        ("/rollback?to=0123456789abcdef", "", 400, "bad_input"),
        ("/rollback", "", 400, "bad_input"),
        ("/publish", "x" * 1_100_000, 413, "too_large"),
        ("/publish", ":", 422, "wrong_definition"),
    ],
)
def test_hostile_requests_are_refused_with_a_reason(shop: Served, path: str, body: str, status: int, code: str) -> None:
    reply = asked(shop, path, body)
    assert (reply.status, reply.json["code"]) == (status, code)
    assert len(versions(shop)) == 1


def test_what_is_published_serves_and_not_what_a_file_says(shop: Served) -> None:
    """A file is a text to work on; what of it nobody published is kept when something else takes its place."""
    sent(shop)
    before = live(shop)
    own_file(shop).write_text(NEW + "# not yet\n")
    shop.stop()
    shop.start()
    assert f"{own_file(shop)} is not what is published" in shop.log()
    assert live(shop) == before
    done = ripeline("definitions", "-w", shop.workspace.root)
    assert done.stdout.count("as it was found") == 1
    assert asked(shop, "/publish", NEW).status == 200
    assert own_file(shop).read_text() == NEW
    assert own_file(shop).with_name("qualification.yaml.unpublished").read_text() == NEW + "# not yet\n"


def test_without_a_server(tmp_path: Path) -> None:
    """What a workspace's file said before is published first, so that it can be rolled back to."""
    server = Served(tmp_path / "shop", OLD)
    new = tmp_path / "new.yaml"
    new.write_text(NEW)
    refused = ripeline_process("publish", new, "-w", server.workspace.root)
    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)
    assert ripeline("publish", new, "-w", server.workspace.root, "--yes").returncode == 0
    with opened_server_book(server.workspace) as book:
        assert [one.text for one in book.versions()] == [OLD, NEW]
    server.start()
    assert (server.read(AT)["text"], own_file(server).read_text()) == (NEW, NEW)
    server.stop()
