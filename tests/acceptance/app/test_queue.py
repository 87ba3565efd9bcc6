"""The queue: what is there for whom, how it is answered, and who may."""

from collections.abc import Iterator

import pytest

from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.app.test_people import accepted, invited
from tests.acceptance.app.visitors import Visitor, set_up, shown
from tests.acceptance.live.served import Reply, Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import SALES, act, handoffs, known, moves, send

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("queue") / "shop", DEFINITION, FIRST_SETTINGS + SALES, START) as server:
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


@pytest.fixture(scope="module")
def maria(shop: Served, admin: Visitor) -> Visitor:
    return accepted(shop, invited(admin))


@pytest.fixture(scope="module")
def jon(shop: Served, admin: Visitor) -> Visitor:
    return accepted(shop, invited(admin, name="Jon", mail="jon@acme.example", person="jon"))


def given(shop: Served, lead: str) -> tuple[int, str]:
    """Let a lead ask for sales; return its handoff's number and owner."""
    send(shop, known(lead), act(lead, "Asked"))
    (one,) = handoffs(shop, f"?lead={lead}")
    return one["number"], one["owner"]


def answer(visitor: Visitor, number: int, verb: str, **said: str) -> Reply:
    return visitor.send(f"/queue/{number}/{verb}", {"seal": visitor.seal(), **said})


def test_each_salesperson_sees_their_own_first(shop: Served, maria: Visitor, jon: Visitor, admin: Visitor) -> None:
    own = {lead: given(shop, lead)[1] for lead in ("q1", "q2", "q3", "q4")}
    assert set(own.values()) == {"maria", "jon"}
    for name, visitor in (("maria", maria), ("jon", jon)):
        text, every = visitor.text("/queue"), visitor.text("/queue?whose=all")
        for lead, owner in own.items():
            assert (f" {lead} " in text) == (owner == name)
            assert f" {lead} " in every
        assert "answer in 5 h" in text
        assert "Asked" in text
        assert "asked" not in text.lower().replace("asked", "", text.count("Asked"))
    assert all(f" {lead} " in admin.text("/queue") for lead in own)


def test_a_lead_is_opened_and_accepted_then_worked(shop: Served, maria: Visitor, jon: Visitor) -> None:
    number, owner = given(shop, "w1")
    mine, other = (maria, jon) if owner == "maria" else (jon, maria)
    text = mine.text(f"/queue/{number}")
    for part in (
        "w1 asked to talk to sales",
        "answer in 5 h",
        "Asked: once on one day",
        "Accept",
        "Reject",
        "Every point",
    ):
        assert part in text
    for not_yet in ("Qualify", "Won", "Lost"):
        assert not_yet not in text
    reply = answer(other, number, "accept")
    assert reply.status == 403
    assert f"This one is {owner.capitalize()}&#39;s to answer." in reply.body.decode()
    done = answer(mine, number, "accept")
    assert (done.status, done.headers["location"]) == (303, f"/queue?done=accept&number={number}")
    assert "Accepted: it is yours." in mine.text(done.headers["location"])
    assert moves(shop, "w1")[-1] == ("mql", "sales_accepted", "person")
    assert " w1 " in mine.text("/queue?show=accepted")
    assert answer(mine, number, "touch", comment="called").status == 303
    assert answer(mine, number, "qualify", need="more", budget="10 k", fit="good", timing="May").status == 303
    assert answer(mine, number, "lost", reason="price", competitor="Rival").status == 303
    (one,) = handoffs(shop, "?lead=w1")
    assert (one["state"], one["competitor"], one["found"]["budget"]) == ("lost", "Rival", "10 k")
    # Nothing more is to be answered.
    assert "Give to somebody else" in mine.text(f"/queue/{number}")
    assert answer(mine, number, "accept").status == 409


@pytest.mark.parametrize(
    ("verb", "said", "why"),
    [
        ("reject", {}, "reason"),
        ("reject", {"reason": "no such"}, "reason"),
        ("recycle", {"until": "soon"}, "is no date"),
        ("disqualify", {}, "say why the lead is disqualified"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_changed(
    shop: Served, admin: Visitor, verb: str, said: dict[str, str], why: str
) -> None:
    number, _ = given(shop, "missing")
    reply = answer(admin, number, verb, **said)
    assert reply.status == 400
    assert why in shown(reply.body.decode())
    assert handoffs(shop, "?lead=missing")[0]["state"] == "open"


def test_a_reason_given_in_the_form_is_what_is_kept(shop: Served, admin: Visitor) -> None:
    number, _ = given(shop, "rejected")
    assert answer(admin, number, "reject", reason="too_small", comment="two people").status == 303
    (one,) = handoffs(shop, "?lead=rejected")
    assert (one["state"], one["reason"], one["comment"]) == ("rejected", "too_small", "two people")


def test_what_there_is_not_is_said(admin: Visitor) -> None:
    assert admin.see("/queue/9999").status == 404
    assert admin.see("/queue?show=nothing").status == 404
    assert answer(admin, 9_999, "accept").status == 404
    assert admin.see("/queue/abc").status == 404


def test_an_answer_without_the_seal_changes_nothing(shop: Served, admin: Visitor) -> None:
    number, _ = given(shop, "sealed")
    assert admin.send(f"/queue/{number}/accept", {}).status == 403
    assert handoffs(shop, "?lead=sealed")[0]["state"] == "open"
