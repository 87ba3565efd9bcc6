"""Web pages in a real browser: what a visitor does there is stored once, and belongs to who it turns out to be."""

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.browser import chromium, needs_chromium, visit
from tests.acceptance.live.faulty import Fault, faulty
from tests.acceptance.live.served import Served
from tests.acceptance.live.stories import CLIENTS, NODE_MODULES, needs_node_modules, qualified

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow, needs_chromium]

BUILT = {
    "segment": NODE_MODULES / "@segment/analytics-next/dist/umd/index.js",
    "rudder": NODE_MODULES / "@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js",
}
CALLS = 4
STORY = ["Pricing", "Pricing Requested", "Trial Downloaded"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def site(client: str, url: str, key: str) -> dict[str, tuple[str, bytes]]:
    page = (CLIENTS / f"{client}.html").read_text().replace('["URL", "KEY"]', f'["{url}", "{key}"]')
    return {"/pricing": ("text/html", page.encode()), "/client.js": ("text/javascript", BUILT[client].read_bytes())}


def told_once(served: Served) -> None:
    """Assert that the page's story is stored, once each, and that what the visitor did before counts."""
    served.applied()
    assert served.failed() == []
    assert sorted(name for (name,) in served.stored("e.name")) == STORY
    assert "pricing_page" in qualified(served, "ada")


def answers(served: Served, metric: str) -> int:
    return int(served.ask("/metrics").body.decode().partition(f"\n{metric} ")[2].splitlines()[0])


@needs_node_modules
@pytest.mark.parametrize("client", ["segment", "rudder"])
def test_a_visitor_turns_out_to_be_somebody(served: Served, browser: Browser, client: str) -> None:
    with visit(browser, site(client, served.url, served.web_key), "/pricing?utm_source=news") as visited:
        served.applied(position=CALLS)
    told_once(served)
    assert served.stored('e."context.campaign.source:text"')[0] == ("news",)
    assert visited.told == []
    assert visited.hosts == {urlsplit(visited.url).netloc, urlsplit(served.url).netloc}, "nobody else is asked"
    asked_first = answers(served, 'ripeline_answers_total{status="200"}') - CALLS
    assert asked_first > 0, "the server is another origin, so the browser asks whether it may send"


@needs_node_modules
@pytest.mark.parametrize("client", ["segment", "rudder"])
def test_nothing_is_lost_or_doubled_by_faults(served: Served, browser: Browser, client: str) -> None:
    """A browser sends again by itself where a socket is dropped, and then its client does too."""
    pattern = (Fault.DROPPED, Fault.ERROR, Fault.DROPPED, Fault.NONE, Fault.LIMITED, Fault.SLOW)
    with faulty(served.url, pattern) as proxy, visit(browser, site(client, proxy.url, served.web_key), "/pricing"):
        until = time.monotonic() + 60
        while proxy.told < CALLS and time.monotonic() < until:
            time.sleep(0.05)
    assert set(proxy.done) == set(Fault), f"every fault happened: {proxy.done}"
    told_once(served)


def test_the_snippet_is_all_a_page_needs(served: Served, browser: Browser) -> None:
    """Also for links that are counted, which the client loads a part for; an address says nothing about who it is."""
    printed = ripeline("snippet", "-w", served.workspace.root, "--url", served.url)
    assert printed.returncode == 0, printed.stderr
    page = f"<!doctype html><title>Pricing</title>{printed.stdout}<a href='/docs'>Docs</a>".encode()
    files = {"/pricing": ("text/html", page), "/docs": ("text/html", b"<!doctype html><title>Docs</title>")}
    with visit(browser, files, "/pricing?ajs_uid=eve") as visited:
        visited.page.evaluate("analytics.identify('ada', {email: 'ada@acme.example'})")
        served.applied(position=2)
        visited.page.evaluate("analytics.trackLink(document.querySelector('a'), 'Docs Opened').then(() => null)")
        visited.page.click("a")
        visited.page.wait_for_url("**/docs")
        served.applied(position=3)
    served.applied()
    assert (visited.told, served.failed(), len(visited.hosts)) == ([], [], 2)
    assert served.stored('e.type, e.name, e."context.page.path:text"') == [
        ("page", "", "/pricing"),
        ("track", "Docs Opened", "/pricing"),
    ]
    lead = served.read("/api/leads/ada@acme.example")
    assert "pricing_page" in {line["name"] for line in lead["engagement"]["contributions"]}
