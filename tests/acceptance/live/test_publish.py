"""Definitions are published and rolled back while the server takes events: nothing stops, and scores are those of a batch."""

import json
import os
import pty
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pytest

from ripeline.entry.bootstrap.book import make_token, opened_server_book
from tests.acceptance.examples import ripeline as ripeline_process
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Reply, Served
from tests.acceptance.live.shop import DEFINITION, START, batch, calls, live

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

NEW = DEFINITION.replace("points: 3, decay: {half_life: 2d}", "points: 4, decay: {half_life: 1d}")
OLD = "".join(line for line in DEFINITION.splitlines(keepends=True) if "spent:" not in line)
"""It reads no field of events, so that all that NEW reads of them is not in the server's memory yet."""

WRONG = DEFINITION.replace("points: 30", "pionts: 30")
AT = "/api/definitions/qualification"


@pytest.fixture(scope="module")
def definition() -> str:
    """What servers begin with."""
    return OLD


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


class Traffic:
    """Sends without a pause, every time for somebody new besides, and watches how far is applied."""

    def __init__(self, shop: Served) -> None:
        self._shop, self._stop = shop, threading.Event()
        self.replies, self.applied = list[Reply](), list[int]()
        self._threads = [threading.Thread(target=work) for work in (self._send, self._watch)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        rng = random.Random(5)
        while not self._stop.is_set():
            hit = {"type": "track", "event": "Hit", "messageId": f"n{len(self.replies)}"}
            new = hit | {"userId": f"new{len(self.replies)}", "timestamp": START.isoformat()}
            self.replies.append(self._shop.send(new, *calls(rng, START, 5), key=self._shop.server_key))
            time.sleep(0.01)

    def _watch(self) -> None:
        while not self._stop.is_set():
            self.applied.append(self._shop.read("/api/position")["applied"])
            time.sleep(0.01)


@pytest.mark.slow
def test_published_while_events_come(shop: Served) -> None:
    """No request is refused and no position goes back; every score is the batch's, also of what came meanwhile."""
    sent(shop)
    seen = [definitions_shown(shop)]
    with Traffic(shop) as traffic:
        for text in (NEW, OLD, NEW):
            reply = asked(shop, "/publish?comment=spending", text)
            assert (reply.status, reply.json["published"]) == (200, True), reply
            seen.append(definitions_shown(shop))
            assert seen[-1] == {f"shop@{reply.json['fingerprint']}"}
            assert reply.json["position"] == versions(shop)[0]["position"]
    assert {one.status for one in traffic.replies} == {200}
    assert traffic.applied == sorted(traffic.applied)
    assert seen[0] == seen[2] != seen[1] == seen[3]
    shop.applied()
    shop.due(START.isoformat())
    assert own_file(shop).read_text() == NEW
    assert live(shop) == batch(shop, START.isoformat())
    told = [(one["comment"], one["live"]) for one in versions(shop)]
    assert told == [("spending", True), ("spending", False), ("spending", False), ("as it was found", False)]
    positions = [one["position"] for one in reversed(versions(shop))]
    assert positions[0] == 0 < positions[1] < positions[2] < positions[3] <= shop.read("/api/position")["applied"]
    assert f'{{name="qualification",fingerprint="{versions(shop)[0]["fingerprint"]}"}} 1' in metrics(shop)


def metrics(shop: Served) -> str:
    return shop.ask("/metrics").body.decode()


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


@pytest.mark.parametrize("pauses_s", [(0.0, 0.3), pytest.param((0.1, 0.2, 0.4, 0.6), marks=pytest.mark.slow)])
def test_a_switch_that_dies_is_made_at_the_next_start(
    shop: Served, tmp_path: Path, pauses_s: tuple[float, ...]
) -> None:
    """Whenever it dies: what is published is in the book."""
    sent(shop)
    file = tmp_path / "next.yaml"
    for number, pause_s in enumerate(pauses_s):
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


def test_what_was_previewed_must_still_be_live(shop: Served, tmp_path: Path) -> None:
    """While one person is asked, another one publishes: the first is told, and nothing of theirs is done."""
    mine, theirs = tmp_path / "mine.yaml", tmp_path / "theirs.yaml"
    mine.write_text(NEW.replace("points: 7", "points: 20"))
    theirs.write_text(NEW)
    with at_a_terminal("publish", mine, "-w", shop.workspace.root) as (process, answer):
        assert ripeline("publish", theirs, "-w", shop.workspace.root, "--yes").returncode == 0
        answer("y")
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, "published meanwhile" in errors) == (1, True)
    assert (len(versions(shop)), own_file(shop).read_text()) == (2, NEW)


@pytest.mark.parametrize(("said", "published"), [("y", 2), ("n", 1)])
def test_somebody_is_asked(shop: Served, tmp_path: Path, said: str, published: int) -> None:
    new = tmp_path / "new.yaml"
    new.write_text(NEW)
    with at_a_terminal("publish", new, "-w", shop.workspace.root) as (process, answer):
        answer(said)
        told, errors = process.communicate(timeout=30)
    assert (process.returncode, "would meet it" in told, len(versions(shop))) == (0, True, published), errors


@contextmanager
def at_a_terminal(*words: object) -> Iterator[tuple["subprocess.Popen[str]", Callable[[str], int]]]:
    """Run a command until it asks; what is handed out answers it."""
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "ripeline", *map(str, words)]
    with subprocess.Popen(command, stdin=its, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = ""
        while "[y/n]" not in said:
            letter = process.stderr.read(1)
            assert letter, said
            said += letter
        yield process, lambda answer: os.write(ours, f"{answer}\n".encode())
        process.kill()
    os.close(ours)
    os.close(its)


def test_what_is_live_is_not_published_again(shop: Served) -> None:
    assert asked(shop, "/publish", NEW).json["published"] is True
    again = asked(shop, "/publish", NEW)
    assert (again.status, again.json["published"], len(versions(shop))) == (200, False, 2)
    assert again.json["position"] == versions(shop)[0]["position"]
    done = ripeline("publish", "-w", shop.workspace.root, "--yes")
    assert "is live already" in done.stdout
    assert len(versions(shop)) == 2


def test_a_wrong_definition_is_told_with_all_its_problems(standing_shop: Served, tmp_path: Path) -> None:
    for path in ("/publish", "/preview"):
        reply = asked(standing_shop, path, WRONG)
        assert (reply.status, reply.json["code"]) == (422, "wrong_definition")
        (problem,) = reply.json["problems"]
        assert (problem["code"], problem["line"]) == ("unknown-key", 7)
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(WRONG)
    done = ripeline("publish", wrong, "-w", standing_shop.workspace.root, "--yes")
    assert (done.returncode, "wrong.yaml:7:" in done.stderr) == (1, True)
    assert (len(versions(standing_shop)), own_file(standing_shop).read_text()) == (1, OLD)


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
    assert (seen["old"], seen["leads"]) == (definitions_shown(shop).pop(), len(live(shop)))
    assert live(shop) == batch(shop, START.isoformat()), "to look moves nobody"
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
def test_hostile_requests_are_refused_with_a_reason(
    standing_shop: Served, path: str, body: str, status: int, code: str
) -> None:
    reply = asked(standing_shop, path, body)
    assert (reply.status, reply.json["code"]) == (status, code)
    assert len(versions(standing_shop)) == 1


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


def test_a_further_definition_is_served_beside_the_first(shop: Served) -> None:
    sent(shop)
    before, file = live(shop), shop.workspace.root / "definitions" / "other.yaml"
    file.parent.mkdir()
    file.write_text(NEW.replace("name: shop", "name: other"))
    done = ripeline("publish", "-w", shop.workspace.root, "--definition", "other", "--yes", "--format", "json")
    assert (done.returncode, '"preview": null' in done.stdout) == (0, True), done.stderr
    until = time.monotonic() + 20
    while shop.ask("/api/definitions/other", authorization=f"Bearer {shop.token}").status == 404:
        assert time.monotonic() < until, shop.log()
        time.sleep(0.02)
    assert live(shop) == before
    out = shop.workspace.root / "other.json"
    ripeline("score", "-w", shop.workspace.root, "--definition", "other", "--as-of", START.isoformat(), "-o", out)
    expected = {row["lead"]: row["engagement"] for row in json.loads(out.read_text())}
    rows = shop.read("/api/leads?definition=other&limit=1000")["leads"]
    assert {row["lead"]: row["engagement"] for row in rows} == expected
    assert {row["definition"].partition("@")[0] for row in rows} == {"other"}


def test_what_is_read_differently_is_a_version_of_its_own(shop: Served) -> None:
    """As after an upgrade whose tables or rules are others; never silent."""
    shop.stop()
    db = sqlite3.connect(shop.workspace.book)
    with db:
        db.execute("UPDATE published SET fingerprint = '0123456789abcdef'")
    db.close()
    shop.start()
    assert [one["comment"] for one in versions(shop)] == ["as this Ripeline reads it", "as it was found"]
    assert versions(shop)[0]["fingerprint"] != versions(shop)[1]["fingerprint"] == "0123456789abcdef"
    assert own_file(shop).read_text() == OLD
