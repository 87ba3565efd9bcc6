"""A real browser for tests, and a web site of another origin than the server's."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.acceptance.live.loopback import pages, serving

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# Without these a browser asks hosts of its maker at every start.
ALONE = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the browser that is installed; none is downloaded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ALONE])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """A page that somebody looks at. hosts: whom it asked anything; told: errors and warnings on its console."""

    page: Page
    url: str
    hosts: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on("console", lambda said: self.told.append(said.text) if said.type == "error" else None)


@contextmanager
def visit(browser: Browser, files: Mapping[str, tuple[str, bytes]], path: str) -> Iterator[Visit]:
    """Open a page of a web site of these files as a new visitor; the page is closed at the end."""
    with serving(pages(files)) as port:
        context = browser.new_context()
        try:
            # Pages are another origin than the server, whose host is written as 127.0.0.1.
            visited = Visit(context.new_page(), f"http://localhost:{port}{path}")
            visited.page.goto(visited.url)
            yield visited
            visited.page.close()
        finally:
            context.close()
