"""Leads below the line that go to sales by lot: who is drawn, what sales is told, and what becomes of them."""

from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from ripeline.entry.schemas import schema
from ripeline.entry.workspace import FIRST_SETTINGS
from ripeline.lifecycle.lot import is_drawn
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.handoff_runs import LOTS
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import START
from tests.acceptance.live.test_handoffs import SALES, act, handoffs, moves, say, send, steps

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

LEADS = [f"lead-{number}" for number in range(30)]
DRAWN = [lead for lead in LEADS if is_drawn(60_000, "poor", "medium", lead)]
LEFT = [lead for lead in LEADS if lead not in DRAWN]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "shop", LOTS, FIRST_SETTINGS + SALES, START) as server:
        yield server


def trials(*leads: str) -> list[dict[str, object]]:
    """Trials are worth 10 points: with no fit, poor fit and medium interest."""
    told = (
        {"type": "identify", "userId": lead, "messageId": f"k-{lead}", "traits": {"company_size": 5}} for lead in leads
    )
    return [*told, *(act(lead, "Trial") for lead in leads)]


def test_sales_gets_those_whose_lot_is_drawn_and_nobody_else(shop: Served) -> None:
    send(shop, *trials(*LEADS))
    found = handoffs(shop)
    assert sorted(one["lead"] for one in found) == sorted(DRAWN)
    assert {(one["by_lot"], one["stage"], one["state"], one["rating"]) for one in found} == {
        (0.6, "lead", "open", "C2")
    }
    for one in found:
        jsonschema.Draft202012Validator(schema("handoff")).validate(shop.read(f"/api/handoffs/{one['number']}"))
    # It is no MQL, and no score says another.
    one = found[0]
    assert moves(shop, one["lead"]) == []
    assert shop.read(f"/api/leads/{one['lead']}")["stage"] == "lead"
    # Nothing is drawn twice, whatever else it does there, and time takes nothing back.
    send(shop, *(act(lead, "Hit", 7) for lead in LEADS))
    shop.due("2026-03-31T09:00:00Z")
    later = handoffs(shop)
    assert sorted(one["lead"] for one in later) == sorted(DRAWN)
    assert not any(one["flags"] for one in later)
    folder = ("-w", shop.workspace.root)
    assert "C2, by lot" in ripeline("handoffs", "list", *folder).stdout
    assert "of such leads 60% go to sales" in ripeline("handoffs", "show", one["number"], *folder).stdout


def test_a_salesperson_is_told_that_it_was_drawn(shop: Served) -> None:
    send(shop, *trials(DRAWN[0]))
    folder = ("-w", shop.workspace.root)
    told = ripeline("handoffs", "packet", 1, *folder, "--as-of", "2026-03-27T09:00:00Z").stdout
    assert f"{DRAWN[0]} was drawn by lot" in told
    assert "60% of such leads go to sales, so that it is known what becomes of them" in " ".join(told.split())
    packet = shop.read("/api/handoffs/1/packet")
    jsonschema.Draft202012Validator(schema("packet")).validate(packet)
    assert packet["handoff"]["by_lot"] == 0.6


def test_what_sales_says_of_it_counts_as_of_any_other(shop: Served) -> None:
    send(shop, *trials(*DRAWN[:2]))
    one, other = handoffs(shop)
    assert say(shop, one["number"], "accept").status == 200
    assert moves(shop, one["lead"]) == [("lead", "sales_accepted", "person")]
    assert say(shop, other["number"], "reject", reason="no_need").status == 200
    assert moves(shop, other["lead"]) == [("lead", "recycled", "person")]
    # Once handed over, it is never drawn again.
    shop.due("2026-08-01T09:00:00Z")
    send(shop, act(other["lead"], "Trial", 2))
    assert len(handoffs(shop)) == 2
    by = {row["group"]: row["given"] for row in shop.read("/api/sla?by=way&from=2026-03-01")["groups"]}
    assert by == {"lot": 2}


def test_what_was_published_is_drawn_and_held(shop: Served) -> None:
    """A larger share draws of those who stand there already; nobody just did anything, so they wait for a release."""
    send(shop, *trials(*LEFT))
    assert handoffs(shop) == []
    text = LOTS.replace("by_lot: 60%", "by_lot: 100%").encode()
    reply = shop.ask("/api/definitions/qualification/publish", text, authorization=f"Bearer {shop.admin}")
    assert reply.status in {200, 202}
    shop.due("2026-03-27T09:05:00Z")
    held = handoffs(shop, "?state=held")
    assert sorted(one["lead"] for one in held) == sorted(LEFT)
    assert {one["why"] for one in held} == {"Drawn by lot; waits to be released."}
    # One of them becomes ripe by what it does: then it is handed over as an MQL, and no lot was needed.
    send(shop, {"type": "identify", "userId": LEFT[0], "messageId": "big", "traits": {"company_size": 900}})
    (ripe,) = handoffs(shop, "?state=open")
    assert (ripe["lead"], ripe["stage"], ripe["by_lot"]) == (LEFT[0], "mql", None)
    assert "ripened" in [what for what, _ in steps(shop, ripe["number"])]


def test_whoever_is_suppressed_is_taken_back(shop: Served) -> None:
    send(shop, *trials(DRAWN[0]))
    staff = {"type": "identify", "userId": DRAWN[0], "messageId": "s", "traits": {"email": "x@shop.example"}}
    send(shop, staff)
    (one,) = handoffs(shop)
    assert one["state"] == "withdrawn"


@pytest.mark.slow
def test_accounts_are_drawn_by_their_names(tmp_path: Path) -> None:
    text = LOTS.replace("version: 1", "version: 1\nper: account") + "accounts: {breadth: 0, breadth_cap: 0}\n"
    names = [f"firm{number}.example" for number in range(20)]
    drawn = [name for name in names if is_drawn(60_000, "poor", "medium", name)]
    assert 0 < len(drawn) < len(names)
    with serving(tmp_path / "shop", text, FIRST_SETTINGS + SALES, START) as shop:
        for number, name in enumerate(names):
            told = {"company_size": 5, "email": f"a@{name}"}
            known = {"type": "identify", "userId": f"u{number}", "messageId": f"k{number}", "traits": told}
            send(shop, known, act(f"u{number}", "Trial"))
        assert sorted(one["account"] for one in handoffs(shop, "?limit=100")) == sorted(drawn)
