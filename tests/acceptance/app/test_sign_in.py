"""Signing in: the first administrator, wrong tries, how long a browser stays signed in, and forms from elsewhere."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.acceptance.app.visitors import ADMIN, PASSWORD, Visitor, set_up
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "shop", DEFINITION, at=START) as server:
        yield server


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A shop with an administrator, of whom nothing here changes anything."""
    with serving(tmp_path_factory.mktemp("settled") / "shop", DEFINITION, at=START) as server:
        set_up(server)
        yield server


def signed_in(shop: Served) -> Visitor:
    visitor = Visitor(shop)
    assert visitor.sign_in().status == 303
    return visitor


def later(shop: Served, **time: float) -> None:
    shop.clock.write_text((START + timedelta(**time)).isoformat())


# ---- the first administrator -----------------------------------------------------------------------------


def test_nobody_is_the_first_without_the_code(shop: Served) -> None:
    visitor = Visitor(shop)
    assert visitor.see("/").headers["location"] == "/sign-in"
    assert "not set up yet" in visitor.text("/sign-in")
    form = {"name": "Eve", "mail": "eve@evil.example", "password": PASSWORD}
    for code in ({}, {"code": ""}, {"code": "guessed"}):
        reply = visitor.send("/set-up", {**form, **code})
        assert reply.status in {200, 403}
        assert "set-cookie" not in reply.headers
    assert set_up(shop).see("/").status == 200


def test_what_is_wrong_with_the_first_login_is_said(shop: Served) -> None:
    code = shop.set_up.partition("code=")[2]
    fine = {"code": code, "name": "Ada", "mail": ADMIN, "password": PASSWORD}
    wrong = {
        "password": ("short", "a password has 12 to 200 letters"),
        "mail": ("no address", '"no address" is no mail address'),
        "name": (" ", "a name has 1 to 80 letters"),
    }
    for field, (said, why) in wrong.items():
        reply = Visitor(shop).send("/set-up", fine | {field: said})
        assert reply.status == 400
        assert why.replace('"', "&#34;") in reply.body.decode()
        assert PASSWORD not in reply.body.decode()


def test_the_code_is_worth_nothing_once_there_is_somebody(shop: Served) -> None:
    path = shop.set_up.removeprefix(shop.url)
    set_up(shop)
    assert Visitor(shop).see(path).headers["location"] == "/sign-in"
    form = {"code": path.partition("code=")[2], "name": "Eve", "mail": "eve@evil.example", "password": PASSWORD}
    assert Visitor(shop).send("/set-up", form).headers["location"] == "/sign-in"
    shop.stop()
    assert shop.start().set_up == ""


# ---- in and out --------------------------------------------------------------------------------------------


def test_somebody_signs_in_and_out(shop: Served) -> None:
    set_up(shop)
    visitor = Visitor(shop)
    reply = visitor.sign_in(mail=" ADA@acme.example ")
    assert (reply.status, reply.headers["location"]) == (303, "/")
    kept = reply.headers["set-cookie"].lower()
    assert "httponly" in kept
    assert "samesite=lax" in kept
    assert "secure" not in kept  # it is http: of this machine
    assert "Ada" in visitor.text("/")
    cookie = visitor.cookie
    visitor.send("/sign-out", {"seal": visitor.seal()})
    assert Visitor(shop, cookie).see("/").headers["location"] == "/sign-in"


def test_the_book_holds_neither_password_nor_cookie(shop: Served) -> None:
    visitor = set_up(shop)
    shop.stop()
    held = b"".join(file.read_bytes() for file in shop.workspace.root.glob("book.sqlite*"))
    assert PASSWORD.encode() not in held
    assert visitor.cookie.encode() not in held
    assert b"$argon2id$" in held
    assert PASSWORD not in shop.log()


def test_wrong_tries_are_told_alike_and_have_to_wait(shop: Served) -> None:
    set_up(shop)
    unknown, known = (Visitor(shop).sign_in(mail, "wrong wrong wrong") for mail in ("eve@acme.example", ADMIN))
    said = [one.body.decode().replace(mail, "") for one, mail in ((unknown, "eve@acme.example"), (known, ADMIN))]
    assert (unknown.status, known.status) == (400, 400)
    assert said[0] == said[1]
    for _ in range(4):
        assert Visitor(shop).sign_in(password="wrong wrong wrong").status == 400
    # Also whoever knows the password has to wait by now.
    reply = Visitor(shop).sign_in()
    assert (reply.status, reply.headers["retry-after"]) == (429, "901")
    assert "too many tries; try again in 16 min" in reply.body.decode()
    later(shop, minutes=15, seconds=1)
    assert Visitor(shop).sign_in().status == 303


@pytest.mark.slow
def test_a_place_that_tries_many_addresses_has_to_wait(shop: Served) -> None:
    set_up(shop)
    told = [Visitor(shop).sign_in(f"u{number}@acme.example", "wrong wrong wrong").status for number in range(31)]
    assert told == [400] * 30 + [429]


def test_a_browser_is_signed_out_by_and_by(shop: Served) -> None:
    """After twelve hours without use; after two weeks in any case."""
    visitor = set_up(shop)
    later(shop, hours=12.1)
    assert visitor.see("/").status == 303
    visitor.sign_in()
    until = [12.1 + 11.9 * number for number in range(1, 29)]
    for hours in until:
        later(shop, hours=hours)
        assert visitor.see("/").status == 200, hours
    assert until[-1] < 12.1 + 14 * 24 < until[-1] + 11.9
    later(shop, hours=until[-1] + 11.9)
    assert visitor.see("/").status == 303


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/leads?sort=-fit", "/leads?sort=-fit"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/leads\r\nset-cookie: a=b", "/"),
    ],
)
def test_somebody_goes_on_where_they_wanted_to_and_nowhere_else(settled: Served, asked: str, goes: str) -> None:
    reply = Visitor(settled).sign_in(then=asked)
    assert reply.headers["location"] == goes
    assert Visitor(settled).see("/leads?sort=-fit").headers["location"] == "/sign-in?then=%2Fleads%3Fsort%3D-fit"


# ---- forms from elsewhere ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        ({}, {}),
        ({"seal": "0" * 64}, {}),
        ({"seal": "right"}, {"origin": "https://evil.example"}),
        ({"seal": "right"}, {"origin": "null"}),
        ({"seal": "right"}, {"sec-fetch-site": "cross-site"}),
        ({"seal": "right"}, {"sec-fetch-site": "same-site"}),
    ],
)
def test_a_form_of_another_page_changes_nothing(settled: Served, form: dict[str, str], headers: dict[str, str]) -> None:
    visitor = signed_in(settled)
    sent = {name: visitor.seal() if value == "right" else value for name, value in form.items()}
    reply = visitor.send("/sign-out", sent, **headers)
    assert reply.status == 403
    assert "Nothing was changed" in reply.body.decode()
    assert visitor.see("/").status == 200


def test_one_browser_s_forms_are_worth_nothing_in_another(settled: Served) -> None:
    visitor, other = signed_in(settled), signed_in(settled)
    assert visitor.send("/sign-out", {"seal": other.seal()}).status == 403


def test_a_form_that_is_too_much_is_refused(settled: Served) -> None:
    visitor = signed_in(settled)
    assert visitor.send("/sign-in", {"mail": "x" * (2**20 + 1)}).status == 413
    assert visitor.send("/sign-in", {f"f{number}": "" for number in range(300)}).status == 400
