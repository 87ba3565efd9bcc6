"""Whoever is erased is gone: from every file, every answer, and for good; nobody else loses anything by it."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

import jsonschema
import pytest

from ripeline.adapters.book.inbox import insert
from ripeline.adapters.engines.duck import DuckEngine
from ripeline.adapters.engines.python import PythonEngine
from ripeline.adapters.history.writer import writing_history
from ripeline.entry.bootstrap import erase as erasing
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.erase import erase, finish
from ripeline.entry.bootstrap.live import LiveHistory, compact, opened_store
from ripeline.entry.cli.score import plan_of
from ripeline.entry.schemas import schema
from ripeline.ports.intake import Request
from ripeline.ports.scores import Asked
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served
from tests.acceptance.live.shop import DEFINITION, batch, calls, live
from tests.acceptance.live.test_live_scores import decide, judge

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

NOW = datetime(2026, 3, 27, 9, tzinfo=UTC)
MAIL = "ada.lovelace@corp.example"
NAMES = (MAIL, "ada-77", "crm-ada", "dev-ada", "+49 30 1815")
"""What nothing may be left of."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path / "shop", DEFINITION)
    server.clock.write_text(NOW.isoformat())
    server.start()
    yield server
    server.stop()
    assert not server.defects()


def call(number: int, type_: str, **more: object) -> dict[str, Any]:
    """A call, some minutes before now; later ones have greater numbers."""
    at = NOW - timedelta(minutes=200 - number)
    return {"type": type_, "messageId": f"m{number}", "timestamp": at.isoformat(), **more}


def hit(number: int, **who: str) -> dict[str, Any]:
    return call(number, "track", event="Hit", **who)


def settle(served: Served) -> None:
    served.due(NOW.isoformat())


ADA = {"email": "Ada.Lovelace@Corp.example", "crm_id": "crm-ada", "phone": "+49 30 1815", "company_size": 500}


def tell_stories(shop: Served) -> None:
    """Ada has a device, and another one before and after bob; bob and carl are her colleagues; much came broken."""
    shop.send(
        hit(1, anonymousId="dev-ada"),
        call(2, "track", event="Asked", anonymousId="dev-ada", properties={"email": MAIL}),
        call(3, "identify", userId="ada-77", anonymousId="dev-ada", traits=ADA),
        call(4, "group", userId="ada-77", groupId="corp"),
        hit(5, anonymousId="shared"),
        call(6, "identify", userId="ada-77", anonymousId="shared"),
        hit(7, anonymousId="shared"),
        call(8, "identify", userId="bob", anonymousId="shared", traits={"plan": "pro", "email": "bob@corp.example"}),
        hit(9, anonymousId="shared"),
        call(10, "identify", userId="ada-77", anonymousId="shared"),
        hit(11, anonymousId="shared"),
        *(hit(number, userId="carl") for number in (12, 13)),
        hit(14, userId="ada-77", anonymousId="dev-ada") | {"context": {"userAgent": "Googlebot/2.1"}},
        {"type": "track", "event": "Hit", "userId": "ada-77"},
        {"type": "track", "event": "Hit", "userId": "bob"},
        {"type": "identify", "userId": 5, "messageId": "x", "timestamp": "never", "traits": {"email": MAIL.upper()}},
        key=shop.server_key,
    )
    broken = b'{"batch": [{"type": "track", "userId": "ada-77", "event": "Hi'
    shop.ask("/v1/batch", broken, authorization=f"Bearer {shop.server_key}")
    settle(shop)
    assert shop.tell("/api/outcomes", {"outcomes": [{"lead": "ada-77", "outcome": "won"}]}).status == 200
    settle(shop)


def left_of(root: Path, *names: str) -> list[tuple[str, str]]:
    """Return every file of a workspace that has a name in it somewhere, in whatever letters."""
    found = list[tuple[str, str]]()
    for file in root.rglob("*"):
        # A server at work makes and removes locks and logs meanwhile.
        with suppress(FileNotFoundError):
            text = file.read_bytes().lower() if file.is_file() else b""
            found += [(name, str(file)) for name in names if name.lower().encode() in text]
    return found


def erased(shop: Served, lead: str = MAIL) -> dict[str, Any]:
    done = ripeline("erase", lead, "-w", shop.workspace.root, "--yes", "--format", "json")
    assert done.returncode == 0, done.stderr
    record: dict[str, Any] = json.loads(done.stdout)
    return record


@pytest.mark.parametrize(
    ("compacted", "running"),
    [
        (True, True),
        *(pytest.param(*each, marks=pytest.mark.slow) for each in ((False, True), (True, False), (False, False))),
    ],
)
def test_nothing_is_left_and_nobody_else_changes(shop: Served, compacted: bool, running: bool) -> None:
    tell_stories(shop)
    if compacted:
        compact(shop.workspace, 10, 0)
        settle(shop)
    before, stored = live(shop), shop.stored("i.value, e.ts, e.name, e.id")
    assert set(before) == {"ada-77", "bob", "carl"}
    if not running:
        shop.stop()
    assert left_of(shop.workspace.root, "ada-77")
    told = erased(shop)
    assert [(one["kind"], one["value"], one["shared"]) for one in told["identifiers"]] == [
        ("user", "ada-77", False),
        ("crm", "crm-ada", False),
        ("email", MAIL, False),
        ("anonymous", "dev-ada", False),
        ("anonymous", "shared", True),
    ]
    # m1 and m2; of the shared device m5, m9 and m11, while m7 is bob's, who came next; m14, which is set aside.
    # dev-ada was told with her address, and with her twice; the shared one twice; her user id with two more names.
    assert (told["lead"], told["gone"]) == ("ada-77", True)
    assert told["removes"] == {
        "events": 6,
        "statements": 2,
        "links": 7,
        "group_links": 1,
        "outcomes": 1,
        "dispositions": 1,
        "failed_events": 3,
        "messages": 0,
        "notes": 0,
    }
    assert left_of(shop.workspace.root, *NAMES) == []
    if not running:
        shop.start()
    shop.applied(told["position"])
    settle(shop)
    assert live(shop) == {name: row for name, row in before.items() if name != "ada-77"} == batch(shop, NOW.isoformat())
    kept = shop.stored("i.value, e.ts, e.name, e.id")
    assert ([row[0] for row in kept], set(kept) - set(stored)) == (["carl", "carl", "shared"], set())
    assert shop.ask("/api/leads/ada-77", authorization=f"Bearer {shop.token}").status == 404
    assert [json.loads(one["event"]) for one in shop.failed()] == [{"type": "track", "event": "Hit", "userId": "bob"}]


def test_what_comes_of_them_later_is_not_stored(shop: Served) -> None:
    """By whatever name; it is listed without what it said. A device that somebody else has goes on."""
    tell_stories(shop)
    told = erased(shop)
    shop.applied(told["position"])
    settle(shop)
    before = live(shop)
    shop.send(
        hit(1, anonymousId="dev-ada"),
        hit(21, userId="ada-77"),
        call(22, "identify", userId="new", traits={"email": MAIL, "plan": "pro"}),
        call(23, "identify", userId="newer", traits={"crm_id": "crm-ada"}),
        hit(24, userId=MAIL.upper()),
        call(25, "track", event="Asked", anonymousId="dev-new", properties={"email": MAIL}),
        hit(5, anonymousId="shared"),
        hit(11, anonymousId="shared"),
        {"type": "track", "event": "Hit", "anonymousId": "dev-ada"},
        key=shop.server_key,
    )
    settle(shop)
    assert live(shop) == before
    assert [(one["reason"], one["event"], one["detail"]) for one in shop.failed()[:-1]] == [("erased", "", "")] * 9
    listed = ripeline("failed", "list", "-w", shop.workspace.root).stdout
    assert listed.count("erased") == 9
    refused = ripeline("failed", "replay", str(shop.failed()[0]["id"]), "-w", shop.workspace.root)
    assert (refused.returncode, "nothing of it is left to send" in refused.stderr) == (1, True)
    shop.send(
        hit(26, userId="dan", anonymousId="dev-ada"),
        call(27, "alias", userId="eve", previousId="dev-ada"),
        hit(7, anonymousId="shared") | {"messageId": "late"},
        key=shop.server_key,
    )
    settle(shop)
    # The device is dan's by now and names nobody any more; bob's time with the other one is his, however late.
    assert [row[0] for row in shop.stored("i.value")] == ["carl", "carl", "dan", "shared", "shared"]
    assert live(shop) == batch(shop, NOW.isoformat())
    assert left_of(shop.workspace.root, "ada-77"), "requests wait in the inbox as they came"
    shop.due((NOW + timedelta(minutes=61)).isoformat())
    until = monotonic() + 20
    while left_of(shop.workspace.root, *NAMES) and monotonic() < until:
        sleep(0.1)
    assert left_of(shop.workspace.root, *NAMES) == []


CSV = {
    "leads": (
        "id,email,crm_id\nada-77,,\nnew,Ada.Lovelace@CORP.example,\nnewer,,crm-ada\ndan,dan@corp.example,\n",
        ("--id", "id"),
    ),
    "events": (
        "lead,name,time\nada-77,Hit,2026-03-01\ndan,Hit,2026-03-01\nada-77,Hit,never\n",
        ("--lead", "lead", "--name", "name", "--time", "time"),
    ),
    "outcomes": ("lead,outcome\nada-77,won\ndan,won\n", ("--lead", "lead", "--outcome", "outcome")),
}


def test_imports_bring_nobody_back(shop: Served, tmp_path: Path) -> None:
    """Rows that name them are refused, and the file of refused rows does not tell what they said."""
    folder = shop.workspace.root
    rejected = tmp_path / "early.csv"
    rejected.write_text("lead,name,time,of\nada-77,Hit,never,1\ncarl,Hit,never,2\n")
    columns = ("--lead", "lead", "--name", "name", "--time", "time")
    assert ripeline("import", "events", rejected, "-w", folder, *columns).returncode == 0
    tell_stories(shop)
    shop.applied(erased(shop)["position"])
    assert left_of(folder, *NAMES) == []
    assert "carl" in (folder / "rejects/early-0001.csv").read_text()
    for what, (text, options) in CSV.items():
        file = tmp_path / f"{what}.csv"
        file.write_text(text)
        done = ripeline("import", what, file, "-w", folder, *options)
        rows = text.count("\n") - 1
        assert f"{rows} rows read, 1 new, {rows - 1} refused" in done.stdout, done
    again = [hit(31, userId="dan", anonymousId="dev-ada"), hit(32, anonymousId="dev-ada"), hit(5, anonymousId="shared")]
    again += [
        call(33, "identify", userId="new", traits={"email": MAIL}),
        call(34, "alias", userId="eve", previousId="dev-ada"),
    ]
    again += [hit(8, anonymousId="shared")]
    (tmp_path / "calls.jsonl").write_text("".join(json.dumps(one) + "\n" for one in again))
    done = ripeline("import", "events", tmp_path / "calls.jsonl", "-w", folder)
    assert "6 rows read, 2 new (2 events" in done.stdout, done
    assert left_of(folder, *NAMES) == []
    settle(shop)
    assert live(shop) == batch(shop, NOW.isoformat())


def test_by_the_api(shop: Served) -> None:
    """A look first; then it is done when it is answered, whoever asks; only an admin may."""
    tell_stories(shop)
    before, path = live(shop), "/api/leads/crm-ada/erase"
    refused = shop.ask(path, b"{}", authorization=f"Bearer {shop.token}")
    assert refused.status == 403
    looked = shop.tell(path, {"preview": True})
    assert (looked.status, looked.json["lead"], looked.json["position"], looked.json["at"]) == (
        200,
        "ada-77",
        None,
        None,
    )
    assert live(shop) == before
    assert left_of(shop.workspace.root, MAIL)
    told = shop.tell(path, {"reason": "ticket 4711"}).json
    jsonschema.Draft202012Validator(schema("erase")).validate(told)
    assert (told["removes"], told["gone"]) == (looked.json["removes"], True)
    assert left_of(shop.workspace.root, *NAMES) == []
    lead = f"/api/leads/ada-77?min_position={told['position']}&wait=10s"
    assert shop.ask(lead, authorization=f"Bearer {shop.token}").status == 404
    settle(shop)
    assert live(shop) == {name: row for name, row in before.items() if name != "ada-77"} == batch(shop, NOW.isoformat())
    accounts = shop.read("/api/accounts")["accounts"]
    assert [(one["account"], one["best"]) for one in accounts] == [("corp.example", "bob")]
    again = shop.tell(path, {}).json
    assert (again["lead"], again["position"], again["gone"]) == (None, None, True)
    for lead, body, status in (("nobody", {}, 400), ("shared", {}, 400), ("bob", {"why": 1}, 400), ("bob", [1], 400)):
        assert shop.tell(f"/api/leads/{lead}/erase", body).status == status


def test_by_command(shop: Served) -> None:
    """Shown first; where nobody can be asked it is said beforehand; and who cannot be erased is told in a sentence."""
    tell_stories(shop)
    folder = shop.workspace.root
    looked = ripeline("erase", "ada-77", "-w", folder)
    assert (looked.returncode, "--yes" in looked.stderr) == (1, True)
    assert (
        "6 events, 2 statements, 7 links, 1 group links, 1 outcomes, 1 dispositions, 3 failed events" in looked.stdout
    )
    for lead, message in (("nobody", '"nobody" is no identifier'), ("shared", "a device of several people")):
        wrong = ripeline("erase", lead, "-w", folder, "--yes")
        assert (wrong.returncode, message in wrong.stderr) == (1, True), wrong
    done = ripeline("erase", "ada-77", "-w", folder, "--yes", "--reason", "ticket 4711")
    assert (done.returncode, "Erased, from position" in done.stdout) == (0, True), done
    shop.send(hit(50, userId="[/odd] [bold]"))
    odd = ripeline("erase", "[/odd] [bold]", "-w", folder, "--yes")
    assert (odd.returncode, "To be erased: [/odd] [bold]" in odd.stdout) == (0, True), odd
    again = ripeline("erase", "ADA.Lovelace@corp.example", "-w", folder, "--yes")
    assert (again.returncode, "was erased before" in again.stdout) == (0, True), again


def lines(shop: Served, as_of: datetime) -> list[tuple[str, str, str, int]]:
    """Every contribution of everybody, the same by both readers."""
    plan = plan_of(shop.workspace, None)
    asked = Asked(int(as_of.timestamp() * 1_000_000))
    with opened_store(shop.workspace) as store:
        found = [list(engine.contributions(plan, asked)) for engine in (DuckEngine(store), PythonEngine(store))]
    assert found[0] == found[1]
    return found[0]


def accounts(shop: Served) -> dict[str, dict[str, Any]]:
    found = shop.read("/api/accounts?limit=1000")["accounts"]
    return {one["account"]: {**one, "as_of": None} for one in found}


def colleagues(shop: Served) -> dict[str, str]:
    return {one["lead"]: one["account"] for one in shop.read("/api/leads?limit=1000")["leads"]}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_else_changes_whatever_happened(shop: Served, seed: int) -> None:
    """Shared devices and mailboxes, merges, what was set aside, accounts; with and without a server, files or inbox."""
    rng, now, gone = random.Random(seed), NOW, 0
    for number in range(6):
        for _ in range(2):
            groups = [
                call(number, "group", userId=f"u{rng.randrange(10)}", groupId=rng.choice(["acme.example", "big"]))
                | {"messageId": f"g{number}"}
            ]
            key = rng.choice([shop.web_key, shop.server_key])
            shop.send(*calls(rng, now, rng.randrange(20, 60)), *groups, key=key)
        shop.due(now.isoformat())
        if len(live(shop)) > 1:
            decide(shop, rng)
        judge(shop, rng)
        if rng.random() < 0.4:
            compact(shop.workspace, 2**60, 0)
        now += timedelta(hours=rng.choice([1, 5, 20]))
        shop.due(now.isoformat())
        before, rolled_up, belongs = lines(shop, now), accounts(shop), colleagues(shop)
        lead = rng.choice(sorted(live(shop)))
        if rng.random() < 0.5:
            reply = shop.tell(f"/api/leads/{lead}/erase", {})
            told = reply.json
            assert reply.status == 200 or "several people" in told["message"], told
        else:
            shop.stop()
            done = ripeline("erase", lead, "-w", shop.workspace.root, "--yes", "--format", "json")
            assert done.returncode == 0 or "several people" in done.stderr, done
            told = json.loads(done.stdout or "{}")
            shop.start()
        if "lead" not in told:
            continue
        gone += 1
        shop.applied(told["position"])
        shop.due(now.isoformat())
        assert lines(shop, now) == [line for line in before if line[0] != told["lead"]], (number, told)
        assert live(shop) == batch(shop, now.isoformat())
        without = {name: row for name, row in rolled_up.items() if name != belongs[told["lead"]]}
        assert {name: row for name, row in accounts(shop).items() if name in without} == without
        with opened_store(shop.workspace) as store:
            left = store.con.execute("SELECT kind, value FROM identifiers").fetchall()
        assert not {(one["kind"], one["value"]) for one in told["identifiers"] if not one["shared"]} & set(left)
    assert gone > 1


def test_others_go_on_sending_meanwhile(shop: Served) -> None:
    """Nothing of them is refused or lost, and what the person still sends is not stored."""
    tell_stories(shop)
    compact(shop.workspace, 2**60, 0)
    sent, done = list[int](), Event()

    def send() -> None:
        while not done.is_set():
            number = 1_000 + len(sent)
            reply = shop.send(hit(100, userId="dan") | {"messageId": f"d{number}"}, key=shop.server_key)
            sent.append(reply.status)
            shop.send(hit(100, userId="ada-77") | {"messageId": f"a{number}"}, key=shop.server_key)

    with ThreadPoolExecutor(1) as sender:
        going_on = sender.submit(send)
        told = erased(shop)
        done.set()
        going_on.result()
    assert told["gone"]
    settle(shop)
    assert (set(sent), len(sent) > 10) == ({200}, True)
    assert [row[0] for row in shop.stored("i.value")] == ["carl", "carl", *["dan"] * len(sent), "shared"]
    assert live(shop) == batch(shop, NOW.isoformat())
    assert shop.failed()[0]["reason"] == "erased"


def test_files_go_once_nobody_reads_them(shop: Served) -> None:
    """Whoever reads by an older manifest goes on undisturbed; what they read goes when they are done."""
    tell_stories(shop)
    compact(shop.workspace, 2**60, 0)
    shop.stop()
    with opened_store(shop.workspace) as store:
        assert erase(shop.workspace, "ada-77", "", 2 * 10**15, quiet) is not None
        assert finish(shop.workspace, quiet, wait_s=0.2) is False
        (events,) = store.con.execute("SELECT count(*) FROM stored_events").fetchall()[0]
        assert events == 8, "m1, m2, m5, m7, m9, m11, m12 and m13"
        assert left_of(shop.workspace.root, "ada-77")
        doctor = ripeline("doctor", "-w", shop.workspace.root, "--tidy")
        assert "may hold somebody who was erased" in doctor.stdout, doctor
    doctor = ripeline("doctor", "-w", shop.workspace.root, "--tidy")
    assert "who was erased" not in doctor.stdout, doctor
    assert left_of(shop.workspace.root, *NAMES) == []


def test_broken_off_right_after_the_switch_it_is_completed_as_well(shop: Served) -> None:
    """A request that came between waits in the inbox, as it came, and goes."""
    tell_stories(shop)
    before, at_us = live(shop), 2 * 10**15
    shop.stop()
    history = LiveHistory(shop.workspace, keeps_failed=True)
    erasing.write_out(history, at_us)
    history.close()
    body = json.dumps({"batch": [hit(40, userId="ada-77"), hit(41, userId="bob")]}).encode()
    with book_connection(shop.workspace) as db:
        insert(db, Request(int(NOW.timestamp() * 1_000_000), 2, body))
    with writing_history(shop.workspace.root), erasing.opened_erasing_book(shop.workspace) as book:
        assert erasing._erase(shop.workspace, book, "ada-77", "", at_us, "") is not None
    assert left_of(shop.workspace.root, "ada-77")
    told = erased(shop, "ada-77")
    assert (told["lead"], told["position"], told["gone"]) == (None, None, True)
    assert left_of(shop.workspace.root, *NAMES) == []
    shop.start()
    settle(shop)
    assert live(shop) == batch(shop, NOW.isoformat())
    assert {name for name, row in live(shop).items() if row != before[name]} == {"bob"}, "who did one thing more"


@pytest.mark.parametrize(
    "delay_s", [0.9, *(pytest.param(n / 10, marks=pytest.mark.slow) for n in (6, 7, 12, 16, 20, 24))]
)
def test_killed_on_the_way_it_is_completed_by_running_it_again(shop: Served, delay_s: float) -> None:
    """Wherever that was: nothing of others is lost, and of the person nothing is left."""
    tell_stories(shop)
    before = live(shop)
    command = [sys.executable, "-m", "ripeline", "erase", "ada-77", "-w", str(shop.workspace.root), "--yes"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(delay_s)
    process.kill()
    process.wait()
    settle(shop)
    left = {name: row for name, row in before.items() if name != "ada-77"}
    assert live(shop) in (before, left)
    told = erased(shop, "ada-77")
    assert told["gone"]
    settle(shop)
    assert live(shop) == left == batch(shop, NOW.isoformat())
    assert left_of(shop.workspace.root, *NAMES) == []
    assert [json.loads(one["event"]) for one in shop.failed()] == [{"type": "track", "event": "Hit", "userId": "bob"}]
    done = ripeline("doctor", "-w", shop.workspace.root, "--thorough", "--format", "json")
    assert {one["check"] for one in json.loads(done.stdout)["findings"]} <= {"disk", "clock"}, done.stdout


def quiet(_: str, __: float | None) -> None:
    """Nobody watches."""
