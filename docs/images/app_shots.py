"""Opens pages of the app, and takes pictures of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from app_pages import FOUND, NO_PICTURE, PAGES
from playwright.sync_api import Browser, Page, expect
from rich.progress import Progress
from starlette.routing import compile_path

from ripeline.entry.server.pages.app import all_pages

HERE: Final = Path(__file__).parent
IN_DOCS: Final = ("home", "queue", "lead", "funnel", "thresholds-tried", "live")
"""Those that the README and docs/app.md show."""
SIZES: Final = {"wide": {"width": 1280, "height": 800}, "small": {"width": 360, "height": 740}}

Way = str | Callable[[Page], None]
"""How a page is come to: its address, or what is done first."""


@dataclass
class Shots:
    """Takes pictures. only: of these pages, all where there are none; seen: the paths that were open."""

    browser: Browser
    folder: Path
    progress: Progress
    only: set[str]
    seen: set[str] = field(default_factory=set)

    def take(self, kind: str, url: str, ways: Mapping[str, Way], state: object = None) -> None:
        """Take pages in every size and scheme."""
        task = self.progress.add_task(kind, total=len(ways) * 2 * len(SIZES), page="")
        for scheme in ("light", "dark"):
            for size, viewport in SIZES.items():
                context = self.browser.new_context(
                    base_url=url,
                    color_scheme=cast("Any", scheme),
                    viewport=cast("Any", viewport),
                    storage_state=cast("Any", state),
                )
                page = context.new_page()
                for name, way in ways.items():
                    self.progress.update(task, advance=1, page=f"{name}, {size}, {scheme}")
                    self._one(page, f"{kind}-{name}-{size}-{scheme}", name, way)
                context.close()

    def _one(self, page: Page, file: str, name: str, way: Way) -> None:
        opened(page, way)
        self.seen.add(urlsplit(page.url).path)
        if self.only and name not in self.only:
            return
        page.screenshot(path=self.folder / f"{file}.png", full_page=True)
        if file == f"full-{name}-wide-light" and name in IN_DOCS:
            page.screenshot(path=HERE / f"app-{name}.png")


def opened(page: Page, way: Way) -> None:
    """Open a page, and wait until all of it is there."""
    if callable(way):
        way(page)
    else:
        page.goto(way)
    page.wait_for_load_state("networkidle")
    expect(page.locator("progress")).to_have_count(0, timeout=120_000)


def found(browser: Browser, url: str, state: object) -> dict[str, str]:
    """Return what the addresses of pages need, each from the first link that holds it."""
    context = browser.new_context(base_url=url, storage_state=cast("Any", state))
    page, told = context.new_page(), dict[str, str]()
    for name, (listed, link) in FOUND.items():
        if not needs(listed) <= told.keys():
            continue
        opened(page, listed.format(**told))
        begins, _, ends = link.format(**told).partition("*")
        links = page.locator(f'main a[href^="{begins}"]' + (f'[href$="{ends}"]' if ends else ""))
        if links.count():
            told[name] = (links.first.get_attribute("href") or "").removeprefix(begins).removesuffix(ends)
    context.close()
    return told


def needs(path: str) -> set[str]:
    """Return what an address needs."""
    return set(re.findall(r"\{(\w+)\}", path))


def pages_of(told: Mapping[str, str]) -> dict[str, Way]:
    """Return the pages that there are, with what was found put in."""
    return {name: path.format(**told) for name, path in PAGES.items() if needs(path) <= told.keys()}


def forgotten(seen: set[str]) -> list[str]:
    """Return the pages of the app of which there is no picture."""
    every = {one.path for one in all_pages(cast("Any", None), cast("Any", None), "") if one.method == "GET"}
    return sorted(one for one in every.difference(NO_PICTURE) if not any(map(compile_path(one)[0].match, seen)))
