"""The queue: what is there for whom, how it is answered, and who may."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from ripeline.entry.server.pages.queue_told import PARTS
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


# ---- the same as a board: last, since nobody is at work any more ------------------------------------------------

CARD = re.compile(r'class="to" href="/queue/([0-9]+)')
TOLD = re.compile(r'<li class="card">.*?</li>', re.DOTALL)


def cards(html: str) -> list[str]:
    """What each card tells, without what its button is for."""
    return [shown(re.sub("<form.*?</form>", "", card, flags=re.DOTALL)) for card in TOLD.findall(html)]


def test_the_board_holds_what_the_lists_hold(shop: Served, maria: Visitor, admin: Visitor) -> None:
    """Each column has the handoffs of its tab in their order, told in the same words, and the same count."""
    for name in ("maria", "jon"):
        seal = {"seal": admin.seal(), "first": "2026-03-27", "last": "2026-03-28"}
        assert admin.send(f"/settings/sales/people/{name}/absent", seal).status == 303
    send(shop, known("n1", company="Nobody's"), act("n1", "Asked"))
    assert answer(admin, handoffs(shop, "?lead=q1")[0]["number"], "accept").status == 303
    assert handoffs(shop, "?lead=n1")[0]["state"] == "waiting"
    for visitor, whose in ((admin, "all"), (maria, "mine"), (maria, "all")):
        board = visitor.see(f"/queue?view=board&whose={whose}").body.decode()
        columns = re.split(r'<section aria-labelledby="', board)[1:]
        assert [one.partition('"')[0] for one in columns] == list(PARTS)
        listed = ""
        for column, (name, part) in zip(columns, PARTS.items(), strict=True):
            listed = visitor.see(f"/queue?show={name}&whose={whose}").body.decode()
            found = CARD.findall(listed)
            assert CARD.findall(column) == found
            assert cards(column) == cards(listed)
            assert f"{part.title} <b>{len(found)}</b>" in column
            assert f"{part.title} <b>{len(found)}</b>" in listed
        # The counts of all tabs are there on each of them; what nobody has yet is everybody's.
        assert len(CARD.findall(board)) == sum(map(int, re.findall(r"<b>([0-9]+)</b></a>", listed)))
        assert "With nobody yet <b>1</b>" in board
    for name in ("closed", "accepted", "to_answer"):
        assert CARD.search(admin.see(f"/queue?show={name}").body.decode()), name
    assert "rejected: too small" in admin.text("/queue?view=board")


def test_whoever_answers_from_the_board_comes_back_to_it(shop: Served, maria: Visitor, admin: Visitor) -> None:
    number = next(int(one["number"]) for one in handoffs(shop) if one["state"] == "open")
    board = admin.see("/queue?view=board").body.decode()
    assert f'href="/queue/{number}?view=board"' in board
    assert 'href="/queue?view=board" data-key="u"' in admin.see(f"/queue/{number}?view=board").body.decode()
    refused = answer(admin, number, "reject", view="board")
    assert (refused.status, 'name="view" value="board"' in refused.body.decode()) == (400, True)
    done = answer(admin, number, "accept", view="board", whose="<b>")
    assert done.headers["location"] == f"/queue?done=accept&number={number}&view=board"
    assert "Accepted: it is yours." in admin.text(done.headers["location"])


def test_what_is_over_stands_there_for_a_week_the_last_on_top(shop: Served, admin: Visitor) -> None:
    """What is over at 09:00:00 and at 09:00:01 is there for the last time a week later, to the second."""
    numbers = [int(one["number"]) for one in handoffs(shop) if one["state"] in {"open", "waiting", "accepted"}][:2]
    assert answer(admin, numbers[0], "reject", reason="no_need").status == 303
    shop.due(later(seconds=1))
    assert answer(admin, numbers[1], "reject", reason="no_need").status == 303
    for seconds, there in ((0, [numbers[1], numbers[0]]), (1, [numbers[1]]), (2, [])):
        shop.due(later(days=7, seconds=seconds))
        admin.sign_in()
        found = list(map(int, CARD.findall(admin.see("/queue?show=closed").body.decode())))
        assert [one for one in found if one in numbers] == there
    # A week of silence takes points away, and the packet says so.
    assert "-4.0 Quiet: " in admin.text(f"/queue/{numbers[0]}")


def later(**much: int) -> str:
    return (START + timedelta(**much)).isoformat().replace("+00:00", "Z")
