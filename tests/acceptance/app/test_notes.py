"""Notes about a lead: kept with it, told to whom they name, gone with who is erased."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.app.test_pages import ATTACKS
from tests.acceptance.app.test_people import accepted, invited
from tests.acceptance.app.visitors import Visitor, logged, set_up, shown
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Reply, Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import SALES, act, known, send

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

LEAD = "/leads/of?lead=ada"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("notes") / "shop", DEFINITION, FIRST_SETTINGS + SALES, START) as server:
        send(server, known("ada", email="ada@corp.example"), known("bob"), known("cy"), act("ada", "Trial"))
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


@pytest.fixture(scope="module")
def maria(shop: Served, admin: Visitor) -> Visitor:
    return accepted(shop, invited(admin))


@pytest.fixture(scope="module")
def mia(shop: Served, admin: Visitor) -> Visitor:
    return accepted(shop, invited(admin, name="Mia Moss", mail="mm@acme.example", role="marketing", person=""))


def writes(visitor: Visitor, text: str, lead: str = "ada") -> Reply:
    return visitor.send("/leads/note", {"seal": visitor.seal(), "lead": lead, "text": text})


def numbers(shop: Served) -> list[int]:
    with book_connection(shop.workspace) as db:
        return [number for (number,) in db.execute("SELECT number FROM notes ORDER BY 1")]


def test_a_note_stands_with_its_lead_by_any_of_its_names(maria: Visitor, mia: Visitor) -> None:
    reply = writes(maria, "Wants a quote\nby Friday", "ada@corp.example")
    assert (reply.status, reply.headers["location"]) == (303, "/leads/of?lead=user%3Aada#notes")
    for visitor, path in ((maria, LEAD), (mia, "/leads/of?lead=ada%40corp.example")):
        text = visitor.text(path)
        assert "Maria 2026-03-27T09:00:00" in text
        assert "Wants a quote by Friday" in text
    assert "Nobody wrote anything down yet." in mia.text("/leads/of?lead=bob")


def test_who_is_named_is_told_until_they_have_seen_it(
    maria: Visitor, mia: Visitor, admin: Visitor, shop: Served
) -> None:
    writes(maria, "@mia, or @ada: is that ours? Not me, @maria.", "bob")
    number = numbers(shop)[-1]
    for visitor in (mia, admin):
        assert "Maria names you in a note" in visitor.text("/now")
    assert "names you" not in maria.text("/now")
    assert mia.send(f"/notes/{number}/seen", {"seal": mia.seal()}).status == 303
    assert "names you" not in mia.text("/now")
    assert "Maria names you in a note" in admin.text("/now")


def test_only_who_wrote_it_and_administrators_take_a_note_away(
    shop: Served, maria: Visitor, mia: Visitor, admin: Visitor
) -> None:
    for remover in (maria, admin):
        writes(maria, "To be taken away")
        number = numbers(shop)[-1]
        refused = mia.send(f"/notes/{number}/remove", {"seal": mia.seal()})
        assert refused.status == 403
        assert "Maria wrote this note" in shown(refused.body.decode())
        assert remover.send(f"/notes/{number}/remove", {"seal": remover.seal()}).status == 303
        assert "To be taken away" not in maria.text(LEAD)
        assert remover.send(f"/notes/{number}/remove", {"seal": remover.seal()}).status == 404
        by, whose = ("Maria", "") if remover is maria else ("Ada", ", of Maria")
        assert (by, "note_removed", f"note {number}{whose}") in logged(admin)
        assert ("Maria", "note_written", f"note {number}") in logged(admin)
    assert "taken away" not in str(logged(admin)), "of what stands in them nothing is told"


@pytest.mark.parametrize(
    ("text", "lead", "status", "why"),
    [
        (" ", "ada", 400, "a note has 1 to 5,000 characters"),
        ("x" * 5_001, "ada", 400, "a note has 1 to 5,000 characters"),
        ("x", "nobody", 404, "nobody"),
    ],
)
def test_what_cannot_be_kept_is_told(maria: Visitor, text: str, lead: str, status: int, why: str) -> None:
    reply = writes(maria, text, lead)
    assert reply.status == status
    assert why in shown(reply.body.decode())


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_is_written_stays_text(maria: Visitor, mia: Visitor, attack: str) -> None:
    writes(maria, f"@mm {attack}"[:5_000], "cy")
    for path in ("/leads/of?lead=cy", "/now"):
        html = mia.see(path).body.decode()
        assert html.count("<script") == 2
        for harm in ("<img src=x", "<svg onload", ">49<", 'href="javascript'):
            assert harm not in html


def test_an_export_holds_notes_and_an_erasure_takes_them(shop: Served, maria: Visitor, tmp_path: Path) -> None:
    """Also those about others that name them."""
    writes(maria, "Knows ada@corp.example well", "bob")
    writes(maria, "Stays", "bob")
    file = tmp_path / "ada.json"
    assert ripeline("export", "ada", "-w", shop.workspace.root, "-o", file).returncode == 0
    assert [one["text"] for one in json.loads(file.read_text())["notes"]] == ["Wants a quote\nby Friday"]
    assert shop.read("/api/leads/ada/export")["notes"][0]["by"] == "Maria"
    assert ripeline("erase", "ada", "-w", shop.workspace.root, "--yes").returncode == 0
    with book_connection(shop.workspace) as db:
        texts = [text for (text,) in db.execute("SELECT text FROM notes WHERE lead <> 'user:cy'")]
    assert texts == ["@mia, or @ada: is that ours? Not me, @maria.", "Stays"]
    assert b"quote" not in shop.workspace.book.read_bytes()
