"""Pages of the app that are seen after a form was sent."""

from base64 import b64encode
from collections.abc import Callable
from typing import Final

from playwright.sync_api import Page, expect

ROWS: Final = b"""\
Contact id,E-mail,Created,Company size,Country
N-1,ines@harbour.example,2026-09-02,240,DE
N-2,paul@mill.example,2026-09-05,35,AT
N-3,,2026-09-09,1200,FR
N-4,kofi@orchard.example,some day,80,DE
"""


CALLS: Final[tuple[dict[str, object], ...]] = (
    {"type": "identify", "userId": "N-7", "traits": {"email": "rosa@quarry.example", "company_size": 420}},
    {"type": "track", "userId": "N-7", "event": "Trial Downloaded"},
    {"type": "track", "userId": "N-7", "event": "Newsletter Opened"},
    {"type": "page", "anonymousId": "d-1", "context": {"userAgent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}},
    {"type": "track", "userId": "N-7"},
)
"""What a tracking client sends: acts that count and one that does not, a bot, and one that cannot be read."""


def arriving(page: Page) -> None:
    """Make a key, and let something arrive by it."""
    page.goto("/settings/tokens")
    page.locator("[name=kind][value=server]").check()
    page.get_by_label("Source").fill("web shop")
    page.get_by_role("button", name="Make a key").click()
    allowed = "Basic " + b64encode(f"{page.locator('#made').inner_text()}:".encode()).decode()
    calls = [{**call, "messageId": f"call-{place}-{allowed[-8:]}"} for place, call in enumerate(CALLS)]
    page.request.post("/v1/batch", data={"batch": calls}, headers={"Authorization": allowed})
    page.goto("/data/live")
    expect(page.get_by_role("list", name="Events").locator("> li")).not_to_have_count(0, timeout=20_000)


def draft(page: Page) -> None:
    """Drag a threshold a little, and save it as a draft; the pages after this one are full of it."""
    page.goto("/definition/thresholds")
    page.locator("input[type=range]").first.press("ArrowRight")
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_role("heading", name="Review the draft").wait_for()


def thresholds(page: Page) -> None:
    """Drag a threshold, and see who would move."""
    page.goto("/definition/thresholds")
    for _ in range(5):
        page.locator("input[type=range]").first.press("ArrowRight")
    page.get_by_role("button", name="Save as draft").wait_for()


def columns(page: Page) -> None:
    """Send a file of leads, and see what its columns are taken for."""
    page.goto("/data/import")
    page.set_input_files("[type=file]", {"name": "fair-visitors.csv", "mimeType": "text/csv", "buffer": ROWS})
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Which column is what?").wait_for()


def tried(page: Page) -> None:
    """See what importing it would do."""
    page.get_by_role("button", name="See what it would do").click()
    page.get_by_role("button", name=" new").wait_for()


def imported(page: Page) -> None:
    """Import it."""
    page.get_by_role("button", name=" new").click()
    page.get_by_role("heading", name="It is imported").wait_for()


def erase(page: Page) -> None:
    """Ask to erase somebody, and be shown what goes."""
    page.goto("/leads?sort=-engagement")
    lead = page.locator(".grid tbody th a").first.get_attribute("href") or ""
    page.goto("/settings/privacy")
    page.get_by_label("Any identifier").last.fill(lead.partition("lead=")[2])
    page.get_by_role("button", name="Look first").click()
    page.get_by_role("button", name="Erase for good").wait_for()


def invited(page: Page) -> None:
    """Invite somebody, and be shown the address to pass on; where they are known already, a new one."""
    page.goto("/settings/people")
    if page.get_by_text("kim@demo.example").count():
        page.get_by_role("button", name="New link for Kim").click()
    else:
        page.get_by_label("Name", exact=True).fill("Kim")
        page.get_by_label("Mail address").fill("kim@demo.example")
        page.get_by_role("button", name="Make a link").click()
    page.get_by_role("heading", name="Give Kim this address").wait_for()


def welcome(page: Page) -> None:
    """Open that address."""
    page.goto(page.locator(".told code").inner_text())


FORMS: Final[dict[str, Callable[[Page], None]]] = {
    "review-fresh": draft,
    "thresholds-tried": thresholds,
    "import-columns": columns,
    "import-tried": tried,
    "import-done": imported,
    "erase": erase,
    "people-invited": invited,
    "welcome": welcome,
}
"""What is shown after a form was sent, in this order; taken before the others, which are the fuller for it."""
