"""Who a lead is, by the pages: names, merging and taking apart, with what that changes shown first."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Page, expect

from ripeline.adapters.book.logins import add_login
from ripeline.adapters.book.sqlite import transaction
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.logins import hashed
from ripeline.entry.workspace import FIRST_SETTINGS
from ripeline.vocabulary.logins import Login, Role
from tests.acceptance.app.visitors import PASSWORD, Visitor, set_up, shown
from tests.acceptance.live.browser import chromium, needs_chromium
from tests.acceptance.live.served import Reply, Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import SALES, act, known, send

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

CAROL, DAN = "carol", "dan"
"""Merged and taken apart by the story; everybody else here is left alone by it."""


def on(device: str, call: dict[str, Any]) -> dict[str, Any]:
    return call | {"anonymousId": device}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    sales = SALES.replace("[sales.people.maria]", '[sales.people.maria]\nlabel = "Maria Weiss"')
    with serving(tmp_path_factory.mktemp("identity") / "shop", DEFINITION, FIRST_SETTINGS + sales, START) as server:
        send(
            server,
            on("d1", known("ada", first_name="Ada", last_name="Lovelace", email="ada@acme.example")),
            act("ada", "Trial"),
            on("d2", known("bob", name="Bob <i>Example</i>", company_size=5)),
            act("bob", "Hit"),
            on("d3", known(CAROL, name="Carol Shaw", company_size=5)),
            act(CAROL, "Hit"),
            on("d4", known(DAN, fullName="Dan Brown")),
            act(DAN, "Trial"),
            act("eve", "Hit"),
        )
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


@pytest.fixture(scope="module")
def marketer(shop: Served, admin: Visitor) -> Visitor:
    return signed_in(shop, "marketing")


@pytest.fixture(scope="module")
def reader(shop: Served, admin: Visitor) -> Visitor:
    return signed_in(shop, "read_only")


def signed_in(shop: Served, role: Role) -> Visitor:
    with book_connection(shop.workspace) as db, transaction(db):
        add_login(db, Login(0, f"{role}@acme.example", role, role), hashed(PASSWORD), 0)
    visitor = Visitor(shop)
    assert visitor.sign_in(f"{role}@acme.example").status == 303
    return visitor


def path(kind: str, lead: str, identifier: str) -> str:
    return f"/leads/{kind}?{urlencode({'lead': lead, 'identifier': identifier})}"


def decide(visitor: Visitor, kind: str, lead: str, identifier: str, **more: str) -> Reply:
    form = {"seal": visitor.seal(), "lead": lead, "identifier": identifier}
    return visitor.send(f"/leads/{kind}", form | more)


def explained(shop: Served, lead: str) -> dict[str, Any]:
    """All that the API says of a lead, but for the position, which moves on."""
    return {name: value for name, value in shop.read(f"/api/leads/{quote(lead)}").items() if name != "position"}


# ---- names ---------------------------------------------------------------------------------------------------


def test_people_are_called_by_their_names_wherever_they_stand(shop: Served, marketer: Visitor) -> None:
    for page in ("/leads", "/leads/of?lead=d1", "/leads/happened?lead=ada"):
        text = marketer.text(page)
        assert "Ada Lovelace" in text, page
        assert text.index("Ada Lovelace") < text.index("ada ", text.index("Ada Lovelace")), page
    rows = marketer.text("/leads")
    for name, lead in (("Bob <i>Example</i>", "bob"), ("Carol Shaw", CAROL), ("Dan Brown", DAN)):
        assert f"{name} {lead}" in rows
    # Of whom no name is known, the identifier stands alone, and once.
    assert " eve " in rows
    assert "eve eve" not in rows


def test_the_queue_says_names_of_leads_and_of_salespeople(shop: Served, admin: Visitor) -> None:
    send(shop, known("fay", name="Fay Wray"), act("fay", "Asked"))
    text = admin.text("/queue?whose=all")
    assert "Fay Wray fay" in text
    assert "Accept Fay Wray" in text
    (one,) = shop.read("/api/handoffs?lead=fay")["handoffs"]
    label = {"maria": "Maria Weiss", "jon": "Jon"}[one["owner"]]
    assert f"; {label} " in text
    assert admin.send(f"/queue/{one['number']}/accept", {"seal": admin.seal()}).status == 303
    assert f"accepted ({label})" in admin.text(f"/queue/{one['number']}")


def test_a_name_is_the_one_that_packets_have(shop: Served, admin: Visitor) -> None:
    """What a page says later does not win against what a server said; what is unset is no name; a device may have one."""
    page, day = shop.web_key, START.isoformat()
    shop.send(known("gwen", name="Gwen Stacy"), act("gwen", "Asked"), key=shop.server_key)
    shop.send(known("gwen", name="Mallory") | {"messageId": "later"}, key=page)
    shop.send(known("hal", name="Hal Jordan", email="hal@hal.example"), key=shop.server_key)
    shop.send(known("hal", name=None) | {"messageId": "unset"}, act("hal", "Asked"), key=shop.server_key)
    unnamed = {"type": "identify", "anonymousId": "d9", "messageId": "d9", "traits": {"full_name": "Ivy Lane"}}
    shop.send(unnamed, key=page)
    shop.due(day)
    text = admin.text("/leads")
    for lead, called in (("gwen", "Gwen Stacy"), ("hal", "hal@hal.example"), ("d9", "Ivy Lane")):
        assert f" {called} {lead} " in text
        for one in shop.read(f"/api/handoffs?lead={lead}")["handoffs"]:
            person = shop.read(f"/api/handoffs/{one['number']}/packet")["person"]
            assert (person["name"] or person["email"]) == called


# ---- who somebody is -----------------------------------------------------------------------------------------


def test_all_names_are_told_with_what_links_them(shop: Served, marketer: Visitor, reader: Visitor) -> None:
    text = marketer.text("/leads/of?lead=ada")
    assert "Who this is 3 names" in text
    for part in ("ada user id always", "ada@acme.example mail address always", "d1 device always"):
        assert part in text
    assert "What links them 2" in text
    assert "counts" in text
    assert "Take out d1" in text
    assert "This is the same person as" in text
    # Who may not decide sees the same without the ways to change it; so does who looks at another day.
    for other in (reader.text("/leads/of?lead=ada"), marketer.text("/leads/of?lead=ada&as_of=2026-04-20")):
        assert "d1 device always" in other
        assert "Take out" not in other
        assert "the same person as" not in other


def test_who_may_not_decide_is_refused(shop: Served, reader: Visitor) -> None:
    before = explained(shop, "ada")
    for kind, identifier in (("merge", "bob"), ("unmerge", "d1")):
        assert reader.see(path(kind, "ada", identifier)).status == 403
        reply = decide(reader, kind, "ada", identifier)
        assert (reply.status, "Not for you" in reply.body.decode()) == (403, True)
    assert explained(shop, "ada") == before


def test_without_the_seal_nothing_is_decided(shop: Served, marketer: Visitor) -> None:
    before = explained(shop, "ada")
    reply = decide(marketer, "merge", "ada", "bob", seal="0" * 64)
    assert (reply.status, "Nothing was changed" in reply.body.decode()) == (403, True)
    assert explained(shop, "ada") == before


@pytest.mark.parametrize(
    ("kind", "lead", "identifier", "why"),
    [
        ("merge", "ada", "nobody<b>", '"nobody<b>" is no identifier and no e-mail address'),
        ("merge", "nobody", "ada", '"nobody" is no identifier'),
        ("merge", "ada", "", '"" is no identifier'),
        ("merge", "ada", "d1", '"ada" and "d1" are one person already'),
        ("merge", "ada", "ada", "are one person already"),
        ("unmerge", "ada", "d2", '"d2" is no other name of ada'),
        ("unmerge", "ada", "ada", '"ada" is no other name of ada'),
    ],
)
def test_what_cannot_be_decided_is_said(
    shop: Served, marketer: Visitor, kind: str, lead: str, identifier: str, why: str
) -> None:
    before = explained(shop, "ada")
    for reply in (marketer.see(path(kind, lead, identifier)), decide(marketer, kind, lead, identifier)):
        assert reply.status == 400
        assert why in shown(reply.body.decode())
        assert b"<b>" not in reply.body
        # What was typed is still there, to be mended.
        assert kind == "unmerge" or f'value="{identifier}"'.replace("<b>", "&lt;b&gt;") in reply.body.decode()
    assert explained(shop, "ada") == before


def test_the_difference_is_shown_before_anything_is_decided(shop: Served, marketer: Visitor) -> None:
    """Ada has fit 30 and interest 10, Bob a hit, 3; the sum of what they did is 13, and the first one's size is kept."""
    before = explained(shop, "ada"), explained(shop, "bob")
    looked = shop.tell("/api/leads/ada/merge", {"identifier": "bob", "preview": True}).json
    (after,) = looked["after"]
    text = marketer.text(path("merge", "ada", "bob"))
    assert "Now: 2 leads" in text
    assert "Then: 1 lead" in text
    now, then = text[text.index("Now:") : text.index("Then:")], text[text.index("Then:") :]
    for one in looked["before"]:
        assert (
            f"{float(one['fit']):.1f} {one['fit_level']} {float(one['engagement']):.1f} {one['engagement_level']}"
            in now
        )
    assert f"{float(after['engagement']):.1f} {after['engagement_level']}" in then
    for one in looked["before"]:
        moved = float(after["engagement"]) - float(one["engagement"])
        called = "Ada Lovelace" if one["lead"] == "ada" else "Bob <i>Example</i>"
        assert f"{abs(moved):.1f} {'more' if moved > 0 else 'less'} than {called}" in then
    assert (explained(shop, "ada"), explained(shop, "bob")) == before


# ---- the account ---------------------------------------------------------------------------------------------


def test_a_lead_is_shown_among_the_others_of_its_account(shop: Served, marketer: Visitor) -> None:
    """What the account comes to is what the API says of it; the lead itself is not among the others."""
    named = {"type": "group", "groupId": "g<1>", "traits": {"name": "Gamma & Sons", "industry": "Steel"}}
    people = {"gil": "Gil Scott", "gus": "Gus Grant"}
    send(
        shop,
        *(known(lead, name=name) for lead, name in people.items()),
        *(named | {"userId": lead, "messageId": f"g-{lead}"} for lead in people),
        act("gil", "Trial"),
    )
    (one,) = shop.read("/api/accounts?account=g%3C1%3E")["accounts"]
    text = marketer.text("/leads/account?account=g%3C1%3E&lead=gil")
    text = text[text.index("Gamma & Sons g<1> Together") :]
    for part in ("fit", "engagement"):
        name = "interest" if part == "engagement" else part
        assert f"{float(one[part]):.1f} {name} ({one[f'{part}_level']})" in text
    assert f"rated {one['rating']} . {one['interested']} of 2 leads are interested." in text
    assert "industry Steel" in text
    assert "Gus Grant gus 30.0 good 0.0 low" in text
    assert "Gil Scott gil" not in text
    assert 'hx-get="/leads/account?account=g%3C1%3E&amp;lead=gil"' in marketer.see("/leads/of?lead=gil").body.decode()
    assert marketer.see("/leads/account?account=nobody%3Cb%3E").status == 404
    assert "Both leads of this account" in text
    assert "2 leads" in marketer.text("/leads?account=g%3C1%3E")
    assert "Nobody else is known of this account." in marketer.text("/leads/account?account=acme.example&lead=ada")


# ---- the story -----------------------------------------------------------------------------------------------


def read_page(page: Page, shop: Served, lead: str) -> list[str]:
    """What a lead's page shows of its scores: stage, verdict, and every line of why."""
    page.goto(f"{shop.url}/leads/of?lead={lead}")
    return [
        *page.locator("h1, .head .stage, .verdict, .big").all_inner_texts(),
        *page.locator(".why tr").all_inner_texts(),
    ]


@needs_chromium
@pytest.mark.slow
def test_two_leads_are_merged_and_taken_apart_and_everything_is_as_before(shop: Served, marketer: Visitor) -> None:
    told = [explained(shop, lead) for lead in (CAROL, DAN)]
    with chromium() as browser:
        context = browser.new_context()
        context.add_cookies([{"name": "ripeline", "value": marketer.cookie, "url": shop.url}])
        page = context.new_page()
        before = [read_page(page, shop, lead) for lead in (CAROL, DAN)]
        page.goto(f"{shop.url}/leads/of?lead={CAROL}")
        page.get_by_label("This is the same person as").fill(DAN)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Is this one person?")).to_be_visible()
        promised = page.locator("section", has=page.get_by_role("heading", name="Then: 1 lead")).locator("td")
        fit, interest = (text.split()[0] for text in promised.all_inner_texts()[:2])
        page.get_by_role("button", name="Merge").click()
        expect(page.get_by_role("status")).to_contain_text(f"{DAN} is one person with this lead now.")
        # The page that they come to has the scores that were promised.
        assert [text.split()[0] for text in page.locator(".big").all_inner_texts()] == [fit, interest]
        assert read_page(page, shop, DAN)[-1].split()[-1] == interest
        shop.due(START.isoformat())
        assert {row["lead"] for row in shop.read("/api/leads")["leads"]} & {CAROL, DAN} == {CAROL}
        page.go_back()
        page.get_by_role("link", name="Take that back").click()
        expect(page.get_by_role("heading", name="Then: 2 leads")).to_be_visible()
        page.get_by_role("button", name="Take out").click()
        expect(page.get_by_role("status")).to_contain_text("is a lead of its own now.")
        shop.due(START.isoformat())
        assert [read_page(page, shop, lead) for lead in (CAROL, DAN)] == before
        context.close()
    assert [explained(shop, lead) for lead in (CAROL, DAN)] == told
