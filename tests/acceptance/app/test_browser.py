"""The app in a real browser: read by axe by day and by night, on a small screen, and used without a mouse."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.app.test_import import chosen, sent, until
from tests.acceptance.app.visitors import ADMIN, PASSWORD, Visitor
from tests.acceptance.live.browser import chromium, needs_chromium
from tests.acceptance.live.outbox import settings
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.stories import NODE_MODULES, needs_node_modules
from tests.acceptance.live.test_handoffs import SALES, act, known

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, needs_chromium]

PAGES = (
    "/",
    "/now",
    "/leads",
    "/leads?fit_level=good&meets_definition=true",
    "/leads?stage=customer",
    "/leads?fit_level=good&fit_level=fair&or=&engagement_at_least=9&columns=fit,action,meets_definition&traits=company_size",
    "/leads/views",
    "/leads/hold?lead=ada&lead=lead-3",
    "/leads/lift?search=lead-11",
    "/leads/aside?lead=ada&lead=lead-3",
    "/leads/of?lead=ada",
    "/leads/happened?lead=ada",
    "/leads/account?account=acme.example&lead=ada",
    "/leads/merge?lead=ada&identifier=lead-3",
    "/leads/merge?lead=ada&identifier=nobody",
    "/leads/unmerge?lead=ada&identifier=ada@acme.example",
    "/queue",
    "/queue/1",
    "/queue?show=accepted",
    "/queue?view=board",
    "/funnel",
    "/funnel/leads",
    "/response?from=2026-03-01",
    "/response/leads?from=2026-03-01",
    "/definition",
    "/definition/draft",
    "/definition/review",
    "/definition/preview",
    "/definition/backtest",
    "/definition/try?lead=ada",
    "/definition/thresholds?fit/levels/good=20",
    "/definition/history",
    "/data/live",
    "/data/live/1/0",
    "/data/failed",
    "/data/failed/1",
    "/data/aside",
    "/data/aside/look?what=restore&lead=bot&reason=ours",
    "/data/sources",
    "/data",
    "/data/import",
    "/data/imports",
    "/data/imports/1/undo",
    "/data/import/{left}",
    "/data/import/{left}/try",
    "/data/import/{imported}/done",
    "/settings/people",
    "/settings/sales",
    "/settings/sales/people/maria",
    "/settings/sales/teams/all",
    "/settings/tokens",
    "/settings/log",
    "/settings/outbox",
    "/settings/outbox/{message}",
    "/settings/privacy",
    "/nothing",
)
"""Every page; what stands in braces is known once the shop is full."""

SIGNED_OUT = ("/sign-in", "/forgot", "/set-up", "/welcome?link={link}")
NAMED = (
    DEFINITION.replace("name: shop", "name: spring_sale")
    .replace("german: {", "german: {label: A number in Germany, ")
    .replace("hit: {event", "hit: {label: Looked around, event")
)
"""The shop's definition, with names for some of its rules."""

FILE = """\
Lead Id,Work mail,Created At,plan
zed,zed@corp.example,2026-03-02,pro
kim,kim@corp.example,some day,pro
"""
BOT = {"context": {"userAgent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}}
SMALL, USUAL = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    kept_back = settings(web=9, send="false") + SALES
    with serving(tmp_path_factory.mktemp("app") / "shop", NAMED, kept_back, START) as server:
        calls = [known(f"lead-{number}", company_size=5 * number) for number in range(120)]
        calls += [act(f"lead-{number}", "Trial") for number in range(0, 120, 3)]
        calls += [act("bot", "Hit") | BOT, {"type": "track", "userId": "ada", "messageId": "no-name"}]
        calls += [known("ada", email="ada@acme.example"), act("ada", "Trial"), act("ada", "Asked"), act("ada", "Hit")]
        assert server.send(*calls, key=server.server_key).status == 200
        server.due(START.isoformat().replace("+00:00", "Z"))
        draft = NAMED.replace("points: 30", "points: 35")
        path, allowed = "/api/definitions/qualification/draft", f"Bearer {server.admin}"
        assert server.ask(path, draft.encode(), "PUT", authorization=allowed).status == 200
        yield server


@pytest.fixture(scope="module")
def state(browser: Browser, shop: Served) -> object:
    """What a browser holds that is signed in; the first administrator is made by hand."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(shop.set_up)
    for label, text in (("Your name", "Ada"), ("Mail address", ADMIN), ("Password", PASSWORD)):
        page.get_by_label(label).fill(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    found = context.storage_state()
    context.close()
    return found


@pytest.fixture(scope="module")
def filled(shop: Served, state: object) -> dict[str, str]:
    """What is in the braces of addresses: files that were sent, a message, a link for somebody; a view is saved, too."""
    ada = Visitor(shop)
    ada.sign_in()
    imported, left = (sent(ada, "crm.csv", FILE) for _ in range(2))
    for path in (imported, left):
        form = chosen(until(ada, path, "Which column is what?").body.decode())
        ada.send(path, form | {"seal": ada.seal()})
    ada.send(f"{imported}/run", {"seal": ada.seal()})
    until(ada, f"{imported}/done", "It is imported</h2>")
    ada.send("/leads/views", {"seal": ada.seal(), "name": "Good ones", "address": "fit_level=good"})
    invited = {"seal": ada.seal(), "name": "Rea", "mail": "rea@acme.example", "role": "read_only", "person": "maria"}
    link = re.search(r"link=([\w-]+)", ada.send("/settings/people", invited).body.decode())
    message = re.search(r"/settings/outbox/(msg_\w+)", ada.see("/settings/outbox").body.decode())
    assert link
    assert message
    keys = {"imported": imported.rpartition("/")[2], "left": left.rpartition("/")[2]}
    return keys | {"link": link[1], "message": message[1]}


@contextmanager
def opened(browser: Browser, state: Any, **how: Any) -> Iterator[Page]:  # noqa: ANN401 - as playwright has them
    """A page of somebody who is signed in; at the end nothing may have gone wrong in it."""
    context = browser.new_context(storage_state=state, **how)
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "status of 40" not in said.text else None)
    yield page
    context.close()
    assert not wrong


def found_by_axe(page: Page) -> list[str]:
    page.evaluate(
        "document.querySelectorAll('.links, .course details, .choose details, .further').forEach(one => { one.open = true })"
    )
    page.evaluate((NODE_MODULES / "axe-core/axe.min.js").read_text())
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found["violations"]]


@needs_node_modules
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, shop: Served, state: object, filled: dict[str, str], scheme: str) -> None:
    for size in (USUAL, SMALL) if scheme == "light" else (USUAL,):
        for who, paths in ((state, PAGES), (None, SIGNED_OUT)):
            with opened(browser, who, color_scheme=scheme, viewport=size) as page:
                for path in paths:
                    page.goto(shop.url + path.format(**filled))
                    assert found_by_axe(page) == [], path


def test_somebody_finds_a_lead_without_a_mouse(browser: Browser, shop: Served, state: object) -> None:
    with opened(browser, state) as page:
        page.goto(shop.url + "/leads")
        page.keyboard.press("/")
        page.keyboard.type("ada")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="ada@acme.example", exact=True)).to_be_visible()
        shown = [float(text) for text in page.locator(".why tr:not(.sum) td").all_inner_texts()]
        sums = [float(text) for text in page.locator(".why .sum td").all_inner_texts()]
        assert sum(shown) == pytest.approx(sum(sums), abs=1e-9)
        assert sums == [33.0, 28.0]
        # What happened comes by itself, and links to its own page where scripts are off.
        expect(page.get_by_role("region", name="Day by day")).to_contain_text("Asked")
        # A slider goes back in time, and stays in hand.
        page.get_by_role("slider", name="As of").focus()
        page.keyboard.press("ArrowLeft")
        expect(page.locator(".big").last).to_contain_text("0.0")
        page.keyboard.press("ArrowRight")
        expect(page.locator(".why .sum td").last).to_have_text("28.0")
        expect(page.get_by_role("slider", name="As of")).to_be_focused()


def test_choosing_leads_changes_the_address_and_back_goes_back(browser: Browser, shop: Served, state: object) -> None:
    with opened(browser, state) as page:
        everybody = shop.read("/api/leads")["total"]
        page.goto(shop.url + "/leads")
        expect(page.get_by_role("status")).to_contain_text(f"{everybody} leads")
        expect(page.locator(".grid tbody tr")).to_have_count(50)
        page.locator(".pick summary", has_text="Fit").first.click()
        page.get_by_role("checkbox", name="good", exact=True).check()
        expect(page.get_by_role("status")).not_to_contain_text(f"{everybody} leads")
        assert "fit_level=good" in page.url
        chosen = page.get_by_role("status").inner_text()
        page.reload()
        assert page.get_by_role("status").inner_text() == chosen
        page.get_by_role("link", name="fit: good").click()
        expect(page.get_by_role("status")).to_contain_text(f"{everybody} leads")
        page.get_by_role("link", name="Next").click()
        expect(page.get_by_text(f"51 – 100 of {everybody}")).to_be_visible()
        page.go_back()
        page.go_back()
        assert page.get_by_role("status").inner_text() == chosen


def test_it_works_without_scripts(browser: Browser, shop: Served, state: object) -> None:
    with opened(browser, None, java_script_enabled=False) as page:
        page.goto(shop.url + "/leads")
        page.get_by_label("Mail address").fill(ADMIN)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.locator(".pick summary", has_text="Fit").first.click()
        page.get_by_role("checkbox", name="good", exact=True).check()
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_role("link", name="fit: good")).to_be_visible()
        page.get_by_text("Ada", exact=True).click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_salesperson_answers_by_keyboard(browser: Browser, shop: Served, state: object) -> None:
    """A visitor asks for sales; the salesperson sees it on top, opens it, reads why, accepts: without a mouse."""
    asked = [known("eve", email="eve@acme.example"), act("eve", "Asked")]
    assert shop.send(*asked, key=shop.server_key).status == 200
    shop.due(START.isoformat().replace("+00:00", "Z"))
    with opened(browser, state) as page:
        page.goto(shop.url + "/queue")
        rows = page.get_by_role("list", name="To answer").locator("> li")
        expect(rows.filter(has_text="eve")).to_have_count(1)
        names = page.locator(".handoffs a.to").all_inner_texts()
        for _ in range(names.index("eve@acme.example") + 1):
            page.keyboard.press("j")
        page.keyboard.press("o")
        expect(page.get_by_role("heading", name="asked to talk to sales")).to_contain_text("eve")
        expect(page.get_by_role("region", name="Asked for")).to_contain_text("once on one day")
        page.keyboard.press("e")
        expect(page.get_by_role("status")).to_contain_text("Accepted: it is yours.")
        expect(rows).to_have_count(len(names) - 1)
        page.get_by_role("link", name="Being worked").click()
        expect(page.get_by_role("link", name="eve@acme.example", exact=True)).to_be_visible()
    assert shop.read("/api/leads/eve")["stage"] == "sales_accepted"


def test_the_board_is_gone_through_by_keys(browser: Browser, shop: Served, state: object) -> None:
    """Down and up a column, left and right between them, each time to a card that is there; and keys can be left out."""
    for lead in ("fay", "gus"):
        assert shop.send(known(lead), act(lead, "Asked"), key=shop.server_key).status == 200
    shop.due(START.isoformat().replace("+00:00", "Z"))
    with opened(browser, state) as page:
        page.goto(shop.url + "/queue?view=board")
        columns = {name: page.get_by_role("list", name=name).locator("a.to") for name in ("To answer", "Being worked")}
        open_, worked = columns.values()
        page.keyboard.press("j")
        expect(open_.nth(0)).to_be_focused()
        page.keyboard.press("e")
        expect(page.get_by_role("status")).to_contain_text("Accepted: it is yours.")
        assert "view=board" in page.url
        last = open_.count() - 1
        for _ in range(last + 2):
            page.keyboard.press("j")
        expect(open_.nth(last)).to_be_focused()
        page.keyboard.press("l")
        expect(worked.nth(min(last, worked.count() - 1))).to_be_focused()
        page.keyboard.press("h")
        page.keyboard.press("k")
        expect(open_.nth(0)).to_be_focused()
        page.keyboard.press("o")
        expect(page.get_by_role("heading", name="Your answer")).to_be_visible()
        page.keyboard.press("u")
        expect(open_).to_have_count(last + 1)
        assert "view=board" in page.url
        page.keyboard.press("?")
        keys = page.get_by_role("dialog", name="Keys")
        assert "left and right on the board" in keys.inner_text()
        keys.get_by_role("checkbox").uncheck()
        page.keyboard.press("Escape")
        expect(keys).to_be_hidden()
        page.keyboard.press("j")
        expect(open_.nth(0)).not_to_be_focused()
        page.get_by_text("Ada", exact=True).click()
        page.get_by_role("button", name="Keys").click()
        expect(keys).to_be_visible()


@pytest.mark.slow
def test_what_arrives_is_shown_by_itself_and_nobody_loses_their_place(
    browser: Browser, shop: Served, state: object
) -> None:
    with opened(browser, state) as page:
        page.goto(shop.url + "/data/live?lead=late")
        expect(page.get_by_role("heading", name="No such event")).to_be_visible()
        rows = page.get_by_role("list", name="Events").locator("> li")
        assert shop.send(act("late", "Hit", 1), key=shop.server_key).status == 200
        expect(rows).to_have_count(1, timeout=15_000)
        expect(rows).to_contain_text("+3.0 Looked around")
        # Whoever stands on the first event stays there when another one comes before it.
        rows.locator("a.to").focus()
        stood = page.evaluate("document.activeElement.href")
        assert shop.send(act("late", "Hit", 2), key=shop.server_key).status == 200
        expect(rows).to_have_count(2, timeout=15_000)
        assert page.evaluate("document.activeElement.href") == stood
        page.get_by_role("link", name="Pause").click()
        expect(page.get_by_role("link", name="Go on")).to_be_visible()
