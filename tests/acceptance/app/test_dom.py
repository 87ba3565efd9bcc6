"""Every page as a browser lays it out, wide and small: no text is cut, nothing scrolls sideways, no code stands for a name."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.routing import compile_path

from tests.acceptance.app import test_pages as matrix
from tests.acceptance.app.test_browser import (  # the workspace, full of everything, that axe reads too
    PAGES,
    SIGNED_OUT,
    SMALL,
    USUAL,
    browser,
    filled,
    opened,
    shop,
    state,
)
from tests.acceptance.live.browser import needs_chromium
from tests.acceptance.live.served import Served

__all__ = ["browser", "filled", "shop", "state"]

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow, needs_chromium]

NO_PAGES = {
    *("/find", "/settings", "/leads.csv", "/funnel.csv", "/response.csv", "/settings/log.csv"),
    *("/definition/schema.json", "/definition/backtest/report", "/data/imports/{number:int}/rejects"),
}
"""What is asked for by GET and is a file, or leads elsewhere."""

LAYOUT = (Path(__file__).parent / "layout.js").read_text()

CODES = {
    "a name of a rule, a stage, an action or a trait": r"(?<![\w./@:=-])[a-z][a-z0-9]*(_[a-z0-9]+)+(?![\w./@-])",
    "a name that somebody gave a label": r"(?<![\w./@:=-])(ada|maria|jon|petra|german|hit|mql)(?![\w./@-])",
    "a yes or no": r"(?<!= )\b(true|false)\b|^(True|False|None|null)$",
    "a moment as machines write it": r"\d{4}-\d\d-\d\dT\d\d:",
    "millionths of a point, or of a second": r"(?<![\w.,-])\d{7,}\b",
}
"""What people are not shown: of ada and hit the test's own workspace knows better names."""


def test_every_page_of_the_matrix_is_looked_at() -> None:
    every = {*matrix.PAGES, *matrix.OPEN} - NO_PAGES
    paths = [path.partition("?")[0].format(left="0", imported="0", message="0") for path in (*PAGES, *SIGNED_OUT)]
    assert [one for one in sorted(every) if not any(map(compile_path(one)[0].match, paths))] == []


def seen(page: Page) -> list[str]:
    """Return what is wrong with a page at either width, as it opens and with all that it unfolds."""
    expect(page.locator("[hx-trigger=load], progress")).to_have_count(0, timeout=20_000)
    page.evaluate(LAYOUT)
    wrong = list[str]()
    for unfolded in (False, True):
        for size in (USUAL, SMALL):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            found = page.evaluate("unfolded => layout(unfolded)", unfolded)
            wrong += [f"{size['width']} px: {one}" for one in found["wrong"]]
            wrong += [
                f"{what}: {text}" for text in found["texts"] for what, code in CODES.items() if re.search(code, text)
            ]
    return sorted(set(wrong))


def test_no_text_is_cut_and_no_code_stands_for_a_name(
    browser: Browser, shop: Served, state: object, filled: dict[str, str]
) -> None:
    wrong = dict[str, list[str]]()
    for who, paths in ((state, PAGES), (None, SIGNED_OUT)):
        with opened(browser, who, viewport=USUAL) as page:
            for path in paths:
                page.goto(shop.url + path.format(**filled))
                if found := seen(page):
                    wrong[path] = found
    assert wrong == {}, json.dumps(wrong, indent=1)
