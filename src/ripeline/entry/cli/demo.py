"""`ripeline demo`: everything once, with an invented company."""

import shutil
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators
from rich.console import Console

from ripeline.definition.edit import with_value
from ripeline.entry.bootstrap.book import opened_server_book
from ripeline.entry.bootstrap.shipped import demo_definition, demo_sales, demo_team, write_demo_files
from ripeline.entry.cli import imports
from ripeline.entry.cli.advance import advance
from ripeline.entry.cli.check import check
from ripeline.entry.cli.demo_app import banner, live, serve_demo
from ripeline.entry.cli.explain import explain
from ripeline.entry.cli.handoffs import list_handoffs
from ripeline.entry.cli.init import make_workspace
from ripeline.entry.cli.options import out
from ripeline.entry.cli.packet import packet
from ripeline.entry.cli.preview import preview
from ripeline.entry.cli.release import release
from ripeline.entry.cli.score import score
from ripeline.entry.workspace import FIRST_SETTINGS, find_workspace, text_of
from ripeline.ports.handoffs import HandoffsAsked
from ripeline.vocabulary.issues import InputError

TODAY = "2026-09-30"
"""The invented company's story ends on this day."""

MORNING, SOON_AFTER = "2026-09-30T08:00:00Z", "2026-09-30T08:10:00Z"
"""When leads are handed over, and when somebody looks at that: ten o'clock in Berlin, and ten minutes later."""

EXPLAINED = "L-01792"
MARKER = "README.txt"
Step = Callable[[], object]


def demo(
    folder: Annotated[Path, Parameter(help="Where the demo is made; an earlier demo there is replaced.")] = Path(
        "ripeline-demo"
    ),
    *,
    app: Annotated[bool, Parameter(help="Then serve the app with it, and say how to sign in.", negative=())] = False,
    port: Annotated[
        int, Parameter(help="Where the app is served.", validator=validators.Number(gte=0, lte=65_535))
    ] = 8321,
) -> None:
    """Play through everything with an invented company: import, check, score, preview, explain, hand over.

    All people and companies in it are made up by a seeded program.
    """
    _clear(folder)
    out.print("An invented company sells business software. Its leads, their visits and what became of them:")
    _say(f"init {folder}")
    settings = FIRST_SETTINGS.partition("\n# [sales]\n")[0].replace("\n# [server]\n", banner(folder))
    make_workspace(folder, demo_definition(), settings + (demo_team() if app else demo_sales()))
    files, new = write_demo_files(folder / "data"), folder / "stricter.yaml"
    new.write_text(with_value(text_of(folder / "qualification.yaml"), ("engagement", "levels", "high"), 70))
    for command, step in _steps(folder, files.leads, files.events, files.outcomes, new):
        _say(command)
        step()
    if app:
        out.print("\nHalf a year of it, with the answers of its three salespeople, all of it invented too:")
        live(folder)
    else:
        _play_hand_over(folder)
    out.print(
        f"The workspace stays in [bold]{folder}[/]: change {folder}/qualification.yaml and score again.",
        highlight=False,
    )
    if app:
        serve_demo(folder, port, SOON_AFTER)


def _play_hand_over(folder: Path) -> None:
    out.print("\nIts two salespeople, invented too, get the ripest of them, six a day:", highlight=False)
    for command, step in chain(_handing_over(folder), _answering(folder)):
        _say(command)
        step()


def _steps(folder: Path, leads: Path, events: Path, outcomes: Path, new: Path) -> list[tuple[str, Step]]:
    """Return the commands as typed, each with what it runs."""
    w = f"-w {folder}"
    return [
        (
            f"import leads {leads} {w} --id id --created created",
            lambda: imports.leads(leads, workspace=folder, id="id", created="created"),
        ),
        (
            f"import events {events} {w} --lead lead --name name --time time --type type --id id",
            lambda: imports.events(
                events, workspace=folder, lead="lead", name="name", time="time", type="type", id="id"
            ),
        ),
        (
            f"import outcomes {outcomes} {w} --lead lead --outcome outcome --time time",
            lambda: imports.outcomes(outcomes, workspace=folder, lead="lead", outcome="outcome", time="time"),
        ),
        (f"check {folder}/qualification.yaml", lambda: check(folder / "qualification.yaml")),
        (f"preview {new} {w} --as-of {TODAY}", lambda: preview(new, workspace=folder, as_of=TODAY)),
        (f"score {w} --as-of {TODAY}", lambda: score(workspace=folder, as_of=TODAY)),
        (f"explain {EXPLAINED} {w} --as-of {TODAY}", lambda: explain(EXPLAINED, workspace=folder, as_of=TODAY)),
    ]


def _handing_over(folder: Path) -> list[tuple[str, Step]]:
    """Return the commands that bring leads to sales: what was imported is held back until it is released."""
    w = f"-w {folder}"
    return [
        (f"advance {w} --as-of {MORNING}", lambda: advance(workspace=folder, as_of=MORNING)),
        (f"release 6 {w}", lambda: release(6, workspace=folder)),
        (f"advance {w} --as-of {SOON_AFTER}", lambda: advance(workspace=folder, as_of=SOON_AFTER)),
    ]


def _answering(folder: Path) -> Iterator[tuple[str, Step]]:
    """Yield the commands that show what sales has to answer, once leads are with them."""
    w = f"-w {folder} --as-of {SOON_AFTER}"
    yield f"handoffs list {w}", lambda: list_handoffs(workspace=folder, as_of=SOON_AFTER)
    with opened_server_book(find_workspace(folder)) as book:
        _, (one, *_) = book.handoffs(HandoffsAsked({"lead": EXPLAINED}))
    yield f"handoffs packet {one.number} {w}", lambda: packet(one.number, workspace=folder, as_of=SOON_AFTER)


def _say(command: str, console: Console = out) -> None:
    console.print(f"\n[bold cyan]$ ripeline {command}[/]", highlight=False, soft_wrap=True)


def _clear(folder: Path) -> None:
    """Remove an earlier demo, and nothing else."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / "data" / MARKER).is_file():
        raise InputError(f"{folder} is there already and is no earlier demo; name another folder")
    shutil.rmtree(folder)
