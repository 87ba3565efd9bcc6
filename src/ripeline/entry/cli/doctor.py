"""`ripeline doctor`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from ripeline.entry.bootstrap.doctor import examined_workspace, tidy
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json, progress
from ripeline.entry.workspace import find_workspace
from ripeline.ports.workspace import BookState
from ripeline.usecases.doctor import Diagnosis, doctor_record, examine
from ripeline.usecases.doctor.case import Finding
from ripeline.vocabulary.calendar import instant_text

Tidy = Annotated[
    bool,
    Parameter(name="--tidy", help="First remove what killed imports left in history over a day ago.", negative=()),
]


def doctor(
    *,
    workspace: WorkspaceOption,
    thorough: Annotated[
        bool, Parameter(help="Read every row of history, and compare all ids, not a sample.", negative=())
    ] = False,
    tidy_up: Tidy = False,
    format: Format = "text",
) -> int:
    """Look at a workspace, and say what is wrong, where, and what to do; also while its server runs.

    It ends with 1 where something is wrong, with 0 where all is fine or there are warnings alone. It changes nothing, unless
    told to tidy.
    """
    found = find_workspace(workspace)
    removed = tidy(found, now_us()) if tidy_up else []
    with progress() as report, examined_workspace(found) as examined:
        diagnosis = examine(examined, now_us(), report, thorough=thorough)
    if format == "json":
        print_json({**doctor_record(str(workspace), diagnosis), "removed": [file.path for file in removed]})
    else:
        if tidy_up:
            out.print(f"Removed {len(removed):,} leftover files, {sum(file.bytes for file in removed):,} bytes.")
        _show(workspace, diagnosis)
    return 1 if diagnosis.has_errors else 0


def _show(workspace: Path, diagnosis: Diagnosis) -> None:
    for name, found in diagnosis.found.items():
        if found is None:
            out.print(f"[dim]-[/] {name}: not looked at, because of what is wrong above", highlight=False)
        elif not found:
            out.print(f"[green]ok[/] {name}", highlight=False)
        for finding in found or ():
            _show_finding(name, finding)
    if diagnosis.state is not None:
        _show_inbox(diagnosis.state)
    if not diagnosis.findings:
        out.print(f"{escape(str(workspace))} is fine.", highlight=False, soft_wrap=True)


def _show_inbox(state: BookState) -> None:
    oldest = "" if state.oldest_us is None else f", the oldest since {instant_text(state.oldest_us)}"
    out.print(
        f"Positions: {state.accepted:,} accepted, {state.applied:,} applied, {state.cut.position:,} in files; "
        f"{state.waiting:,} requests wait to become files{oldest}.",
        highlight=False,
        soft_wrap=True,
    )


def _show_finding(name: str, finding: Finding) -> None:
    colour = "red" if finding.severity == "error" else "yellow"
    told = f"{name}: {escape(finding.where)}: {escape(finding.message)}"
    out.print(f"[{colour}]{finding.severity}[/] {told}", highlight=False, soft_wrap=True)
    out.print(f"    [dim]do:[/] {escape(finding.advice)}", highlight=False, soft_wrap=True)
