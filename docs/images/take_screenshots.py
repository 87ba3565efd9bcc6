"""Take pictures of every page of the app, full of the invented company and empty, by day and by night.

Usage: take_screenshots.py FOLDER. Those that stand in the README are written beside this file. Needs Debian's Chromium.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PAGES = {
    "home": "/",
    "queue": "/queue?whose=all",
    "handoff": "/queue/326",
    "leads": "/leads?fit_level=good&meets_definition=true",
    "lead": "/leads/of?lead=L-01792",
    "funnel": "/funnel",
    "response": "/response?from=2026-04-01",
    "people": "/settings/people",
    "wrong": "/nothing",
}
IN_README = ("home", "queue", "lead", "funnel")
SIZES = {"wide": {"width": 1280, "height": 800}, "small": {"width": 360, "height": 740}}
PASSWORD = "pictures need a password"  # noqa: S105 - of an empty workspace that is gone in a moment


@contextmanager
def started(folder: str, *words: str) -> Iterator[tuple[str, str, str]]:
    """Run a command that serves, in a folder; yield the address, where to set up or "", and what it printed before."""
    command = [sys.executable, "-m", "ripeline", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder)
    printed = ""
    try:
        for line in process.stdout or ():
            if line.startswith("{"):
                told = json.loads(line)
                yield told["url"], told.get("set_up", ""), printed
                return
            printed += line
    finally:
        process.terminate()
        process.wait()


def pictures(browser: Browser, state: object, url: str, folder: Path, kind: str) -> None:
    """Take every page in every size and scheme."""
    for scheme in ("light", "dark"):
        for size, viewport in SIZES.items():
            context = browser.new_context(color_scheme=scheme, viewport=viewport, storage_state=state)
            page = context.new_page()
            for name, path in PAGES.items():
                page.goto(url + path, wait_until="networkidle")
                page.screenshot(path=folder / f"{kind}-{name}-{size}-{scheme}.png", full_page=True)
                if (kind, size, scheme) == ("full", "wide", "light") and name in IN_README:
                    page.screenshot(path=HERE / f"app-{name}.png")
            context.close()


def signed_in(browser: Browser, url: str, fields: dict[str, str]) -> object:
    """Fill in a form of the app; return what the browser holds then."""
    context = browser.new_context()
    page: Page = context.new_page()
    page.goto(url)
    for label, text in fields.items():
        page.get_by_label(label).fill(text)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Home").wait_for()
    state = context.storage_state()
    context.close()
    return state


def main(folder: Path) -> None:
    """Take all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with started(made, "demo", "--app", "--port", "0") as (url, _, printed):
            found = re.search(r"admin@demo\.example +password (\S+)", printed)
            password = found[1] if found else ""
            fields = {"Mail address": "admin@demo.example", "Password": password}
            pictures(browser, signed_in(browser, url + "/sign-in", fields), url, folder, "full")
        subprocess.run(
            [sys.executable, "-m", "ripeline", "init", f"{made}/empty"], check=True, stdout=subprocess.DEVNULL
        )
        with started(made, "serve", "-w", "empty", "--port", "0") as (url, set_up, _):
            fields = {"Your name": "Ada", "Mail address": "ada@acme.example", "Password": PASSWORD}
            pictures(browser, signed_in(browser, set_up, fields), url, folder, "empty")
        browser.close()


main(Path(sys.argv[1]))
