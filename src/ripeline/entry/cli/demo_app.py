"""The app full of the invented company: its past is lived through, then it is served with logins for every role."""

import json
import secrets
from datetime import UTC, datetime
from pathlib import Path

from ripeline.entry.bootstrap.book import book_connection, opened_server_book
from ripeline.entry.bootstrap.demo_past import DemoPast
from ripeline.entry.bootstrap.logins import Logins
from ripeline.entry.bootstrap.past import live_through
from ripeline.entry.cli.options import now_us, out, progress
from ripeline.entry.cli.serve import serve_by
from ripeline.entry.cli.show import counted
from ripeline.entry.log import start_log
from ripeline.entry.workspace import DEFAULT_NAME, Workspace, find_workspace
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.calendar import UTC_ZONE, instant_of
from ripeline.vocabulary.changes import BY_COMMAND
from ripeline.vocabulary.handoffs import STATES
from ripeline.vocabulary.logins import Login

BEGAN, LIVED_UNTIL = datetime(2026, 4, 1, 7, 30, tzinfo=UTC), datetime(2026, 9, 30, 8, 0, tzinfo=UTC)
"""When the invented company began to work with Ripeline, and until when its past is told."""

A_DAY = 6
"""Leads that were ripe before they began go to sales, so many a day."""

LOGINS = {
    "admin": Login(0, "admin@demo.example", "Administrator", "admin"),
    "marketing": Login(0, "mia@demo.example", "Mia", "marketing"),
    "sales": Login(0, "anna@demo.example", "Anna", "sales", "anna"),
    "sales, slow": Login(0, "carla@demo.example", "Carla", "sales", "carla"),
    "agency": Login(0, "ads@demo.example", "Ads & Co.", "agency", None, ("paid search",)),
}
"""Who may sign in, by what they are there for."""


def banner(folder: Path) -> str:
    """Return the settings of what stands on top of every page: that all is invented, and how to be rid of it."""
    told = (
        "A demo: all people, companies and answers here are made up. Its clock began on 30 September 2026. "
        f"To remove it, stop it with Ctrl-C and delete the folder {folder}."
    )
    return f"\n[server]\nbanner = {json.dumps(told, ensure_ascii=False)}\n"


def live(folder: Path) -> None:
    """Let the demo live through the months since its company began."""
    workspace, past = find_workspace(folder), DemoPast(BEGAN, LIVED_UNTIL)
    began_us, until_us = instant_of(BEGAN), instant_of(LIVED_UNTIL)
    with opened_server_book(workspace) as book:
        book.release(DEFAULT_NAME, A_DAY, "anna", began_us)
    with progress() as report:
        states = live_through(
            workspace,
            past.looks,
            past.answers_to,
            lambda at_us: report("half a year is lived through", (at_us - began_us) / (until_us - began_us)),
        )
    told = ", ".join(f"{states[one]:,} {one}" for one in STATES if states.get(one))
    out.print(f"{counted(sum(states.values()), 'handoff')}: {told}.", highlight=False)


def serve_demo(folder: Path, port: int, at: str) -> None:
    """Serve the app: its clock goes on from where the story ended."""
    found, began_us, story_us = find_workspace(folder), now_us(), instant_of_text(at, UTC_ZONE)
    password = secrets.token_urlsafe(12)
    _sign_up(found, password, story_us)
    start_log(found.log.level)
    serve_by(
        found,
        lambda: story_us + now_us() - began_us,
        "127.0.0.1",
        port,
        lambda url: _say_how_to_sign_in(url, password, folder),
    )


def _say_how_to_sign_in(url: str, password: str, folder: Path) -> None:
    out.print(f"\nThe app opens at [bold]{url}[/]. Logins of this demo, to try each role:")
    for role, login in LOGINS.items():
        out.print(f"  {role:<12} {login.mail:<20} password {password}", highlight=False)
    out.print(
        f"Ctrl-C stops it. To remove the demo, delete the folder [bold]{folder}[/].", highlight=False, soft_wrap=True
    )


def _sign_up(workspace: Workspace, password: str, at_us: int) -> None:
    first, *others = LOGINS.values()
    with book_connection(workspace) as db:
        logins = Logins(db)
        logins.set_up(first.mail, first.name, password, at_us)
        for one in others:
            logins.choose_password(logins.invite(one, BY_COMMAND, at_us), password, at_us)
