"""Take pictures of every page of the app, full of the invented company and empty, by day and by night, wide and small.

Usage: take_screenshots.py FOLDER [NAME...]: of every page, or of these alone. Those that stand in the README and in
docs/app.md are written beside this file. Needs Debian's Chromium.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from app_forms import FORMS, arriving
from app_pages import SIGNED_OUT
from app_shots import Shots, forgotten, found, pages_of
from playwright.sync_api import Browser, sync_playwright
from rich.progress import MofNCompleteColumn, Progress, TextColumn

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


def signed_in(browser: Browser, url: str, fields: Mapping[str, str]) -> object:
    """Fill in a form of the app; return what the browser holds then."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    for label, text in fields.items():
        page.get_by_label(label).fill(text)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Home").wait_for()
    state = context.storage_state()
    context.close()
    return state


def full(shots: Shots, made: str) -> None:
    """Take the demo."""
    with started(made, "demo", "--app", "--port", "0") as (url, _, printed):
        password = re.search(r"admin@demo\.example +password (\S+)", printed)
        fields = {"Mail address": "admin@demo.example", "Password": password[1] if password else ""}
        state = signed_in(shots.browser, url + "/sign-in", fields)
        shots.take("full", url, SIGNED_OUT)
        shots.take("full", url, FORMS, state)
        with shots.browser.new_context(base_url=url, storage_state=cast("Any", state)) as context:
            arriving(context.new_page())
        shots.take("full", url, pages_of(found(shots.browser, url, state)), state)


def empty(shots: Shots, made: str) -> None:
    """Take a workspace in which nothing is yet."""
    subprocess.run([sys.executable, "-m", "ripeline", "init", "empty"], check=True, stdout=subprocess.DEVNULL, cwd=made)
    with started(made, "serve", "-w", "empty", "--port", "0") as (url, set_up, _):
        shots.take("empty", url, {"set-up": set_up})
        fields = {"Your name": "Ada", "Mail address": "ada@acme.example", "Password": PASSWORD}
        state = signed_in(shots.browser, set_up, fields)
        shots.take("empty", url, pages_of(found(shots.browser, url, state)), state)


def main(folder: Path, only: set[str]) -> None:
    """Take all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = TextColumn("{task.description:>6}"), MofNCompleteColumn(), TextColumn("{task.fields[page]}")
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright, Progress(*columns) as progress:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        shots = Shots(browser, folder, progress, only)
        empty(shots, made)
        full(shots, made)
        browser.close()
        progress.console.print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    if missing := forgotten(shots.seen):
        sys.exit(f"no picture of {', '.join(missing)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), set(sys.argv[2:]))
