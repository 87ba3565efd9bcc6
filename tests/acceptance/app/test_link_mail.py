"""Invitations and forgotten passwords by mail: to a real mail server, once, and nothing that tells who signs in."""

import re
from collections.abc import Iterator

import pytest

from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.app.test_people import MARIA
from tests.acceptance.app.visitors import PASSWORD, Visitor, logged, set_up, shown
from tests.acceptance.live.receivers import Post, post
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import SALES, wait_until

pytestmark = [pytest.mark.acceptance]

SETTINGS = """
[outbox.mail]
host = "127.0.0.1"
port = {port}
security = "none"
from = "leads@acme.example"
"""
URL = "https://leads.acme.example"
LINK = re.compile(rf"{URL}(/welcome\?link=[\w-]+)")


@pytest.fixture(scope="module")
def mails() -> Iterator[Post]:
    with post() as found:
        yield found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, mails: Post) -> Iterator[Served]:
    settings = f'{FIRST_SETTINGS}\n[server]\nurl = "{URL}"\n{SALES}{SETTINGS.format(port=mails.port)}'
    with serving(tmp_path_factory.mktemp("mail") / "shop", DEFINITION, settings, START) as server:
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


@pytest.fixture(autouse=True)
def nothing_sent(mails: Post) -> None:
    mails.accepted.clear()
    mails.on_rcpt = lambda: None


def link_of(mails: Post) -> str:
    wait_until(lambda: mails.accepted)
    (mail,) = mails.accepted
    found = LINK.search(mail.get_content())
    assert found, mail.get_content()
    return found[1]


def chooses(shop: Served, path: str, password: str) -> Visitor:
    visitor = Visitor(shop)
    assert visitor.see(path).status == 200
    assert visitor.send("/welcome", {"link": path.partition("=")[2], "password": password}).status == 303
    return visitor


def test_who_is_invited_has_a_mail_and_nobody_else_sees_the_address(shop: Served, admin: Visitor, mails: Post) -> None:
    reply = admin.send("/settings/people", {"seal": admin.seal(), **MARIA})
    assert "Maria has a mail at maria@acme.example" in shown(reply.body.decode())
    assert b"/welcome" not in reply.body
    path = link_of(mails)
    assert mails.accepted[0]["to"] == "maria@acme.example"
    assert "Ada lets you sign in to Ripeline" in mails.accepted[0].get_content()
    assert "Queue" in chooses(shop, path, PASSWORD).text("/")
    # Neither the outbox nor the log keeps what it says.
    assert shop.read("/api/outbox")["messages"] == []
    assert path.partition("=")[2] not in shop.log()


def test_what_cannot_be_sent_is_passed_on_by_hand(admin: Visitor, mails: Post) -> None:
    mails.on_rcpt = lambda: "550 no such box"
    said = {"seal": admin.seal(), **MARIA, "name": "Jon", "mail": "jon@acme.example", "person": "jon"}
    page = admin.send("/settings/people", said).body.decode()
    assert "It could not be sent by mail" in page
    assert f"{URL}/welcome?link=" in page


def test_a_forgotten_password_is_chosen_anew(shop: Served, admin: Visitor, mails: Post) -> None:
    stranger = Visitor(shop)
    assert "Another password" in stranger.text("/sign-in")
    told = stranger.send("/forgot", {"mail": " Ada@Acme.example "}).body
    path = link_of(mails)
    assert admin.see("/").status == 200, "the old one works until another is chosen"
    nobody = stranger.send("/forgot", {"mail": "nobody@acme.example"})
    assert nobody.body == told
    assert chooses(shop, path, "another fine password").see("/").status == 200
    assert admin.see("/").status == 303
    assert Visitor(shop).sign_in("ada@acme.example", "another fine password").status == 303
    assert len(mails.accepted) == 1
    # Asking again and again counts as tries to sign in do.
    statuses = [stranger.send("/forgot", {"mail": "maria@acme.example"}).status for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    admin.sign_in(password="another fine password")
    asked = logged(admin, "?what=password_asked")
    assert asked[-2:] == [("", "password_asked", "n…@acme.example"), ("", "password_asked", "ada@acme.example")]
    assert len(asked) == 7


def test_where_no_mail_is_sent_people_are_told_whom_to_ask(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serving(tmp_path_factory.mktemp("without") / "shop", DEFINITION, FIRST_SETTINGS, START) as shop:
        set_up(shop)
        assert "an administrator can make you a new link" in Visitor(shop).text("/forgot")
        assert Visitor(shop).send("/forgot", {"mail": "ada@acme.example"}).status == 200
