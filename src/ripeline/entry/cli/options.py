"""Options that several commands share, and how they are read."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter, validators
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ripeline.ports.scores import Progress as Report
from ripeline.usecases.handoffs_asked import MOST_WHOLE

WorkspaceOption = Annotated[Path, Parameter(name=("--workspace", "-w"), help="The workspace's folder.")]
DefinitionOption = Annotated[
    str | None, Parameter(help="A definition's file or its name in the workspace; default: qualification.yaml.")
]
AsOf = Annotated[str | None, Parameter(help="The moment: a date (its last microsecond here) or a time. Default: now.")]
Format = Annotated[Literal["text", "json"], Parameter(help="How the answer is written.")]
WHOLE = Parameter(validator=validators.Number(gte=0, lte=MOST_WHOLE))
COUNT = Parameter(validator=validators.Number(gte=1, lte=MOST_WHOLE))
"""Whole numbers from 0 on, and from 1 on, no greater than the API takes them."""

Number = Annotated[int, WHOLE]
"""The number of something, such as of a handoff."""

out = Console()
err = Console(stderr=True)


def now_us() -> int:
    """Return this instant in microseconds."""
    return time.time_ns() // 1000


def print_json(record: object) -> None:
    """Write a record as JSON to standard output."""
    out.file.write(json.dumps(record, indent=2, ensure_ascii=False, default=_number) + "\n")


def _number(value: object) -> float:
    return float(str(value))


@contextmanager
def progress() -> Iterator[Report]:
    """Show what is going on: a bar on a terminal, plain lines elsewhere."""
    if not err.is_terminal:
        yield _plain_lines()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(what: str, done: float | None) -> None:
            bar.update(task, description=what, total=None if done is None else 1, completed=done or 0)

        yield report


def _plain_lines() -> Report:
    said: set[str] = set()

    def report(what: str, _: float | None) -> None:
        if what not in said:
            said.add(what)
            err.print(f"{what} ...", highlight=False)

    return report
