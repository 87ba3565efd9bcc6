"""Removals over a real server: who is proposed, who is withdrawn, who is never touched, and who comes back.

In the shop fit is poor below 10 and interest low below 8; here a lead has to be one to remove on six days in a row. The
clock begins on Friday 2026-03-27 at 09:00 UTC, so whoever is known then may be proposed on 1 April: the six days are
27 March to 1 April, by clocks in Berlin.
"""

import csv
import io
import json
import re
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ripeline.adapters.book.inbox import insert
from ripeline.entry.bootstrap.book import book_connection, make_token
from ripeline.entry.schemas import schema
from ripeline.entry.workspace import FIRST_SETTINGS
from ripeline.ports.intake import Request
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Reply, Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_erase import left_of
from tests.acceptance.live.test_handoffs import SALES, act, handoffs, known, say, send, wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

FIRST_DAY = "2026-04-01T09:00:00Z"


@pytest.fixture(scope="module")
def definition() -> str:
    return DEFINITION + "stages:\n  remove_after: 6d\n  cool_down: 2d\n"


@pytest.fixture(scope="module")
def settings() -> str:
    return FIRST_SETTINGS.replace("\n# [sales]\n", SALES)


def small(lead: str, number: int = 1, **traits: object) -> dict[str, Any]:
    """A lead of whom it is known that none of the criteria is true."""
    known = {"company_size": 5, "email": f"{lead}@corp.example"} | traits
    return {"type": "identify", "userId": lead, "messageId": f"known-{lead}-{number}", "traits": known}


def listed(shop: Served, query: str = "") -> list[dict[str, Any]]:
    record = shop.read(f"/api/removals{query}")
    jsonschema.validate(record, schema("removals"))
    return list(record["leads"])


def names(shop: Served) -> list[str]:
    return [one["lead"] for one in listed(shop)]


def why(shop: Served, lead: str) -> str:
    record = shop.read(f"/api/leads/{lead}/removal")
    jsonschema.validate(record, schema("removal"))
    return str(record["why_not"])


def confirm(shop: Served, *leads: str) -> Reply:
    return shop.tell("/api/removals/confirm", {"leads": leads} if leads else {"all": True})


def unhold(shop: Served, lead: str) -> Reply:
    return shop.ask(f"/api/leads/{lead}/hold", method="DELETE", authorization=f"Bearer {shop.admin}")


def rows(shop: Served, table: str) -> int:
    with sqlite3.connect(shop.workspace.book) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_who_is_to_be_removed_for_long_enough_is_proposed(shop: Served) -> None:
    send(shop, small("ada"), small("bob"), act("cid", "Hit"))
    shop.due("2026-03-31T20:00:00Z")
    assert names(shop) == []
    assert why(shop, "ada") == (
        "Nobody knew it on 2026-03-26; 6 days of remove in a row are asked for, so not before 2026-04-01."
    )
    assert why(shop, "cid").startswith("Its fit was unknown") or "nurture" in why(shop, "cid")
    shop.due(FIRST_DAY)
    assert listed(shop) == [
        {
            "lead": lead,
            "email": f"{lead}@corp.example",
            "since": "2026-03-27",
            "proposed_at": "2026-04-01T09:00:00.000000Z",
            "removed_from": None,
            "fit": "0",
            # Silent for three days.
            "engagement": "-4",
        }
        for lead in ("ada", "bob")
    ]
    assert [one["lead"] for one in listed(shop, "?limit=1&offset=1")] == ["bob"]
    told = shop.read("/api/leads/ada/removal")
    assert (told["listed"], told["since"], told["why_not"]) == (True, "2026-03-27", None)


def test_who_does_something_is_withdrawn_and_comes_again(shop: Served) -> None:
    """A trial is 10 points, less 4 from the third silent day on; three hits, 9 points, fade by half in two days.

    So Ada is low again from 4 April on. Bob has 7 more for coming often, on two days, and is low from 3 April on.
    """
    send(shop, small("ada"), small("bob"))
    shop.due(FIRST_DAY)
    assert names(shop) == ["ada", "bob"]
    send(shop, act("ada", "Trial"), *(act("bob", "Hit", number) for number in range(3)))
    assert names(shop) == []
    assert why(shop, "ada") == (
        "Its action was nurture today (poor fit, medium interest), by qualification; "
        "6 days of remove in a row are asked for, so not before 2026-04-07."
    )
    shop.due("2026-04-07T21:59:59Z")
    assert names(shop) == []
    shop.due("2026-04-08T10:00:00Z")
    assert names(shop) == ["bob"]
    shop.due("2026-04-09T10:00:00Z")
    assert [(one["lead"], one["since"], one["proposed_at"][:10]) for one in listed(shop)] == [
        ("bob", "2026-04-03", "2026-04-08"),
        ("ada", "2026-04-04", "2026-04-09"),
    ]


def test_what_is_told_late_withdraws_as_well(shop: Served) -> None:
    """Hits of three days ago are nothing today, but two days ago they made the lead worth more."""
    send(shop, small("ada"))
    shop.due(FIRST_DAY)
    assert names(shop) == ["ada"]
    late = [act("ada", "Hit", number) | {"timestamp": "2026-03-28T12:00:00Z"} for number in range(4)]
    late = [one | {"sentAt": "2026-04-01T09:00:00Z"} for one in late]
    send(shop, *late)
    assert names(shop) == []
    assert "Its action was nurture on 2026-03-2" in why(shop, "ada")


def test_a_hold_follows_the_person_and_is_lifted(shop: Served) -> None:
    send(shop, small("ada"), small("bob"))
    shop.due(FIRST_DAY)
    done = shop.tell("/api/leads/ada@corp.example/hold", {"reason": "court case,\n ask legal"})
    assert done.json == {
        "lead": "ada",
        "reason": "court case, ask legal",
        "by": "admin",
        "at": "2026-04-01T09:00:00.000000Z",
    }
    assert names(shop) == ["bob"]
    assert why(shop, "ada") == "admin put it on hold on 2026-04-01: court case, ask legal"
    again = shop.tell("/api/leads/ada/hold", {"reason": "really"})
    assert (again.status, again.json["code"]) == (409, "wrong_state")
    assert shop.read("/api/removals/holds")["holds"] == [done.json]
    assert shop.read("/api/leads/ada/export")["hold"] == done.json
    assert shop.read("/api/leads/bob/export")["hold"] is None
    # Bob becomes her, shown by his name: the hold is his by now.
    assert shop.tell("/api/leads/bob/merge", {"identifier": "ada"}).status == 200
    shop.due("2026-04-02T09:00:00Z")
    assert names(shop) == []
    assert "court case" in why(shop, "bob")
    assert unhold(shop, "bob").status == 200
    shop.due("2026-04-02T09:00:00Z")
    assert len(names(shop)) == 1
    gone = unhold(shop, "bob")
    assert (gone.status, gone.json["code"]) == (409, "wrong_state")
    nobody = unhold(shop, "zoe")
    assert (nobody.status, nobody.json["code"]) == (404, "no_such_lead")


def test_whom_a_condition_names_is_never_proposed(shop: Served) -> None:
    send(shop, small("ada", legal_hold=True), small("bob", open_deal=True), small("cid", legal_hold=False))
    shop.due(FIRST_DAY)
    assert names(shop) == ["cid"]
    assert why(shop, "bob") == "Nobody is removed of whom this is true: legal_hold = true or open_deal = true."
    send(shop, small("cid", 2, open_deal=True))
    assert names(shop) == []
    send(shop, small("cid", 3, open_deal=False))
    assert names(shop) == ["cid"]


def test_whom_sales_has_is_never_proposed(shop: Served) -> None:
    """Four hits and a good fit are handed over; then it turns out that the fit is poor, and from 29 March interest is low."""
    send(shop, known("ada"), *(act("ada", "Hit", number) for number in range(4)))
    assert [one["state"] for one in handoffs(shop)] == ["open"]
    shop.due("2026-03-28T09:00:00Z")
    send(shop, small("ada", 2))
    shop.due("2026-04-03T09:00:00Z")
    assert names(shop) == []
    assert re.fullmatch(r"Sales has to do with it: handoff 1 is (open|waiting)\.", why(shop, "ada"))
    assert say(shop, 1, "recycle", until="2026-04-10").status == 200
    shop.due("2026-04-09T09:00:00Z")
    assert names(shop) == []
    assert why(shop, "ada") == "Sales sent it back, and it rests until 2026-04-10."
    shop.due("2026-04-10T09:00:00Z")
    assert names(shop) == ["ada"]


def test_whom_sales_is_to_see_to_is_never_proposed(shop: Served) -> None:
    """Five hits and a poor fit are to be followed up; two days later interest is low."""
    send(shop, small("ada"), *(act("ada", "Hit", number) for number in range(5)))
    assert [one["state"] for one in shop.read("/api/tasks")["tasks"]] == ["open"]
    shop.due("2026-04-03T09:00:00Z")
    assert names(shop) == []
    assert why(shop, "ada") == "Sales is to see to it: task 1 is open."
    assert shop.tell("/api/tasks/1/done", {}).status == 200
    shop.due("2026-04-04T09:00:00Z")
    assert names(shop) == ["ada"]


def test_every_definition_has_to_say_so(tmp_path_factory: pytest.TempPathFactory, definition: str) -> None:
    """By the other one it takes nine days, and whoever is told to be of the trade is never poor."""
    other = definition.replace("name: shop", "name: trade").replace("remove_after: 6d", "remove_after: 9d")
    other = other.replace("    large:", '    trade: {when: "trade = true", points: 30}\n    large:')
    root = tmp_path_factory.mktemp("two") / "shop"
    (root / "definitions").mkdir(parents=True)
    (root / "definitions" / "trade.yaml").write_text(other)
    with serving(root, definition, at=START) as shop:
        send(shop, small("ada"), small("bob", trade=True))
        shop.due("2026-04-03T09:00:00Z")
        assert names(shop) == []
        assert why(shop, "ada").endswith("9 days of remove in a row are asked for, so not before 2026-04-04.")
        assert "by trade" in why(shop, "bob")
        shop.due("2026-04-04T09:00:00Z")
        assert [(one["lead"], one["since"]) for one in listed(shop)] == [("ada", "2026-03-30")]
        # What is published looks at everybody anew.
        assert shop.tell("/api/removals/confirm", {"leads": ["bob"]}).status == 409
        published = shop.ask(
            "/api/definitions/qualification/publish?comment=longer",
            definition.replace("remove_after: 6d", "remove_after: 12d").encode(),
            authorization=f"Bearer {shop.admin}",
        )
        assert published.status == 200, published
        shop.due("2026-04-04T09:00:00Z")
        assert names(shop) == []


def test_confirming_removes_for_good_and_whoever_comes_back_is_new(shop: Served) -> None:
    send(shop, small("ada"), small("bob"), small("cid"), act("dan", "Trial"))
    shop.due(FIRST_DAY)
    assert left_of(shop.workspace.root, "ada@corp.example")
    done = confirm(shop, "ada@corp.example", "bob")
    assert done.status == 200, done
    jsonschema.validate(done.json, schema("removed"))
    assert (done.json["removed"], done.json["gone"]) == (["ada", "bob"], True)
    assert done.json["removes"]["statements"] == 2
    shop.applied(done.json["position"])
    assert left_of(shop.workspace.root, "ada@corp.example", "bob@corp.example") == []
    assert rows(shop, "erasures") == 1
    with sqlite3.connect(shop.workspace.book) as db:
        (reason,) = db.execute("SELECT reason FROM erasures").fetchone()
    assert reason == "removed: poor fit and low interest since 2026-03-27"
    assert names(shop) == ["cid"]
    assert shop.ask("/api/leads/ada", authorization=f"Bearer {shop.token}").status == 404
    # What is told late of whom was removed does not count; what she does from now on does.
    shop.due("2026-04-02T09:00:00Z")
    old = act("ada", "Trial", 7) | {"timestamp": "2026-03-30T12:00:00Z", "sentAt": "2026-04-02T09:00:00Z"}
    send(shop, old)
    assert [one["reason"] for one in shop.failed()] == ["erased"]
    send(shop, small("ada", 8), act("ada", "Trial", 9))
    back = shop.read("/api/leads/ada")
    assert (back["engagement"]["level"], back["stage"]) == ("medium", "lead")
    # Somebody else's erasure leaves her as she is.
    assert shop.tell("/api/leads/cid/erase", {}).status == 200
    shop.due("2026-04-02T10:00:00Z")
    again = shop.read("/api/leads/ada")
    assert again["engagement"] == back["engagement"]
    assert again["fit"] == back["fit"]
    shop.kill()
    shop.start()
    assert shop.read("/api/leads/ada")["engagement"] == back["engagement"]


def test_files_bring_back_who_was_removed_as_somebody_new(shop: Served, tmp_path: Path) -> None:
    """What an export of the CRM says without a time, or of later, counts; what happened before does not."""
    send(shop, small("ada"))
    shop.due(FIRST_DAY)
    assert confirm(shop, "ada").json["gone"]
    events, leads = tmp_path / "events.csv", tmp_path / "leads.csv"
    events.write_text("who,what,when\nada,Trial,2026-03-30T09:00:00Z\nada,Trial,2026-04-01T09:00:01Z\n")
    leads.write_text("id,company_size\nada,500\n")
    folder = ("-w", shop.workspace.root)
    named = ("--lead", "who", "--name", "what", "--time", "when")
    done = ripeline("import", "events", events, *folder, *named)
    assert done.returncode == 0, done.stderr
    assert ripeline("import", "leads", leads, *folder, "--id", "id").returncode == 0
    send(shop, small("bob"))
    assert shop.tell("/api/leads/bob/erase", {}).status == 200
    shop.due("2026-04-01T10:00:00Z")
    assert shop.stored("e.name, i.value") == [("Trial", "ada")]
    assert shop.read("/api/leads/ada")["fit"]["level"] == "good"


def test_who_is_not_on_the_list_any_more_keeps_all_from_being_removed(shop: Served) -> None:
    """What Bob did lies in the inbox, and no server has looked at it."""
    send(shop, small("ada"), small("bob"))
    shop.due(FIRST_DAY)
    shop.stop()
    body = json.dumps({"batch": [act("bob", "Trial")]}).encode()
    with book_connection(shop.workspace) as db:
        insert(db, Request(time.time_ns() // 1000, 2, body))
    done = ripeline("removals", "confirm", "--all", "-w", shop.workspace.root, "--yes")
    assert done.returncode == 1
    told = done.stderr.replace("\n", " ")
    assert 'nobody was removed. "bob" is not removed. Its action was nurture today (poor fit, medium interest)' in told
    assert rows(shop, "erasures") == 0
    shop.clock.write_text(datetime.now(UTC).isoformat())
    shop.start()
    shop.due(shop.clock.read_text().replace("+00:00", "Z"))
    assert names(shop) == ["ada"]
    other = confirm(shop, "ada", "bob")
    assert (other.status, other.json["code"]) == (409, "not_removable")
    assert other.json["message"] == 'nobody was removed. "bob" is not removed. It is not on the list.'
    assert rows(shop, "erasures") == 0
    assert confirm(shop).json["removed"] == ["ada"]
    assert confirm(shop).json == {
        "removed": [],
        "removes": {},
        "at": None,
        "position": None,
        "gone": True,
        "backups": [],
    }


def test_a_shared_device_stays_the_others(shop: Served) -> None:
    device = {"anonymousId": "shared"}
    send(shop, small("ada") | device, small("bob") | device, act("bob", "Trial") | device)
    shop.due(FIRST_DAY)
    assert names(shop) == ["ada"]
    before = shop.read("/api/leads/bob")["engagement"]
    assert confirm(shop, "ada").status == 200
    shop.due(FIRST_DAY)
    kinds = {one["value"] for one in shop.read("/api/leads/bob/identity")["identifiers"]}
    assert kinds == {"bob", "bob@corp.example", "shared"}
    assert shop.read("/api/leads/bob")["engagement"] == before


def test_erasing_a_lead_leaves_nothing_of_it(shop: Served) -> None:
    send(shop, small("ada"), small("bob"))
    shop.due(FIRST_DAY)
    assert shop.tell("/api/leads/bob/hold", {"reason": "wait"}).status == 200
    for lead in ("ada", "bob"):
        assert shop.tell(f"/api/leads/{lead}/erase", {}).status == 200
    assert (rows(shop, "removals"), rows(shop, "removal_holds")) == (0, 0)
    assert left_of(shop.workspace.root, "ada@corp.example", "bob@corp.example") == []


def test_the_command_says_the_same(shop: Served) -> None:
    """Beside the running server; the command reads by the true clock, by which they are on the list all the more."""
    send(shop, small("ada"), small("=bob"))
    shop.due(FIRST_DAY)
    folder = ("-w", shop.workspace.root)
    told = json.loads(ripeline("removals", "list", *folder, "--format", "json").stdout)
    assert told == shop.read("/api/removals")
    shown = ripeline("removals", "list", *folder).stdout
    assert "Proposed for removal" in shown
    assert "2026-03-27" in shown
    for text in (
        ripeline("removals", "list", *folder, "--format", "csv").stdout,
        shop.ask("/api/removals", authorization=f"Bearer {shop.token}", accept="text/csv").body.decode(),
    ):
        assert [row["lead"] for row in csv.DictReader(io.StringIO(text))] == ["'=bob", "ada"]
    assert "ada is on the removal list since" in ripeline("removals", "why", "ada", *folder).stdout
    held = ripeline("removals", "hold", "ada", "--reason", "ask legal", *folder)
    assert "ada is on hold: ask legal" in held.stdout, held.stderr
    assert names(shop) == ["=bob"]
    assert json.loads(ripeline("removals", "holds", *folder, "--format", "json").stdout) == shop.read(
        "/api/removals/holds"
    )
    assert "ask legal" in ripeline("removals", "holds", *folder).stdout
    assert "is on hold no more" in ripeline("removals", "lift", "ada", *folder).stdout
    shop.due(FIRST_DAY)
    assert names(shop) == ["=bob", "ada"]
    done = ripeline("removals", "confirm", "ada", *folder, "--yes", "--format", "json")
    record = json.loads(done.stdout)
    jsonschema.validate(record, schema("removed"))
    assert (record["removed"], record["gone"]) == (["ada"], True)
    shop.applied(record["position"])
    found = ripeline("removals", "find", *folder)
    assert (found.returncode, "does this already, all the time" in found.stderr) == (1, True)
    assert names(shop) == ["=bob"]
    doctor = ripeline("doctor", *folder)
    assert doctor.returncode == 0, doctor.stdout


def test_without_a_server_find_completes_the_list(shop: Served) -> None:
    send(shop, small("ada"), small("bob"))
    shop.stop()
    folder = ("-w", shop.workspace.root)
    assert "2 leads on the removal list" in ripeline("removals", "find", *folder).stdout
    found = json.loads(ripeline("removals", "find", *folder, "--format", "json").stdout)
    jsonschema.validate(found, schema("removals-found"))
    assert (found["total"], found["removed"]) == (2, [])
    asked = ripeline("removals", "confirm", "--all", *folder)
    assert (asked.returncode, "say --yes to do it" in asked.stderr) == (1, True)
    done = ripeline("removals", "confirm", "--all", *folder, "--yes")
    assert "Removed 2 leads: ada, bob" in done.stdout, done.stderr
    assert "Nobody is proposed for removal." in ripeline("removals", "list", *folder).stdout


def test_automatic_removal_waits_so_that_people_can_object(
    tmp_path_factory: pytest.TempPathFactory, definition: str, settings: str
) -> None:
    """Proposed on 1 April at 9, removed three days later; who is put on hold meanwhile stays."""
    own = settings.replace("\n# [removals]\n", "\n[removals]\nautomatic = true\nwait_days = 3\n")
    with serving(tmp_path_factory.mktemp("automatic") / "shop", definition, own, START) as shop:
        send(shop, small("ada"), small("bob"), small("cid"))
        shop.due(FIRST_DAY)
        assert [one["removed_from"] for one in listed(shop)] == ["2026-04-04T09:00:00.000000Z"] * 3
        assert shop.tell("/api/leads/bob/hold", {"reason": "wait"}).status == 200
        shop.due("2026-04-04T08:59:59Z")
        assert names(shop) == ["ada", "cid"]
        shop.due("2026-04-04T09:00:00Z")
        assert names(shop) == []
        assert rows(shop, "erasures") == 1
        assert left_of(shop.workspace.root, "ada@corp.example", "cid@corp.example") == []
        assert shop.read("/api/leads/bob")["stage"] == "lead"


def test_a_server_sees_to_it_by_itself(tmp_path: Path, definition: str) -> None:
    """Nobody asks for what is due; only the clock goes on."""
    own = FIRST_SETTINGS.replace("\n# [removals]\n", "\n[removals]\nautomatic = true\nwait_days = 1\n")
    with serving(tmp_path / "shop", definition, own, START) as shop:
        shop.send(small("ada"), key=shop.server_key)
        shop.applied()
        shop.clock.write_text(FIRST_DAY)
        wait_until(lambda: names(shop) == ["ada"])
        shop.clock.write_text("2026-04-02T09:00:00Z")
        wait_until(lambda: names(shop) == [])
        wait_until(lambda: left_of(shop.workspace.root, "ada@corp.example") == [])
        assert rows(shop, "erasures") == 1


def test_a_backup_brings_the_list_and_holds_back(shop: Served, tmp_path_factory: pytest.TempPathFactory) -> None:
    send(shop, small("ada"), small("bob"))
    shop.due(FIRST_DAY)
    shop.tell("/api/leads/bob/hold", {"reason": "wait"})
    folder = tmp_path_factory.mktemp("copies")
    before = folder / "before.tar"
    assert ripeline("backup", before, "-w", shop.workspace.root).returncode == 0
    done = ripeline("removals", "confirm", "ada", "-w", shop.workspace.root, "--yes", "--format", "json")
    assert json.loads(done.stdout)["backups"] == [str(before)], done.stderr
    for new, options, left in (("a", (), ["ada"]), ("b", ("--erased-in", shop.workspace.root), [])):
        restored = ripeline("restore", before, "-w", folder / new, *options)
        assert restored.returncode == 0, restored.stderr
        told = json.loads(ripeline("removals", "list", "-w", folder / new, "--format", "json").stdout)
        assert [one["lead"] for one in told["leads"]] == left
        holds = json.loads(ripeline("removals", "holds", "-w", folder / new, "--format", "json").stdout)
        assert [one["lead"] for one in holds["holds"]] == ["bob"]
        assert ripeline("doctor", "-w", folder / new).returncode == 0
    assert left_of(folder / "b", "ada@corp.example") == []


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("list", "--limit", "0"), 2, "Must be >= 1"),
        (("list", "--limit", "1001"), 1, "limit takes a whole number from 1 to 1,000"),
        (("list", "--offset", "-1"), 2, "Must be >= 0"),
        (("list", "--definition", "qualifcation"), 1, "is no definition that is live here"),
        (("confirm",), 2, "say which leads are to be removed, or --all"),
        (("confirm", "ada", "--all"), 2, "say which leads are to be removed, or --all"),
        (("confirm", "zoe", "--yes"), 1, '"zoe" is no identifier'),
        (("why", "zoe"), 1, '"zoe" is no identifier'),
        (("hold", "zoe", "--reason", "x"), 1, '"zoe" is no identifier'),
        (("hold", "ada", "--reason", " "), 1, "a hold takes a reason of 1 to 500 characters"),
        (("lift", "ada"), 1, '"ada" is not on hold'),
    ],
)
def test_wrong_input_is_told(standing_shop: Served, arguments: tuple[str, ...], code: int, told: str) -> None:
    send(standing_shop, small("ada"))
    done = ripeline("removals", *arguments, "-w", standing_shop.workspace.root)
    assert (done.returncode, told in done.stderr.replace("\n", " ")) == (code, True), done.stderr


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/api/removals?limit=0", None, 400, "bad_input"),
        ("/api/removals?limit=1001", None, 400, "bad_input"),
        ("/api/removals?size=3", None, 400, "bad_input"),
        ("/api/removals?definition=no", None, 404, "no_such_definition"),
        ("/api/leads/zoe/removal", None, 404, "no_such_lead"),
        ("/api/removals/confirm", {}, 400, "bad_body"),
        ("/api/removals/confirm", {"leads": []}, 400, "bad_body"),
        ("/api/removals/confirm", {"leads": ["ada"], "all": True}, 400, "bad_body"),
        ("/api/removals/confirm", {"lead": "ada"}, 400, "bad_body"),
        ("/api/removals/confirm", {"leads": ["zoe"]}, 400, "bad_input"),
        ("/api/removals/confirm", {"leads": ["ada"]}, 409, "not_removable"),
        ("/api/leads/zoe/hold", {"reason": "x"}, 404, "no_such_lead"),
        ("/api/leads/ada/hold", {}, 400, "bad_body"),
        ("/api/leads/ada/hold", {"reason": "x" * 501}, 400, "bad_input"),
    ],
)
def test_wrong_requests_are_told(standing_shop: Served, path: str, body: object, status: int, code: str) -> None:
    send(standing_shop, small("ada"))
    sent = None if body is None else json.dumps(body).encode()
    reply = standing_shop.ask(path, sent, authorization=f"Bearer {standing_shop.admin}")
    assert (reply.status, reply.json["code"]) == (status, code), reply


def test_nobody_removes_or_keeps_without_the_right(standing_shop: Served) -> None:
    send(standing_shop, small("ada"))
    writes = make_token(standing_shop.workspace, "writes", ("read", "write", "answer", "publish"), 0)
    for path, body, method in (
        ("/api/removals/confirm", {"all": True}, "POST"),
        ("/api/leads/ada/hold", {"reason": "x"}, "POST"),
        ("/api/leads/ada/hold", None, "DELETE"),
    ):
        sent = None if body is None else json.dumps(body).encode()
        for token, status in ((writes, 403), ("rlt_nobody", 401)):
            reply = standing_shop.ask(path, sent, method=method, authorization=f"Bearer {token}")
            assert reply.status == status


def test_wrong_settings_are_told(standing_shop: Served, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = standing_shop.workspace.settings
    before = settings.read_text()
    for line, told in (
        ("wait_days = 0", "removals.wait_days takes a whole number of days from 1 to 3,650"),
        ("automatic = 1", "removals.automatic takes a switch, true or false"),
        ("waits = 3", '"waits" is no setting of [removals]'),
        ("never = 'legal_hold ='", "removals.never: "),
        ('never = "properties.x = 1"', "removals.never: who is never removed reads traits"),
    ):
        settings.write_text(before.replace("\n# [removals]\n", f"\n[removals]\n{line}\n"))
        try:
            done = ripeline("removals", "list", "-w", standing_shop.workspace.root)
        finally:
            settings.write_text(before)
        assert (done.returncode, told in done.stderr.replace("\n", " ")) == (1, True), done.stderr
