"""Visitors become known people, people merge and come apart again, and nothing of anybody is lost or leaks."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ripeline.entry.bootstrap.live import compact
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served
from tests.acceptance.live.shop import START, batch, live

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


def call(number: int, type_: str, **more: object) -> dict[str, Any]:
    """A call, as many minutes before now as it has room for; later ones have greater numbers."""
    at = START - timedelta(minutes=100 - number)
    return {"type": type_, "messageId": f"m{number}", "timestamp": at.isoformat(), **more}


def hit(number: int, **who: str) -> dict[str, Any]:
    return call(number, "track", event="Hit", **who)


def settle(served: Served) -> None:
    """Let everything that was accepted be applied and scored."""
    served.due(START.isoformat())


def points(served: Served, lead: str) -> str:
    return str(served.read(f"/api/leads/{lead}")["engagement"]["points"])


def names(served: Served, lead: str) -> list[tuple[str, str]]:
    return [(one["kind"], one["value"]) for one in served.read(f"/api/leads/{lead}/identity")["identifiers"]]


def explained(served: Served, *leads: str) -> list[dict[str, Any]]:
    """Explanations without the position, which moves on."""
    found = (served.read(f"/api/leads/{lead}?as_of={START:%Y-%m-%dT%H:%M:%SZ}") for lead in leads)
    return [{name: value for name, value in one.items() if name != "position"} for one in found]


def test_a_visitor_becomes_known_by_a_form_then_by_a_user_id(shop: Served) -> None:
    shop.send(hit(1, anonymousId="d1"))
    shop.send(call(2, "track", event="Asked", anonymousId="d1", properties={"email": "Ada@Corp.example"}))
    settle(shop)
    assert names(shop, "d1") == [("email", "ada@corp.example"), ("anonymous", "d1")]
    assert live(shop)["ada@corp.example"][2] == "18"
    shop.send(call(3, "identify", userId="ada", traits={"email": "ADA@corp.example", "crm_id": "C-1"}))
    settle(shop)
    assert names(shop, "C-1") == [("user", "ada"), ("crm", "C-1"), ("email", "ada@corp.example"), ("anonymous", "d1")]
    assert set(live(shop)) == {"ada"}
    assert live(shop) == batch(shop, START.isoformat())


def test_a_shared_device_leaks_nothing_to_the_second_user(shop: Served) -> None:
    shop.send(
        *(hit(number, anonymousId="d1") for number in (1, 2)),
        call(3, "identify", userId="ada", anonymousId="d1", traits={"email": "ada@corp.example"}),
        hit(4, anonymousId="d1"),
        call(5, "identify", userId="bob", anonymousId="d1", traits={"plan": "pro"}),
        hit(6, anonymousId="d1"),
    )
    settle(shop)
    # 4 came before bob's own sign-in and after ada's: nobody was signed out, it is the next user's.
    assert (points(shop, "ada"), points(shop, "bob")) == ("6", "6")
    assert shop.read("/api/leads/ada")["fit"]["points"] == "0"
    assert live(shop) == batch(shop, START.isoformat())


def test_a_second_user_with_the_same_address_is_another_person(shop: Served) -> None:
    for number, user in enumerate(("ada", "bob")):
        shop.send(
            call(number, "identify", userId=user, traits={"email": "info@corp.example"}), hit(10 + number, userId=user)
        )
    settle(shop)
    links = shop.read("/api/leads/bob/identity")["links"]
    assert [(one["one"]["value"], one["state"], one["whose"]) for one in links] == [("bob", "refused", "ada")]
    assert (points(shop, "ada"), points(shop, "bob"), points(shop, "info@corp.example")) == ("3", "3", "3")


def test_merged_and_taken_apart_everything_is_as_before(shop: Served) -> None:
    shop.send(
        hit(1, anonymousId="d1"),
        call(2, "identify", userId="ada", anonymousId="d1", traits={"company_size": 500, "email": "ada@corp.example"}),
        hit(3, anonymousId="d2"),
        call(4, "identify", userId="bob", anonymousId="d2", traits={"plan": "pro", "company_size": 5}),
        call(5, "track", event="Asked", userId="bob"),
        hit(6, anonymousId="d3"),
    )
    settle(shop)
    before, told = live(shop), explained(shop, "ada", "bob", "d3")
    looked = shop.tell("/api/leads/ada/merge", {"identifier": "bob", "preview": True}).json
    assert [one["lead"] for one in looked["before"]] == ["ada", "bob"]
    assert [(one["lead"], one["fit"], one["engagement"]) for one in looked["after"]] == [("ada", "10", "21")]
    assert looked["position"] is None
    assert live(shop) == before
    position = 0
    for other in ("bob", "d3"):
        position = shop.tell("/api/leads/ada/merge", {"identifier": other}).json["position"]
        settle(shop)
    assert names(shop, "d2") == [
        *(("user", "ada"), ("user", "bob"), ("email", "ada@corp.example")),
        *(("anonymous", "d1"), ("anonymous", "d2"), ("anonymous", "d3")),
    ]
    assert set(live(shop)) == {"ada"}
    # Three hits, 3 each; three of them within two days, 7; asked for, 15.
    assert live(shop)["ada"][:3] == ("10", "fair", "31")
    assert live(shop) == batch(shop, START.isoformat())
    compact(shop.workspace, position, 0)
    shop.kill()
    shop.start()
    for other in ("d3", "bob"):
        shop.tell("/api/leads/ada/unmerge", {"identifier": other})
    settle(shop)
    assert explained(shop, "ada", "bob", "d3") == told
    assert live(shop) == before == batch(shop, START.isoformat())


def test_what_was_taken_apart_stays_apart_until_somebody_merges_it_again(shop: Served) -> None:
    shop.send(call(1, "identify", userId="ada", anonymousId="d1"), hit(2, anonymousId="d1"))
    settle(shop)
    shop.tell("/api/leads/ada/unmerge", {"identifier": "d1"})
    settle(shop)
    shop.send(call(3, "identify", userId="ada", anonymousId="d1"))
    settle(shop)
    assert names(shop, "ada") == [("user", "ada")]
    shop.tell("/api/leads/ada/merge", {"identifier": "d1"})
    settle(shop)
    assert names(shop, "ada") == [("user", "ada"), ("anonymous", "d1")]
    assert live(shop) == batch(shop, START.isoformat())


def test_commands_do_the_same_beside_the_server(shop: Served) -> None:
    """A command's own clock is the true one, and so must the server's be."""
    shop.stop()
    shop.clock.unlink()
    shop.start()
    today = datetime.now(UTC).isoformat()
    shop.send(*(hit(number, userId=user) | {"timestamp": today} for number, user in enumerate(("ada", "bob"))))
    shop.applied()
    folder = shop.workspace.root
    refused = ripeline("merge", "ada", "bob", "-w", folder)
    assert (refused.returncode, "--yes" in refused.stderr) == (1, True)
    done = ripeline("merge", "ada", "bob", "-w", folder, "--yes", "--format", "json")
    assert done.returncode == 0, done.stderr
    shop.applied(json.loads(done.stdout)["position"])
    assert points(shop, "bob") == "6"
    again = ripeline("merge", "bob", "ada", "-w", folder, "--yes")
    assert (again.returncode, "one person already" in again.stderr) == (1, True)
    wrong = ripeline("unmerge", "ada", "carl", "-w", folder, "--yes")
    assert (wrong.returncode, '"carl" is no identifier' in wrong.stderr) == (1, True)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"identifier": 1}', b'{"other": "bob"}', b'{"identifier": "nobody"}', b'{"identifier": "\xff"}'],
)
def test_a_wrong_merge_is_refused(standing_shop: Served, body: bytes) -> None:
    standing_shop.send(hit(1, userId="ada"))
    settle(standing_shop)
    reply = standing_shop.ask("/api/leads/ada/merge", body, authorization=f"Bearer {standing_shop.admin}")
    assert (reply.status, reply.json["code"] in {"bad_body", "bad_input"}) == (400, True)
    assert standing_shop.ask("/api/leads/ada/merge", body, authorization=f"Bearer {standing_shop.token}").status == 403
