"""`per: account`: a company qualifies by what all its people do, and one of them is handed over."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ripeline.entry.schemas import schema
from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import SALES, act, handoffs, moves, say, send
from tests.parity.definitions import plan_of

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

PER_ACCOUNT = DEFINITION.replace("version: 1", "version: 1\nper: account") + "accounts: {breadth: 5, breadth_cap: 20}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "shop", PER_ACCOUNT, FIRST_SETTINGS + SALES, START) as server:
        yield server


def at_acme(lead: str, **traits: object) -> dict[str, Any]:
    told = {"email": f"{lead}@acme.example", "company_size": 500} | traits
    return {"type": "identify", "userId": lead, "messageId": f"known-{lead}-{len(traits)}", "traits": told}


def queues(shop: Served) -> dict[str, int]:
    found = shop.read("/api/queues")
    assert found["nowhere"] == []
    return {place: count for place, count in found["places"].items() if count}


def buyer(lead: str) -> dict[str, Any]:
    """Somebody of Acme of whom no size is known: a poor fit by themselves."""
    return {"type": "identify", "userId": lead, "messageId": f"b-{lead}", "traits": {"email": f"{lead}@acme.example"}}


def test_a_company_qualifies_by_what_its_people_are_and_do(shop: Served) -> None:
    """Ada fits and does nothing, Bob tries it out and fits poorly: neither would be an MQL, Acme is, and Bob is its contact."""
    send(shop, at_acme("ada"), buyer("bob"), act("bob", "Trial"))
    leads = {one["lead"]: one["action"] for one in shop.read("/api/leads")["leads"]}
    assert leads == {"ada": "nurture", "bob": "nurture"}
    account = shop.read("/api/accounts/acme.example")
    assert (account["fit"]["points"], account["engagement"]["points"], account["contact"]) == ("33", "10", "bob")
    (one,) = handoffs(shop)
    assert (one["lead"], one["account"], one["state"], one["owner"]) == ("bob", "acme.example", "open", "maria")
    assert (one["fit"], one["engagement"]) == ("33", "10")
    assert (moves(shop, "bob"), moves(shop, "ada")) == ([("lead", "mql", "event")], [])
    assert queues(shop) == {"open": 1}
    # Whoever else comes adds to it, and is nobody's second handoff.
    send(shop, buyer("cyd"), act("cyd", "Trial"), act("ada", "Trial"))
    assert [one["lead"] for one in handoffs(shop)] == ["bob"]
    assert queues(shop) == {"open": 1}
    packet = shop.read("/api/handoffs/1/packet")
    jsonschema.Draft202012Validator(schema("packet")).validate(packet)
    group = packet["buying_group"]
    assert (group["fit"], group["interest"], group["more"]) == ("good", "high", 0)
    assert [(one["lead"], one["email"], one["fit"], one["interest"]) for one in group["people"]] == [
        ("ada", "ada@acme.example", "good", "medium"),
        ("cyd", "cyd@acme.example", "poor", "medium"),
    ]
    told = ripeline("handoffs", "packet", "1", "-w", shop.workspace.root, "--as-of", "2026-03-27T09:00:00Z").stdout
    assert "Buying group: good fit, high interest" in told


def test_an_answer_about_one_of_them_is_about_the_company(shop: Served) -> None:
    """Rejected for one, it rests for all; who raises a hand is heard, and comes to who knows the company."""
    send(shop, at_acme("ada"), buyer("bob"), act("bob", "Trial"))
    say(shop, 1, "reject", reason="not_now")
    send(shop, buyer("cyd"), act("cyd", "Trial"))
    shop.due("2026-03-28T10:00:00Z")
    assert [one["state"] for one in handoffs(shop)] == ["rejected"]
    assert queues(shop) == {"resting": 1}
    shop.due("2026-03-30T10:00:00Z")
    send(shop, act("cyd", "Asked"))
    (one,) = handoffs(shop, "?state=open")
    assert (one["lead"], one["owner"], one["hand_raise"]) == ("cyd", "maria", "asked")
    say(shop, one["number"], "accept")
    say(shop, one["number"], "disqualify", reason="a student project")
    send(shop, act("ada", "Trial"))
    assert queues(shop) == {"decided": 1}
    assert not handoffs(shop, "?state=open,waiting,held")


def test_it_falls_as_one_and_each_of_them_stands_where_they_stood(shop: Served) -> None:
    """Ada leaves for another company, which takes the fit along: Bob's handoff is with somebody, and is flagged."""
    send(shop, at_acme("ada"), buyer("bob"), act("bob", "Trial"))
    send(shop, {**at_acme("ada", email="ada@other.example"), "messageId": "moved"})
    assert shop.read("/api/accounts/acme.example")["action"] == "nurture"
    (one,) = handoffs(shop)
    assert one["flags"] == ["it has cooled below the line meanwhile"]
    assert moves(shop, "bob")[-1] == ("mql", "lead", "event")
    assert moves(shop, "ada") == []


def test_evidence_of_anybody_may_be_taken_away(shop: Served) -> None:
    send(shop, at_acme("ada"), buyer("bob"), act("bob", "Trial"))
    shop.tell("/api/set-aside", {"lead": "bob", "reason": "a robot"})
    shop.due("2026-03-27T09:10:00Z")
    assert handoffs(shop)[0]["state"] == "withdrawn"
    assert queues(shop) == {}


def test_who_belongs_to_no_company_qualifies_alone(shop: Served) -> None:
    traits = {"email": "eve@gmail.com", "company_size": 500}
    send(shop, {"type": "identify", "userId": "eve", "messageId": "eve", "traits": traits}, act("eve", "Trial"))
    assert [(one["lead"], one["account"]) for one in handoffs(shop)] == [("eve", None)]
    assert queues(shop) == {"open": 1}


def test_imports_are_held_and_midnights_are_seen(shop: Served, tmp_path: Path) -> None:
    send(shop, at_acme("ada"), buyer("bob"))
    (tmp_path / "more.csv").write_text("lead,name,time\nbob,Trial,2026-03-26\n")
    columns = ("--lead", "lead", "--name", "name", "--time", "time")
    told = ripeline("import", "events", tmp_path / "more.csv", "-w", shop.workspace.root, *columns)
    assert told.returncode == 0, told.stderr
    shop.due("2026-03-27T09:10:00Z")
    assert [(one["lead"], one["state"]) for one in handoffs(shop)] == [("bob", "held")]
    assert queues(shop) == {"held": 1}
    # Three days of silence take 4 of each one's points: Acme is at 6, and low.
    shop.due("2026-03-31T09:00:00Z")
    assert [one["state"] for one in handoffs(shop)] == ["withdrawn"]


def test_both_ways_of_qualifying_are_definitions_of_their_own() -> None:
    per_lead = PER_ACCOUNT.replace("per: account", "per: lead")
    without = PER_ACCOUNT.replace("per: account\n", "")
    prints = [plan_of(text).fingerprint for text in (PER_ACCOUNT, per_lead, without)]
    assert (prints[1], prints[0] == prints[1]) == (prints[2], False)


def test_nobody_is_removed_whose_company_sales_has_to_do_with(shop: Served) -> None:
    send(shop, at_acme("ada"), buyer("bob"), act("bob", "Trial"), buyer("cyd"))
    assert shop.read("/api/leads/cyd/removal")["why_not"] == "Sales has to do with its company: handoff 1."
