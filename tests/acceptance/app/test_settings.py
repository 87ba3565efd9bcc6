"""Settings: tokens and keys, who changed what, privacy, the outbox, sales; one server, whose clock stands still."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.app.visitors import Visitor, set_up
from tests.acceptance.live.served import Reply, Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import SALES, act, known

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

ATTACK = "<script>alert(1)</script>\"'>{{ 7*7 }}"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("settings") / "shop", DEFINITION, FIRST_SETTINGS + SALES, START) as server:
        calls = [known("ada", email="ada@acme.example"), act("ada", "Trial"), act("ada", "Asked"), known("bob")]
        assert server.send(*calls, key=server.server_key).status == 200
        server.due(START.isoformat().replace("+00:00", "Z"))
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


def sent(admin: Visitor, path: str, **form: str) -> Reply:
    return admin.send(path, {"seal": admin.seal(), **form})


def made_in(reply: Reply) -> str:
    """What a page shows this once."""
    found = re.search(r'<code id="made">([^<]*)</code>', reply.body.decode())
    assert found, reply
    return unescape(found[1])


def numbers_of(admin: Visitor, what: str) -> list[int]:
    """The numbers of tokens, or keys, that can be taken back."""
    html = admin.see("/settings/tokens").body.decode()
    return [int(one) for one in re.findall(rf"/settings/{what}/(\d+)/take-back", html)]


# ---- tokens and keys -----------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_works_until_it_is_taken_back(shop: Served, admin: Visitor) -> None:
    reply = sent(admin, "/settings/tokens", name=f"crm {ATTACK}", scope_read="on", scope_answer="on", person="maria")
    token = made_in(reply)
    assert reply.status == 200
    assert reply.headers["cache-control"] == "no-store"
    assert ATTACK not in reply.body.decode()
    page = admin.see("/settings/tokens").body.decode()
    assert token not in page
    assert ATTACK not in page
    assert "crm &lt;script&gt;" in page
    assert "answer, read maria" in admin.text("/settings/tokens")
    allowed = {"authorization": f"Bearer {token}"}
    assert shop.see("/api/leads", allowed).status == 200
    number = numbers_of(admin, "tokens")[-1]
    assert sent(admin, f"/settings/tokens/{number}/take-back").status == 303
    assert shop.see("/api/leads", allowed).status == 401
    assert number not in numbers_of(admin, "tokens")
    assert sent(admin, f"/settings/tokens/{number}/take-back").status == 400
    assert token not in shop.log()


def test_a_key_is_taken_at_once_and_refused_at_once(shop: Served, admin: Visitor) -> None:
    """A key that is tried too early is remembered as unknown for a moment: one that is made is taken all the same."""
    reply = sent(admin, "/settings/keys", kind="server", source="billing")
    key = made_in(reply)
    assert key not in admin.see("/settings/tokens").body.decode()
    assert "billing server Waiting for the first event" in admin.text("/settings/tokens")
    assert shop.send(known("cyd"), key=key).status == 200
    assert "billing server Used last 2026-03-27T09:00:00.000000Z" in admin.text("/settings/tokens")
    assert sent(admin, f"/settings/keys/{numbers_of(admin, 'keys')[-1]}/take-back").status == 303
    assert shop.send(known("dan"), key=key).status == 401
    assert key not in shop.log()


def test_a_web_key_stands_with_the_tag_for_its_pages(shop: Served, admin: Visitor) -> None:
    site = "https://www.shop.example"
    assert sent(admin, "/settings/keys", kind="web", source=ATTACK, origins=f"{site}\nhttp://b.example").status == 303
    html = admin.see("/settings/tokens").body.decode()
    assert ATTACK not in html
    key = re.findall(r"rlw_[\w-]+", html)[-1]
    assert f"({shop.url!r}, {key!r})".replace("'", '"') in unescape(html)
    call = [known("web-1")]
    assert shop.send(*call, key=key, origin=site).status == 200
    assert shop.send(*call, key=key, origin="https://other.example").status == 403


@pytest.mark.parametrize(
    ("path", "form", "why"),
    [
        ("tokens", {"name": "none"}, "choose what the token allows"),
        ("tokens", {"name": "x" * 81, "scope_read": "on"}, "the name has at most 80 letters"),
        ("tokens", {"name": "eve", "scope_answer": "on", "person": "eve"}, '"eve" is no salesperson here'),
        ("tokens", {"name": "jon", "scope_read": "on", "person": "jon"}, "a salesperson goes with answer"),
        ("keys", {"kind": "door", "source": "x"}, "choose a kind"),
        ("keys", {"kind": "web", "origins": "shop.example"}, '"shop.example" is no site'),
    ],
)
def test_what_cannot_be_made_is_said(admin: Visitor, path: str, form: dict[str, str], why: str) -> None:
    before = numbers_of(admin, path)
    reply = sent(admin, f"/settings/{path}", **form)
    assert reply.status == 400
    assert why in unescape(reply.body.decode())
    assert numbers_of(admin, path) == before
