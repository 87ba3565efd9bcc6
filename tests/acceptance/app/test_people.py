"""Who signs in: invited by an administrator, let in by a link, taken out again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.app.visitors import ADMIN, PASSWORD, Visitor, set_up
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import SALES

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

MARIA = {"name": "Maria", "mail": "Maria@acme.example", "role": "sales", "person": "maria"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("people") / "shop", DEFINITION, FIRST_SETTINGS + SALES, START) as server:
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


def link_in(body: bytes) -> str:
    found = re.search(r"<code>http://[^/]*(/welcome\?link=[\w-]+)</code>", body.decode())
    assert found, "a link is shown"
    return found[1]


def invited(admin: Visitor, **said: str) -> str:
    reply = admin.send("/settings/people", {"seal": admin.seal(), **MARIA, **said})
    assert reply.status == 200
    return link_in(reply.body)


def accepted(shop: Served, link: str, password: str = PASSWORD) -> Visitor:
    visitor = Visitor(shop)
    reply = visitor.send("/welcome", {"link": link.partition("link=")[2], "password": password})
    assert (reply.status, reply.headers.get("location")) == (303, "/")
    return visitor


def number_of(admin: Visitor, name: str) -> str:
    row = admin.see("/settings/people").body.decode().partition(f">{name}</th>")[2]
    found = re.search(r"/settings/people/(\d+)/disable", row)
    assert found, name
    return found[1]


def test_somebody_is_invited_and_taken_out(shop: Served, admin: Visitor) -> None:
    link = invited(admin)
    assert "Welcome, Maria" in Visitor(shop).text(link)
    assert Visitor(shop).sign_in("maria@acme.example").status == 400  # no password yet
    maria = accepted(shop, link)
    assert "Queue" in maria.text("/")
    # The link is used up.
    assert Visitor(shop).see(link).status == 410
    assert Visitor(shop).send("/welcome", {"link": link[-43:], "password": PASSWORD}).status == 410
    number = number_of(admin, "Maria")
    admin.send(f"/settings/people/{number}/disable", {"seal": admin.seal()})
    assert maria.see("/").status == 303
    assert Visitor(shop).sign_in("maria@acme.example").status == 400
    # The address is free again.
    accepted(shop, invited(admin))
    admin.send(f"/settings/people/{number_of(admin, 'Maria')}/disable", {"seal": admin.seal()})


def test_another_link_ends_the_first_and_the_password_before(shop: Served, admin: Visitor) -> None:
    first = invited(admin, name="Jon", mail="jon@acme.example", person="jon")
    number = number_of(admin, "Jon")
    second = link_in(admin.send(f"/settings/people/{number}/link", {"seal": admin.seal()}).body)
    assert Visitor(shop).see(first).status == 410
    jon = accepted(shop, second)
    third = link_in(admin.send(f"/settings/people/{number}/link", {"seal": admin.seal()}).body)
    assert jon.see("/").status == 200
    accepted(shop, third, "another long password")
    # Whoever knew the one before is out.
    assert jon.see("/").status == 303
    assert Visitor(shop).sign_in("jon@acme.example").status == 400
    assert Visitor(shop).sign_in("jon@acme.example", "another long password").status == 303


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"mail": ADMIN.upper()}, f"{ADMIN} signs in already"),
        ({"mail": "nobody"}, "is no mail address"),
        ({"name": ""}, "a name has 1 to 80 letters"),
        ({"role": "king"}, "choose a role"),
        ({"person": "eve"}, "is no salesperson here"),
    ],
)
def test_what_cannot_be_is_said_and_kept_in_the_form(admin: Visitor, said: dict[str, str], why: str) -> None:
    reply = admin.send("/settings/people", {"seal": admin.seal(), **MARIA, "mail": "new@acme.example", **said})
    assert reply.status == 400
    assert why in reply.body.decode()
    assert 'value="Maria"' in reply.body.decode() or "name" in said


def test_nobody_takes_themselves_out(admin: Visitor) -> None:
    reply = admin.send("/settings/people/1/disable", {"seal": admin.seal()})
    assert reply.status == 400
    assert "you cannot take yourself out" in reply.body.decode()
    assert admin.send("/settings/people/999/link", {"seal": admin.seal()}).status == 400
    assert admin.see("/settings/people").status == 200


def test_a_link_is_worth_nothing_after_a_week(tmp_path: Path) -> None:
    with serving(tmp_path / "shop", DEFINITION, FIRST_SETTINGS + SALES, START) as shop:
        link = invited(set_up(shop))
        shop.clock.write_text("2026-04-03T08:00:00Z")
        assert Visitor(shop).see(link).status == 200
        shop.clock.write_text("2026-04-03T10:00:00Z")
        assert Visitor(shop).see(link).status == 410
