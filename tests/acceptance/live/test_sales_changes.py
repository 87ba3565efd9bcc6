"""Salespeople and teams changed by API and command while a server runs: it follows, and nobody's leads are forgotten.

The shop's clock stands on Friday 2026-03-27 at 09:00 UTC, 10:00 in Berlin.
"""

import json
from typing import Any

import jsonschema
import pytest

from ripeline.entry.bootstrap.book import make_token
from ripeline.entry.schemas import schema
from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Reply, Served
from tests.acceptance.live.test_handoffs import SALES, act, handoffs, known, say, send, steps, wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


@pytest.fixture(scope="module")
def settings() -> str:
    return FIRST_SETTINGS + SALES


def change(shop: Served, method: str, path: str, body: object = None, token: str = "") -> Reply:
    sent = None if body is None else json.dumps(body).encode()
    reply = shop.ask(f"/api/sales/{path}", sent, method, authorization=f"Bearer {token or shop.admin}")
    if reply.status == 200:
        jsonschema.Draft202012Validator(schema("sales")).validate(reply.json)
    return reply


def absent(shop: Served, name: str, first: str, last: str | None = None) -> Reply:
    return change(shop, "POST", f"people/{name}/absences", {"first": first, "last": last})


def person(record: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in record["people"] if one["name"] == name)


def team(record: dict[str, Any], name: str = "all") -> list[str]:
    return next(list(one["members"]) for one in record["teams"] if one["name"] == name)


# ---- what follows for handoffs --------------------------------------------------------------------------


def test_an_absence_gives_open_handoffs_to_somebody_else(shop: Served) -> None:
    send(shop, known("ada"), act("ada", "Asked"))
    assert handoffs(shop)[0]["owner"] == "maria"
    reply = absent(shop, "maria", "2026-03-27", "2026-03-31")
    assert person(reply.json, "maria")["absent"] == [{"from": "2026-03-27", "to": "2026-03-31"}]
    assert person(reply.json, "maria")["told"] == ["absent"]
    wait_until(lambda: handoffs(shop)[0]["owner"] == "jon")
    (one,) = handoffs(shop)
    assert one["why"] == (
        "Team all (everybody): it is Jon's turn, with this one 1 today. "
        "Maria had this lead before, but is absent until 2026-03-31."
    )
    # Four hours of Jon's: two until noon, two from 13:00 on, so 15:00 in Berlin.
    assert (one["state"], one["accept_by"]) == ("open", "2026-03-27T14:00:00.000000Z")
    assert [what for what, _ in steps(shop, 1)] == ["waiting", "assigned", "reassigned"]


def test_an_absence_that_is_still_to_come_moves_nothing_until_then(shop: Served) -> None:
    """Away from Monday on: what is hers stays until Friday's close, 17:00 in Berlin, after which her work goes on on Monday."""
    send(shop, known("ada"), act("ada", "Trial"))
    absent(shop, "maria", "2026-03-30", "2026-04-10")
    shop.due("2026-03-27T10:00:00Z")
    assert handoffs(shop)[0]["owner"] == "maria"
    shop.due("2026-03-27T16:00:00Z")
    assert handoffs(shop)[0]["owner"] == "jon"


def test_what_somebody_works_stays_theirs_and_is_told_once(shop: Served) -> None:
    send(shop, known("ada"), act("ada", "Asked"))
    say(shop, 1, "accept")
    absent(shop, "maria", "2026-03-27", "2026-03-31")
    wait_until(lambda: steps(shop, 1)[-1][0] == "unattended")
    shop.due("2026-03-27T09:30:00Z")
    assert [what for what, _ in steps(shop, 1)] == ["waiting", "assigned", "accept", "unattended"]
    why = shop.read("/api/handoffs/1")["steps"][-1]["why"]
    assert why == "Maria is absent until 2026-03-31, and works this lead."
    told = {"number": 1, "lead": "ada", "state": "accepted", "owner": "maria", "why": "is absent until 2026-03-31"}
    assert shop.read("/api/sales")["unattended"] == [told]
    assert say(shop, 1, "reassign", to="jon").json["owner"] == "jon"
    assert shop.read("/api/sales")["unattended"] == []


def test_nobody_else_can_take_it(shop: Served) -> None:
    """Jon is away too: it stays with Maria, whose clock goes on, and that is noted once. Then she is removed: it waits."""
    send(shop, known("ada"), act("ada", "Trial"))
    absent(shop, "jon", "2026-03-27", "2026-04-10")
    absent(shop, "maria", "2026-03-27", "2026-03-31")
    wait_until(lambda: steps(shop, 1)[-1][0] == "kept")
    shop.due("2026-03-27T09:30:00Z")
    assert [what for what, _ in steps(shop, 1)][2:] == ["kept"]
    assert (handoffs(shop)[0]["owner"], handoffs(shop)[0]["state"]) == ("maria", "open")
    reply = change(shop, "DELETE", "people/maria")
    assert (team(reply.json), reply.json["removed"]) == (["jon"], [{"kind": "people", "name": "maria"}])
    wait_until(lambda: handoffs(shop)[0]["state"] == "waiting")
    gone = "maria had this lead before, but is none of the salespeople any more."
    assert (
        handoffs(shop)[0]["why"] == f"Team all (everybody): nobody can take it. {gone} Jon is absent until 2026-04-10."
    )
    assert [handoffs(shop)[0][promise] for promise in ("assigned_at", "accept_by", "touch_by")] == [None] * 3
    assert change(shop, "DELETE", "people/jon/absences").status == 200
    wait_until(lambda: handoffs(shop)[0]["state"] == "open")
    assert handoffs(shop)[0]["owner"] == "jon"


def test_who_is_gone_answers_no_more(shop: Served) -> None:
    send(shop, known("ada"), act("ada", "Trial"))
    token = make_token(shop.workspace, "maria", ("answer",), 0, "maria")
    change(shop, "DELETE", "people/maria")
    reply = shop.ask("/api/handoffs/1/accept", b"", authorization=f"Bearer {token}")
    assert reply.status == 403


def test_who_is_new_takes_part(shop: Served) -> None:
    reply = change(shop, "PUT", "people/kim", {"mail": "kim@shop.example", "weight": 3, "teams": ["all"]})
    assert (team(reply.json), person(reply.json, "kim")["told"]) == (["maria", "jon", "kim"], ["mail", "weight"])
    for number in range(3):
        send(shop, known(f"lead{number}"), act(f"lead{number}", "Trial"))
    assert {one["owner"] for one in handoffs(shop)} == {"maria", "jon", "kim"}


# ---- over the file --------------------------------------------------------------------------------------


def test_what_is_said_goes_before_the_file_field_by_field(shop: Served) -> None:
    change(shop, "PUT", "people/maria", {"weight": 2})
    change(shop, "PUT", "people/maria", {"label": "Maria Weiß"})
    told = person(shop.read("/api/sales"), "maria")
    assert (told["weight"], told["label"], told["mail"], told["told"]) == (
        2,
        "Maria Weiß",
        "maria@shop.example",
        ["label", "weight"],
    )
    file = shop.workspace.settings
    file.write_text(
        file.read_text().replace('mail = "maria@shop.example"', 'mail = "m@shop.example"\nweight = 5\ncapacity = 9')
    )
    told = person(shop.read("/api/sales"), "maria")
    assert (told["weight"], told["capacity"], told["mail"]) == (2, 9, "m@shop.example")
    told = person(change(shop, "PUT", "people/maria", {"weight": None}).json, "maria")
    assert (told["weight"], told["told"]) == (5, ["label"])
    by_command = ripeline("sales", "-w", shop.workspace.root, "--format", "json", "--at", "2026-03-27T09:00:00Z")
    assert json.loads(by_command.stdout) == shop.read("/api/sales?at=2026-03-27T09:00:00Z")


def test_days_of_an_absence_are_taken_back(shop: Served) -> None:
    absent(shop, "jon", "2026-05-04", "2026-05-15")
    absent(shop, "jon", "2026-05-16")
    days = person(change(shop, "DELETE", "people/jon/absences?first=2026-05-06&last=2026-05-08").json, "jon")["absent"]
    assert days == [{"from": "2026-05-04", "to": "2026-05-05"}, {"from": "2026-05-09", "to": "2026-05-16"}]
    nothing = change(shop, "DELETE", "people/jon/absences")
    assert (nothing.status, nothing.json["message"]) == (
        400,
        "jon is not absent today; say on which days they are here after all",
    )


def test_a_removed_team_and_person_are_there_again(shop: Served) -> None:
    change(shop, "PUT", "teams/north", {"members": ["jon"], "manager": "petra"})
    assert team(shop.read("/api/sales"), "north") == ["jon"]
    assert change(shop, "DELETE", "teams/north").json["teams"][0]["name"] == "all"
    change(shop, "DELETE", "people/jon")
    again = change(shop, "PUT", "people/jon", {"weight": None}).json
    assert (team(again), again["removed"]) == (["maria", "jon"], [{"kind": "teams", "name": "north"}])


def test_a_command_beside_the_server(shop: Served) -> None:
    send(shop, known("ada"), act("ada", "Trial"))
    folder = ("-w", shop.workspace.root)
    done = ripeline("sales", "absent", "maria", "2026-03-27", "2026-03-28", *folder, "--format", "json")
    assert done.returncode == 0, done.stderr
    jsonschema.Draft202012Validator(schema("sales")).validate(json.loads(done.stdout))
    wait_until(lambda: handoffs(shop)[0]["owner"] == "jon")
    shown = ripeline("sales", "set", "kim", *folder, "--mail", "kim@shop.example", "--team", "all")
    assert "Said by command or API, not by ripeline.toml: members of all." in " ".join(shown.stdout.split())
    assert team(shop.read("/api/sales")) == ["maria", "jon", "kim"]
    assert ripeline("sales", "remove", "kim", *folder).returncode == 0
    assert team(shop.read("/api/sales")) == ["maria", "jon"]
    wrong = ripeline("sales", "set", "mria", *folder, "--weight", "2")
    assert wrong.returncode == 1
    assert 'did you mean "maria"?' in wrong.stderr


def test_a_file_that_cannot_be_read_any_more_leaves_things_as_they_are(shop: Served) -> None:
    file = shop.workspace.settings
    before = file.read_text()
    file.write_text(before.replace('members = ["maria", "jon"]', 'members = ["maria", "nobody@home.example"]'))
    assert team(shop.read("/api/sales")) == ["maria", "jon"]
    send(shop, known("ada"), act("ada", "Trial"))
    assert handoffs(shop)[0]["owner"] == "maria"
    assert "salespeople cannot be read; the last ones hold" in shop.log()
    assert "home.example" not in shop.log()
    file.write_text(before.replace('members = ["maria", "jon"]', 'members = ["jon"]'))
    assert team(shop.read("/api/sales")) == ["jon"]


# ---- wrong input, and who may ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("people/maria", {"weight": 99}, 400, "sales.people.maria.weight takes a whole number from 1 to 20"),
        ("people/maria", {"weight": "2"}, 400, "sales.people.maria.weight takes a whole number"),
        ("people/maria", {"wieght": 2}, 400, '"wieght" is no setting of [sales.people.maria]; did you mean "weight"?'),
        ("people/maria", {"mail": "nobody"}, 400, 'sales.people.maria.mail: "nobody" is no e-mail address of anybody'),
        ("people/maria", {"hours": "Mon 8-9"}, 400, "sales.people.maria.hours: "),
        ("people/maria", {"teams": ["al"]}, 400, 'teams: "al" is no team; did you mean "all"?'),
        ("people/maria", {"teams": "all"}, 400, "teams takes a list of names"),
        ("people/jon", {"teams": []}, 200, ""),
        ("people/Kim", {"mail": "kim@shop.example"}, 400, '"Kim" cannot be a name in [sales.people]'),
        ("people/mria", {"weight": 2}, 404, 'did you mean "maria"?'),
        ("people/maria", [1], 400, "send an object of fields"),
        ("people/maria", {"absent": ["2026-05-01 to 2026-04-01"]}, 400, "ends before it begins"),
        ("teams/all", {"members": []}, 400, "[sales.teams.all] has no members"),
        ("teams/all", {"members": ["maria", {}]}, 400, "is no salesperson"),
        ("teams/all", {"manager": "jonn"}, 400, 'sales.teams.all.manager: "jonn" is no salesperson'),
        ("teams/new", {"manager": "jon"}, 404, '"new" is no team here'),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    shop: Served, path: str, body: object, status: int, message: str
) -> None:
    before = shop.read("/api/sales")
    reply = change(shop, "PUT", path, body)
    assert reply.status == status
    if status != 200:
        assert message in reply.json["message"]
        assert shop.read("/api/sales") == before


def test_what_cannot_be_removed(shop: Served) -> None:
    assert change(shop, "DELETE", "people/nobody").status == 404
    manager = change(shop, "DELETE", "people/petra")
    assert (manager.status, "petra cannot be removed" in manager.json["message"]) == (400, True)
    assert change(shop, "DELETE", "teams/all").status == 400
    change(shop, "DELETE", "people/jon")
    last = change(shop, "DELETE", "people/maria")
    assert "has no members" in last.json["message"]
    assert [one["name"] for one in shop.read("/api/sales")["people"]] == ["maria", "petra"]


def test_who_may_say_what(shop: Served) -> None:
    """Maria says when she herself is away; Petra, who manages the team, says it of its members; people are an admin's."""
    tokens = {name: make_token(shop.workspace, name, ("answer",), 0, name) for name in ("maria", "petra")}
    day = {"first": "2026-05-04"}
    assert change(shop, "POST", "people/maria/absences", day, tokens["maria"]).status == 200
    refused = change(shop, "POST", "people/jon/absences", day, tokens["maria"])
    assert (refused.status, refused.json["code"]) == (403, "not_yours")
    assert change(shop, "POST", "people/jon/absences", day, tokens["petra"]).status == 200
    assert change(shop, "DELETE", "people/maria/absences?first=2026-05-04", token=tokens["petra"]).status == 200
    assert change(shop, "PUT", "people/maria", {"weight": 2}, tokens["maria"]).status == 403
    assert change(shop, "POST", "people/maria/absences", day, shop.token).status == 403
    assert shop.ask("/api/sales/people/maria", b"{}", "PUT").status == 401
    wrong = change(shop, "POST", "people/maria/absences", {"first": "2026-05-04", "until": "x"})
    assert (wrong.status, wrong.json["code"]) == (400, "bad_body")
