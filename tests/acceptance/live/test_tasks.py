"""Tasks over a real server: who is to be followed up, who asked again, and that nobody gets one twice.

The shop's matrix asks for a follow-up where fit is poor (below 10) and interest high (20). A trial gives 10 points
each, asking 15; a hand stays up for 2 days. The cool-down is the usual 90 days. The clock begins on Friday 2026-03-27
at 09:00 UTC.
"""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from ripeline.entry.bootstrap.book import make_token
from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Reply, Served
from tests.acceptance.live.shop import DEFINITION
from tests.acceptance.live.test_handoffs import SALES, moves, say, send

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


@pytest.fixture(scope="module")
def settings() -> str:
    return FIRST_SETTINGS + SALES


def small(lead: str, **traits: object) -> dict[str, Any]:
    """A lead whose fit is known to be poor: none of the criteria is true."""
    return {"type": "identify", "userId": lead, "messageId": f"known-{lead}", "traits": {"company_size": 5} | traits}


def act(lead: str, event: str, number: int = 1) -> dict[str, Any]:
    return {"type": "track", "userId": lead, "event": event, "messageId": f"{lead}-{event}-{number}"}


def keen(lead: str) -> list[dict[str, Any]]:
    """Poor fit, and two trials: 20 points."""
    return [small(lead), act(lead, "Trial", 1), act(lead, "Trial", 2)]


def tasks(shop: Served, query: str = "") -> list[dict[str, Any]]:
    return list(shop.read(f"/api/tasks{query}")["tasks"])


def close(shop: Served, number: int, verb: str, **said: str) -> Reply:
    reply = shop.tell(f"/api/tasks/{number}/{verb}", said)
    shop.applied()
    return reply


def test_poor_fit_and_high_interest_is_a_task_for_somebody(shop: Served) -> None:
    send(shop, *keen("ada"), small("bob"), act("bob", "Trial"))
    (one,) = tasks(shop)
    assert (one["lead"], one["reason"], one["state"], one["owner"]) == ("ada", "promoter", "open", "maria")
    assert (one["fit_level"], one["engagement_level"], one["stage"]) == ("poor", "high", "lead")
    assert one["why"] == "Team all (everybody): it is Maria's turn, with this one 1 today."
    assert moves(shop, "ada") == []
    # Tasks are taken in turn too.
    send(shop, *keen("cid"))
    assert [one["owner"] for one in tasks(shop, "?lead=cid")] == ["jon"]
    done = close(shop, 1, "done", comment="wrote her")
    assert (done.status, done.json["state"], done.json["closed_by"]) == (200, "done", "admin")
    again = close(shop, 1, "dismiss")
    assert (again.status, again.json["code"]) == (409, "wrong_state")
    assert again.json["message"] == "task 1 is done by admin, so there is nothing to answer any more"


def test_within_the_cool_down_nobody_is_asked_to_follow_up_twice(shop: Served) -> None:
    """Done on 27 March; 90 days later, on 25 June, it may come again, and what she does then is high interest anew."""
    send(shop, *keen("ada"))
    close(shop, 1, "done")
    send(shop, act("ada", "Trial", 3))
    shop.due("2026-06-24T10:00:00Z")
    assert len(tasks(shop)) == 1
    shop.due("2026-06-25T10:00:00Z")
    assert [(one["state"], one["made_at"][:10]) for one in tasks(shop)] == [
        ("done", "2026-03-27"),
        ("open", "2026-06-24"),
    ]


@pytest.mark.parametrize(
    ("traits", "why"),
    [({"email": "ada@shop.example"}, "The lead is suppressed."), ({"plan": "pro"}, "The lead is with sales.")],
)
def test_a_task_is_taken_back_where_it_is_pointless(shop: Served, traits: dict[str, str], why: str) -> None:
    """She turns out to be staff; or on the plan that makes the fit fair, so that she is an MQL."""
    send(shop, *keen("ada"))
    send(shop, small("ada", **traits) | {"messageId": "more"})
    (one,) = tasks(shop)
    assert (one["state"], one["why"]) == ("withdrawn", why)


def test_a_customer_and_who_was_disqualified_ask_again(shop: Served) -> None:
    """Each time they ask there is one task, for whom they know; an answer puts the hand down."""
    large = {"company_size": 500}
    send(shop, small("ada", **large), act("ada", "Asked"), small("bob", **large), act("bob", "Asked"))
    owners = {one["lead"]: one["owner"] for one in shop.read("/api/handoffs")["handoffs"]}
    say(shop, 1, "accept")
    say(shop, 1, "won")
    say(shop, 2, "disqualify", reason="a student")
    shop.due("2026-03-27T10:00:00Z")
    assert tasks(shop) == []
    send(shop, act("ada", "Asked", 2), act("bob", "Asked", 2))
    found = tasks(shop, "?state=open")
    assert {one["lead"]: one["owner"] for one in found} == owners
    assert {(one["reason"], one["hand_raise"]) for one in found} == {("asked_again", "asked")}
    assert {one["lead"]: one["stage"] for one in found} == {"ada": "customer", "bob": "disqualified"}
    assert "(Asked)" in ripeline("tasks", "list", "-w", shop.workspace.root).stdout
    assert len(shop.read("/api/handoffs")["handoffs"]) == 2
    send(shop, act("ada", "Asked", 3))
    assert len(tasks(shop)) == 2
    answered = close(shop, next(one["number"] for one in found if one["lead"] == "ada"), "done")
    assert answered.json["position"] > 0
    shop.due("2026-03-27T11:00:00Z")
    assert "hand_raise" not in shop.read("/api/leads/ada")
    told = shop.read("/api/leads/ada/timeline?kind=disposition")["entries"]
    assert (told[0]["answer"], told[0]["by"]) == ("followed_up", "admin")
    assert [one["lead"] for one in tasks(shop, "?state=open")] == ["bob"]
    # The cool-down is not for those who ask.
    send(shop, act("ada", "Asked", 4))
    assert sorted(one["lead"] for one in tasks(shop, "?state=open")) == ["ada", "bob"]
    assert shop.read("/api/leads/ada")["stage"] == "customer"


def test_an_import_holds_tasks_back_until_the_lead_does_something(shop: Served, tmp_path: Path) -> None:
    people, acts = tmp_path / "people.csv", tmp_path / "acts.csv"
    people.write_text("id,company_size\nada,5\nbob,5\n", encoding="utf-8")
    rows = "".join(f"{lead},Trial,2026-03-2{day}T10:00:00Z\n" for lead in ("ada", "bob") for day in (5, 6))
    acts.write_text(f"lead,name,time\n{rows}", encoding="utf-8")
    for command in (
        ["leads", people, "--id", "id"],
        ["events", acts, "--lead", "lead", "--name", "name", "--time", "time"],
    ):
        done = ripeline("import", *command, "-w", shop.workspace.root)
        assert done.returncode == 0, done.stderr
    shop.due("2026-03-27T09:30:00Z")
    assert [(one["state"], one["cause"], one["owner"]) for one in tasks(shop)] == [("held", "import", None)] * 2
    # Time and midnights release nothing.
    shop.due("2026-03-28T09:30:00Z")
    assert {one["state"] for one in tasks(shop)} == {"held"}
    send(shop, act("ada", "Trial", 7))
    assert {one["lead"]: one["state"] for one in tasks(shop)} == {"ada": "open", "bob": "held"}


def test_held_tasks_are_released_after_handoffs(shop: Served, tmp_path: Path) -> None:
    """Two a day: the handoff goes first, then one task, and the other one on the next day."""
    people, acts = tmp_path / "people.csv", tmp_path / "acts.csv"
    people.write_text("id,company_size\nada,5\nbob,5\ncid,500\n", encoding="utf-8")
    rows = "".join(f"{lead},Trial,2026-03-2{day}T10:00:00Z\n" for lead in ("ada", "bob", "cid") for day in (5, 6))
    acts.write_text(f"lead,name,time\n{rows}", encoding="utf-8")
    folder = ("-w", shop.workspace.root)
    assert ripeline("import", "leads", people, "--id", "id", *folder).returncode == 0
    columns = ("--lead", "lead", "--name", "name", "--time", "time")
    assert ripeline("import", "events", acts, *columns, *folder).returncode == 0
    shop.due("2026-03-27T09:30:00Z")
    told = {"definition": "qualification", "held": 1, "tasks": 2, "per_day": 2, "days": 2}
    assert shop.ask("/api/release?per_day=2", b"", authorization=f"Bearer {shop.admin}").json == told
    for day, states in (("27T09:31", ["open", "held"]), ("27T22:59", ["open", "held"]), ("27T23:01", ["open", "open"])):
        shop.due(f"2026-03-{day}:00Z")
        assert [one["state"] for one in shop.read("/api/handoffs")["handoffs"]] == ["open"]
        assert [one["state"] for one in sorted(tasks(shop), key=lambda one: one["number"])] == states
    assert shop.read("/api/release")["tasks"] == 0


def test_it_is_decided_once_also_over_a_kill(shop: Served) -> None:
    send(shop, *keen("ada"))
    shop.kill()
    shop.start()
    shop.due("2026-03-28T09:30:00Z")
    assert [one["state"] for one in tasks(shop)] == ["open"]


def test_nobody_closes_what_is_somebody_elses(shop: Served) -> None:
    send(shop, *keen("ada"), *keen("bob"))
    assert [one["owner"] for one in tasks(shop)] == ["maria", "jon"]
    tokens = {name: make_token(shop.workspace, name, ("answer",), 0, name) for name in ("maria", "petra")}

    def done(number: int, name: str) -> Reply:
        return shop.ask(f"/api/tasks/{number}/done", b"", authorization=f"Bearer {tokens[name]}")

    refused = done(2, "maria")
    assert (refused.status, refused.json["code"]) == (403, "not_yours")
    assert refused.json["message"] == "task 2 is jon's; this token may answer its own person's alone"
    assert done(1, "maria").status == 200
    assert done(2, "petra").json["closed_by"] == "petra"


def test_commands_say_the_same(shop: Served) -> None:
    """Listed and closed beside the running server."""
    send(shop, *keen("ada"))
    folder = ("-w", shop.workspace.root)
    listed = ripeline("tasks", "list", *folder)
    assert "possible promoter" in listed.stdout
    told = json.loads(ripeline("tasks", "list", *folder, "--format", "json").stdout)
    assert told == shop.read("/api/tasks")
    for words, total in ((("--lead", "ada"), 1), (("--definition", "other"), 0), (("--offset", "1"), 1)):
        shown = json.loads(ripeline("tasks", "list", *folder, *words, "--format", "json").stdout)
        assert (shown["total"], len(shown["tasks"])) == (total, 0 if "--offset" in words else total)
    done = ripeline("tasks", "dismiss", "1", *folder, "--comment", " a\n\x1bstudent")
    assert done.stdout == "Task 1, ada: dismissed by maria.\n", done.stderr
    assert tasks(shop, "?state=dismissed")[0]["comment"] == "a student"
    over = ripeline("tasks", "done", "1", *folder)
    assert (over.returncode, over.stdout) == (1, "")
    assert "task 1 is dismissed by maria" in over.stderr
    missing = ripeline("tasks", "done", "9", *folder)
    assert (missing.returncode, "there is no task 9" in missing.stderr) == (1, True)
    nobody = ripeline("tasks", "list", *folder, "--lead", "nobody")
    assert (nobody.returncode, '"nobody" is no identifier' in nobody.stderr) == (1, True)
    wrong = ripeline("tasks", "list", *folder, "--state", "opne")
    assert (wrong.returncode, 'did you mean "open"' in wrong.stderr) == (1, True)


@pytest.mark.parametrize(
    ("path", "body", "status", "told"),
    [
        ("/api/tasks/9/done", b"", 404, "there is no task 9"),
        ("/api/tasks/1/done", b"[", 400, "send nothing, or"),
        ("/api/tasks/1/done", b'{"note": "x"}', 400, "unknown field"),
        ("/api/tasks/1/done", json.dumps({"comment": "x" * 2_001}).encode(), 400, "2,001 letters"),
        ("/api/tasks/99999999999999999999/done", b"", 404, "there is no task 99999999999999999999"),
        ("/api/handoffs/99999999999999999999/accept", b"", 404, "there is no handoff 99999999999999999999"),
    ],
)
def test_wrong_answers_change_nothing(shop: Served, path: str, body: bytes, status: int, told: str) -> None:
    send(shop, *keen("ada"))
    reply = shop.ask(path, body, authorization=f"Bearer {shop.admin}")
    assert reply.status == status, reply
    assert told in reply.json["message"]
    assert [one["state"] for one in tasks(shop)] == ["open"]


def test_who_is_erased_has_no_tasks(shop: Served) -> None:
    send(shop, *keen("ada"))
    assert shop.tell("/api/leads/ada/erase", {}).status == 200
    assert tasks(shop) == []
    with sqlite3.connect(shop.workspace.book) as db:
        assert db.execute("SELECT count(*) FROM tasks").fetchone() == (0,)


@pytest.mark.parametrize("definition", [DEFINITION.replace("required: []", "required: [email]")], scope="module")
def test_nobody_is_asked_to_follow_up_who_cannot_be_reached(shop: Served) -> None:
    send(shop, *keen("ada"))
    assert tasks(shop) == []
    send(shop, small("ada", email="ada@home.example") | {"messageId": "more"})
    assert [one["lead"] for one in tasks(shop)] == ["ada"]


# ---- who is gone, and whose lead may not be contacted --------------------------------------------------


def sales(shop: Served, method: str, path: str, body: object = None) -> None:
    sent = None if body is None else json.dumps(body).encode()
    reply = shop.ask(f"/api/sales/people/{path}", sent, method, authorization=f"Bearer {shop.admin}")
    assert reply.status == 200, reply


def test_tasks_of_somebody_who_is_gone_go_to_somebody_else(shop: Served) -> None:
    send(shop, *keen("ada"))
    sales(shop, "POST", "maria/absences", {"first": "2026-03-27"})
    shop.due("2026-03-27T09:05:00Z")
    assert tasks(shop)[0]["owner"] == "maria"
    sales(shop, "DELETE", "maria")
    shop.due("2026-03-27T09:10:00Z")
    (one,) = tasks(shop)
    assert (one["owner"], one["state"]) == ("jon", "open")
    assert one["why"] == "Team all (everybody): it is Jon's turn, with this one 1 today."


def test_who_asked_does_not_wait_for_somebody_absent(shop: Served) -> None:
    """A customer asks again, and Maria, who has her, is away."""
    send(shop, small("ada"), act("ada", "Asked"))
    say(shop, 1, "accept")
    say(shop, 1, "won")
    shop.due("2026-03-27T09:05:00Z")
    send(shop, act("ada", "Asked", 2))
    assert [(one["reason"], one["owner"]) for one in tasks(shop)] == [("asked_again", "maria")]
    sales(shop, "POST", "maria/absences", {"first": "2026-03-27"})
    shop.due("2026-03-27T09:10:00Z")
    assert tasks(shop)[0]["owner"] == "jon"


def test_a_task_waits_for_consent(shop: Served) -> None:
    file = shop.workspace.settings
    file.write_text(file.read_text().replace("\n[sales]\n", '\n[sales]\nneeds_consent = "consent_sales = true"\n', 1))
    send(shop, *keen("ada"))
    (one,) = tasks(shop)
    assert (one["state"], one["why"]) == ("waiting", "Consent is not known: consent_sales = true.")
    agrees = {"type": "identify", "userId": "ada", "messageId": "agrees", "traits": {"consent_sales": True}}
    send(shop, agrees)
    shop.due("2026-03-27T09:05:00Z")
    assert tasks(shop)[0]["state"] == "open"
