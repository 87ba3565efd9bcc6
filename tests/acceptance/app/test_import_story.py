"""Leads and deals are imported by the wizard, in a browser, and undone: every number is what it was."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.app.visitors import Visitor, set_up
from tests.acceptance.live.browser import chromium, needs_chromium
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START, live
from tests.acceptance.live.test_handoffs import SALES, act, known, send

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow, needs_chromium]

LEADS = "Contact ID,E-Mail,Signed up,company_size,plan\n" + "".join(
    f"c-{number},person{number}@corp{number % 5}.example,2026-03-{number % 20 + 1:02d},{number * 10},pro\n"
    for number in range(60)
)
DEALS = "contact_id,status,close_date\n" + "".join(
    f"c-{number},{'Closed Won' if number % 3 else 'Closed Lost'},2026-03-25\n" for number in range(30)
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("story") / "shop", DEFINITION, FIRST_SETTINGS + SALES, START) as server:
        send(server, known("ada"), act("ada", "Trial"), known("c-1", plan="free"), act("c-1", "Hit"))
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


def test_leads_and_deals_are_imported_and_undone(
    browser: Browser, shop: Served, admin: Visitor, tmp_path: Path
) -> None:
    context = browser.new_context()
    context.add_cookies([{"name": "ripeline", "value": admin.cookie, "url": shop.url}])
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text))
    before = numbers(page, shop)

    brings(page, shop, tmp_path / "crm leads.csv", LEADS, "New leads 59")
    with_leads = numbers(page, shop)
    assert len(with_leads[0]) == len(before[0]) + 59
    brings(page, shop, tmp_path / "deals.csv", DEALS, "New 30")
    with_deals = numbers(page, shop)
    assert "customer" in with_deals[1]

    assert undoes(page, shop, "deals.csv") == "30 outcomes"
    assert numbers(page, shop) == with_leads
    assert undoes(page, shop, "crm leads.csv") == "60 statements, 60 links"
    assert numbers(page, shop) == before
    context.close()
    assert wrong == []


def numbers(page: Page, shop: Served) -> tuple[dict[str, tuple[str, ...]], str, str]:
    """What the API and the pages say of everybody."""
    shop.due(shop.clock.read_text())
    page.goto(f"{shop.url}/")
    # Where they stand is there at once; what needs somebody now comes by itself, some of it later.
    home = "\n".join(page.locator("[aria-label='Leads by stage'], .matrix").all_inner_texts())
    page.goto(f"{shop.url}/leads?sort=lead")
    return live(shop), home, page.locator("main").inner_text()


def brings(page: Page, shop: Served, file: Path, content: str, told: str) -> None:
    """Go through the wizard, agreeing to what is guessed."""
    file.write_text(content)
    page.goto(f"{shop.url}/data")
    page.get_by_role("link", name="Import a file").click()
    page.get_by_label("Choose a file").set_input_files(file)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="See what it would do").click()
    page.get_by_role("button", name=re.compile(r"^Import \d")).click()
    expect(page.get_by_role("heading", name="It is imported")).to_be_visible()
    assert told in " ".join(page.locator("main").inner_text().split())


def undoes(page: Page, shop: Served, file: str) -> str:
    """Undo an import of the list; return what it said beforehand would go."""
    page.goto(f"{shop.url}/data/imports")
    page.get_by_role("row").filter(has_text=file).get_by_role("link", name="Undo").click()
    goes = page.locator(".big").inner_text()
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_role("status")).to_contain_text("is undone")
    return goes
