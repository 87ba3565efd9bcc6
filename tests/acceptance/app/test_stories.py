"""Stories of several people, each in a browser of their own: a visitor, sales, marketing."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.app.test_people import accepted, invited
from tests.acceptance.app.visitors import Visitor, set_up
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.browser import chromium, needs_chromium, visit
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START
from tests.acceptance.live.test_handoffs import SALES, act, handoffs, known, send

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow, needs_chromium]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("agree") / "shop", DEFINITION, FIRST_SETTINGS + SALES, START) as server:
        yield server


@pytest.fixture(scope="module")
def admin(shop: Served) -> Visitor:
    return set_up(shop)


class Person:
    """Somebody at a browser; at the end nothing may have gone wrong in it."""

    def __init__(self, browser: Browser, shop: Served, visitor: Visitor) -> None:
        self._context: BrowserContext = browser.new_context()
        self._context.add_cookies([{"name": "ripeline", "value": visitor.cookie, "url": shop.url}])
        self.page, self.url, self.wrong = self._context.new_page(), shop.url, list[str]()
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: self.wrong.append(said.text))

    def goes(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def ends(self) -> None:
        self._context.close()
        assert self.wrong == []


def numbers(person: Person, lead: str) -> dict[str, Any]:
    """What the page of a lead says of its scores."""
    page = person.goes(f"/leads/of?lead={lead}")
    return {"verdict": page.locator(".verdict").inner_text(), "why": page.locator(".why").all_inner_texts()}


@pytest.fixture(scope="module")
def mia(browser: Browser, shop: Served, admin: Visitor) -> Iterator[Person]:
    """Marketing."""
    link = invited(admin, name="Mia", mail="mia@acme.example", role="marketing", person="")
    one = Person(browser, shop, accepted(shop, link))
    yield one
    one.ends()


@pytest.fixture(scope="module")
def sam(browser: Browser, shop: Served, admin: Visitor) -> Iterator[Person]:
    """The salesperson who has the lead cy."""
    send(shop, known("cy", company_size=500), act("cy", "Trial"))
    (handoff,) = handoffs(shop, "?lead=cy")
    one = Person(browser, shop, accepted(shop, invited(admin, name="Sam", person=handoff["owner"])))
    yield one
    one.ends()


def test_a_visitor_ripens_and_sales_accepts_without_a_mouse(browser: Browser, shop: Served, admin: Visitor) -> None:
    """The snippet is on a page of another origin, and the client is the one that we ship."""
    printed = ripeline("snippet", "-w", shop.workspace.root, "--url", shop.url)
    files = {"/pricing": ("text/html", f"<!doctype html><title>Pricing</title>{printed.stdout}".encode())}
    before = shop.read("/api/position")["applied"]
    with visit(browser, files, "/pricing") as visited:
        visited.page.evaluate(
            "analytics.identify('eva', {email: 'eva@acme.example', name: 'Eva Example', company_size: 500})"
        )
        visited.page.evaluate("analytics.track('Asked', {about: 'prices'})")
        shop.applied(position=before + 3)
    assert visited.told == []
    shop.due(shop.clock.read_text())
    (handoff,) = handoffs(shop, "?lead=eva")
    link = invited(admin, name="Tess", mail="tess@acme.example", person=handoff["owner"])
    tess = Person(browser, shop, accepted(shop, link))
    page = tess.goes("/queue")
    names = page.locator(".handoffs a.to").all_inner_texts()
    place = next(number for number, name in enumerate(names) if "Eva" in name or name == "eva")
    for _ in range(place + 1):
        page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_contain_text("asked to talk to sales")
    expect(page.get_by_role("region", name="Asked for")).to_contain_text("Asked")
    page.keyboard.press("e")
    expect(page.get_by_role("status")).to_contain_text("Accepted: it is yours.")
    tess.ends()
    assert shop.read("/api/leads/eva@acme.example")["stage"] == "sales_accepted"


def test_sales_and_marketing_agree_on_less_for_trials_and_take_it_back(mia: Person, sam: Person) -> None:
    before = numbers(mia, "cy")
    assert "Good fit, medium interest: rated A2" in before["verdict"]
    rejects(sam)
    works_on_the_draft(mia)
    agree(mia, sam)
    after = numbers(mia, "cy")
    assert "Good fit, low interest: rated A3" in after["verdict"]
    assert "+6.0" in after["why"][1]
    says_why(mia)
    rolls_back(mia)
    assert numbers(mia, "cy") == before


def rejects(sam: Person) -> None:
    page = sam.goes("/queue")
    page.get_by_role("link", name="cy", exact=True).click()
    page.locator("summary", has_text="Reject").click()
    page.get_by_label("Why").first.select_option("no_need")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("status")).to_contain_text("Rejected")


def works_on_the_draft(mia: Person) -> None:
    """A field that is changed shows in the text, what is typed there shows in the field, and nonsense is told."""
    page = mia.goes("/definition/draft")
    points = page.locator("[name='engagement/signals/trial/points']")
    expect(page.locator("definition-text .cm-content")).to_contain_text("version: 1")
    points.fill("6.5")
    points.press("Tab")
    expect(page.locator("#state")).to_contain_text('signal "Trial": points 10 -> 6.5')
    expect(page.locator("#yaml")).to_have_value(DEFINITION.replace("Trial, points: 10,", "Trial, points: 6.5,"))
    line = DEFINITION[: DEFINITION.index("Trial, points")].count("\n") + 1
    column = len("    trial: {event: Trial, points: 6.5") + 1
    page.locator("definition-text").evaluate(f"one => one.goTo({line}, {column})")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(page.locator("#state")).to_contain_text('signal "Trial": points 10 -> 6')
    expect(points).to_have_value("6")
    points.fill("none")
    points.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text('points of Trial: "none" is no number')
    expect(points).to_have_attribute("aria-invalid", "true")
    points.fill("6")
    points.press("Tab")
    expect(page.get_by_role("alert")).to_have_count(0)
    mia.wrong = [one for one in mia.wrong if "status of 400" not in one]


def agree(mia: Person, sam: Person) -> None:
    page = mia.goes("/definition/draft")
    page.get_by_role("link", name="Review and publish").click()
    expect(page.get_by_role("region", name="Who would move")).to_contain_text("medium to low")
    page.get_by_role("button", name="Sign for marketing").click()
    expect(page.get_by_text("Marketing: signed by Mia")).to_be_visible()

    page = sam.goes("/")
    page.get_by_role("link", name="Review it").click()
    expect(page.get_by_role("region", name="What it changes")).to_contain_text('signal "Trial": points 10 -> 6')
    page.get_by_role("button", name="Sign for sales").click()
    expect(page.get_by_text("Sales: signed by Sam")).to_be_visible()

    page = mia.goes("/definition/review")
    page.get_by_label("Why").fill("Trials alone say little")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status")).to_contain_text("Everybody is scored by it now.")


def says_why(mia: Person) -> None:
    page = mia.goes("/definition/history")
    expect(page.locator(".versions > li").first).to_contain_text("signed for marketing by Mia; signed for sales by Sam")
    earlier = page.locator(".versions > li").last
    earlier.get_by_label("A lead by this version").fill("cy")
    earlier.get_by_role("button", name="Compare").click()
    expect(page.locator(".verdict")).to_contain_text("Version 1: rated A2")
    expect(page.get_by_role("row", name="Trial")).to_contain_text("-4.0")


def rolls_back(mia: Person) -> None:
    page = mia.goes("/definition/history")
    earlier = page.locator(".versions > li").last
    earlier.locator("summary", has_text="Roll back").click()
    earlier.get_by_label("Why").fill("Back to what was")
    earlier.get_by_role("button", name="Make version 1 live again").click()
    expect(page.get_by_role("status")).to_contain_text("Rolled back.")
