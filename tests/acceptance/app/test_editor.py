"""The text editor of a definition on its own, in a real browser, under the policy that every page is sent with."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ripeline.definition.schema import definition_schema
from ripeline.entry.server.pages.rendering import HEADERS, files
from tests.acceptance.app.test_browser import SMALL, USUAL, found_by_axe
from tests.acceptance.live.browser import chromium, needs_chromium
from tests.acceptance.live.loopback import Quiet, serving
from tests.acceptance.live.stories import needs_node_modules

pytestmark = pytest.mark.acceptance

EDITOR = Path(__file__).parents[3] / "editor"
TEXT = """\
version: 1
engagement:
  signals:
    trial:
      label: Tried it
      points: 25
    demo: {points: 40}
  levels: {high: 35, low: 0}
matrix:
  good: {high: handoff, low: nurture}
"""
PAGE = f"""<!doctype html>
<html lang="en">
<head>
<title>Definition</title>
<link rel="stylesheet" href="{files()["app.css"].path}">
<script src="/watch.js"></script>
<script src="{files()["editor.js"].path}" defer></script>
</head>
<body><main><h1>Definition</h1><form>
<definition-text schema="SCHEMA"><label for="text">The text <textarea name="text" id="text">{TEXT}</textarea></label></definition-text>
<button>Check</button>
</form></main></body></html>"""
WATCH = """
window.heard = [];
for (const kind of ["input", "change"])
  document.addEventListener(kind, (event) => heard.push([kind, event.target.id]));
document.addEventListener("keydown", (event) => event.key === "/" && heard.push(["shortcut", ""]));
document.addEventListener("securitypolicyviolation", (event) => console.error(event.violatedDirective, event.sourceFile));
"""


class Site(Quiet):
    """The page, and what it loads; at /lone its schema cannot be had."""

    def do_GET(self) -> None:  # noqa: N802 - http.server's own name
        found = {
            "/": ("text/html; charset=utf-8", PAGE.replace("SCHEMA", "/schema.json").encode()),
            "/lone": ("text/html; charset=utf-8", PAGE.replace("SCHEMA", "/nothing").encode()),
            "/watch.js": ("text/javascript", WATCH.encode()),
            "/schema.json": ("application/json", json.dumps(definition_schema()).encode()),
            files()["app.css"].path: ("text/css", files()["app.css"].body),
            files()["editor.js"].path: ("text/javascript; charset=utf-8", files()["editor.js"].body),
            "/favicon.ico": ("image/png", b""),
        }
        kind, body = found.get(self.path, ("text/plain", b""))
        self.answer(200 if self.path in found else 404, body, {**HEADERS, "content-type": kind})


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving(Site) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def opened(browser: Browser, address: str, **how: Any) -> Iterator[Page]:  # noqa: ANN401 - as playwright has them
    """The page of a visitor; at the end nothing may have gone wrong in it, nor against its policy."""
    context = browser.new_context(**how)
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "status of 404" not in said.text else None)
    page.goto(address)
    expect(page.get_by_role("textbox", name="The text")).to_be_visible()
    yield page
    context.close()
    assert not wrong


def told(page: Page, call: str, given: object = None) -> None:
    """Call a method of the editor."""
    page.locator("definition-text").evaluate(f"(editor, given) => editor.{call}", given)


def text_of(page: Page) -> str:
    return str(page.locator("textarea").evaluate("area => area.value"))


def offered(page: Page) -> list[str]:
    """What the editor completes, once it does; in the first moment nobody can choose, lest it be by accident."""
    expect(page.get_by_role("listbox")).to_be_visible()
    page.wait_for_timeout(100)
    return page.locator(".cm-completionLabel").all_inner_texts()


def typed_after(page: Page, place: str, keys: str) -> None:
    """Put the cursor behind the first place that reads so, and type."""
    line, column = next(
        (number, line.index(place) + len(place) + 1)
        for number, line in enumerate(text_of(page).splitlines(), start=1)
        if place in line
    )
    told(page, "goTo(...given)", [line, column])
    page.keyboard.type(keys)


@needs_chromium
def test_what_is_typed_is_in_the_form_and_tab_leaves_the_editor(browser: Browser, site: str) -> None:
    with opened(browser, site) as page:
        assert page.locator("textarea").is_hidden()
        page.get_by_text("The text").click()
        page.keyboard.press("Control+Home")
        page.keyboard.type("# a/b 🍎")
        page.keyboard.press("Enter")
        assert text_of(page) == "# a/b 🍎\n" + TEXT
        assert page.evaluate("new FormData(document.forms[0]).get('text')").replace("\r\n", "\n") == text_of(page)
        heard = page.evaluate("heard")
        assert heard == [["input", "text"]] * len(heard) != [], "no key that is typed is a shortcut of the page"
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Check")).to_be_focused()
        assert page.evaluate("heard.at(-1)") == ["change", "text"]
        page.keyboard.press("Shift+Tab")
        expect(page.get_by_role("textbox", name="The text")).to_be_focused()


@needs_chromium
def test_another_text_is_shown_in_one_step_and_the_cursor_stays(browser: Browser, site: str) -> None:
    with opened(browser, site) as page:
        typed_after(page, "Tried it", "!")
        other = text_of(page).replace("version: 1", "version: 1\nname: shop")
        told(page, "show(given)", other)
        assert text_of(page) == other
        assert page.evaluate("heard") == [["input", "text"]], "what the page shows, nobody typed"
        page.keyboard.type("?")
        assert text_of(page) == other.replace("it!", "it!?")
        for expected in (other, TEXT.replace("Tried it", "Tried it!"), TEXT):
            page.keyboard.press("Control+z")
            assert text_of(page) == expected
        told(page, "show(given)", "a: 🍎\r\n")
        told(page, "show(given)", "a: 🍏\n")
        assert text_of(page) == "a: 🍏\n"
        page.evaluate("document.forms[0].reset()")
        expect(page.get_by_role("textbox", name="The text")).to_contain_text("Tried it")


@needs_chromium
def test_problems_are_underlined_and_told_in_words(browser: Browser, site: str) -> None:
    problems = [
        {"line": 6, "column": 15, "severity": "error", "message": "<b>25</b> is much.", "hint": "Try 5."},
        {"line": 5, "column": 14, "severity": "warning", "message": "A label.", "hint": ""},
        {"line": 99, "column": 99, "severity": "error", "message": "Something lacks.", "hint": None},
    ]
    with opened(browser, site) as page:
        told(page, "diagnose(given)", problems)
        assert page.locator(".cm-lintRange-error").all_inner_texts() == ["25"]
        assert page.locator(".cm-lintRange-warning").all_inner_texts() == ["Tried it"]
        expect(page.locator(".cm-lint-marker-error")).to_have_count(2)
        shapes = "all => all.map(one => getComputedStyle(one, '::before').content)"
        assert page.locator(".cm-lint-marker").evaluate_all(shapes) == ['"▲"', '"✖"', '"✖"']
        told(page, "goTo(...given)", [1, 1])
        for expected in ("Warning: A label.", "Error: <b>25</b> is much.\nTry 5.", "Error: Something lacks."):
            page.keyboard.press("F8")
            expect(page.locator(".cm-tooltip-lint")).to_have_text(expected.replace("\n", ""))
            expect(page.locator(".cm-announced")).to_have_text(expected.replace("\n", " "))
        page.keyboard.press("Escape")
        expect(page.locator(".cm-tooltip-lint")).to_have_count(0)
        page.locator(".cm-lintRange-error").hover()
        expect(page.locator(".cm-tooltip-lint", has_text="25")).to_be_visible()
        told(page, "diagnose([])")
        expect(page.locator(".cm-lint-marker")).to_have_count(0)


@needs_chromium
def test_keys_and_values_are_completed_from_the_schema(browser: Browser, site: str) -> None:
    with opened(browser, site) as page:
        # At the top, keys that are not there yet; what is only a mapping goes on below.
        typed_after(page, "{high: handoff, low: nurture}", "\n")
        page.keyboard.press("Shift+Home")
        page.keyboard.press("Backspace")
        page.keyboard.press("Control+Space")
        found = offered(page)
        assert {"fit", "timezone", "handoff"} <= set(found)
        assert not {"version", "engagement", "matrix"} & set(found)
        expect(page.locator(".cm-completionInfo")).to_have_text("name of the definition (the file's stem)")
        page.keyboard.type("acc")
        expect(page.locator(".cm-completionLabel")).to_have_text(["accounts"])
        page.keyboard.press("Enter")
        assert "\naccounts:\n  " in text_of(page)
        assert offered(page) == ["breadth", "breadth_cap"]
        page.keyboard.press("Escape")

        # Within a signal that is written as a block.
        typed_after(page, "points: 25", "\nde")
        assert offered(page)[0] == "decay"
        page.keyboard.press("Enter")
        assert offered(page) == ["none", "{ }"]
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert offered(page) == ["half_life", "fade", "step"]
        page.keyboard.press("Enter")
        assert "\n      decay: {half_life: }\n" in text_of(page)

        # Within one that is written in braces, and what may stand for a cell.
        typed_after(page, "points: 40", ", ")
        assert {"label", "event", "when"} <= set(offered(page))
        assert "points" not in offered(page)
        page.keyboard.type("evid")
        expect(page.locator(".cm-completionLabel")).to_have_text(["evidence"])
        page.keyboard.press("Enter")
        assert offered(page) == ["normal", "weak"]
        page.keyboard.type("w")
        expect(page.locator(".cm-completionLabel")).to_have_text(["weak"])
        page.keyboard.press("Enter")
        assert "demo: {points: 40, evidence: weak}" in text_of(page)
        typed_after(page, "low: nurture", ", none: ")
        assert offered(page)[:5] == ["handoff", "follow_up", "nurture", "remove", "none"]


@needs_chromium
def test_without_a_schema_and_elsewhere_in_the_page_it_is_an_editor_still(browser: Browser, site: str) -> None:
    with opened(browser, site + "/lone") as page:
        typed_after(page, "points: 25", "\ndecay:\nfa")
        page.keyboard.press("Control+Space")
        page.keyboard.press("Control+f")
        expect(page.get_by_placeholder("Find")).to_be_focused()
        expect(page.get_by_role("listbox")).to_have_count(0)
        changed = text_of(page)
        assert "\n      decay:\n        fa\n" in changed, "what stands below a key is one step further in"
        told(page, "parentNode.prepend(editor)")
        expect(page.get_by_role("textbox", name="The text")).to_contain_text("decay")
        assert text_of(page) == changed, "moved within the page it holds what it held"


@needs_chromium
@needs_node_modules
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, site: str, scheme: str) -> None:
    problem = {"line": 5, "column": 7, "severity": "error", "message": "Wrong.", "hint": "Right."}
    for size in (USUAL, SMALL):
        with opened(browser, site, color_scheme=scheme, viewport=size) as page:
            paper = page.evaluate("getComputedStyle(document.querySelector('textarea')).backgroundColor")
            assert page.locator(".cm-editor").evaluate("e => getComputedStyle(e).backgroundColor") == paper
            assert found_by_axe(page) == []
            told(page, "diagnose(given)", [problem, {**problem, "line": 6, "severity": "warning"}])
            page.get_by_role("textbox", name="The text").focus()
            page.keyboard.press("F8")
            expect(page.locator(".cm-tooltip-lint")).to_be_visible()
            assert found_by_axe(page) == []
            typed_after(page, "points: 25", "\n")
            page.keyboard.press("Control+Space")
            expect(page.locator(".cm-completionInfo")).to_be_visible()
            assert found_by_axe(page) == []
            page.keyboard.press("Escape")
            page.keyboard.press("Control+Shift+M")
            expect(page.get_by_role("listbox", name="Diagnostics")).to_be_focused()
            page.keyboard.press("ArrowDown")
            page.get_by_role("textbox", name="The text").focus()
            page.keyboard.press("Control+f")
            page.keyboard.type("points")
            assert found_by_axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.slow
@pytest.mark.skipif(
    not (EDITOR / "node_modules").is_dir(),
    reason="the packages of editor/package.json are not installed: make test-all",
)
def test_the_file_is_what_its_sources_make(tmp_path: Path) -> None:
    """Who changes a source of the editor commits what `make editor` makes of it."""
    built = tmp_path / "editor.js"
    subprocess.run(["node", EDITOR / "build.js", built], check=True, capture_output=True, timeout=60)
    assert built.read_bytes() == files()["editor.js"].body
