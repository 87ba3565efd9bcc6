"""`ripeline doctor`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from ripeline.entry.bootstrap.doctor import examined_workspace, tidy
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json, progress
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.doctor import Findings, doctor_record, examine, has_errors
from ripeline.usecases.doctor.case import Finding

TIDY = Annotated[
    bool,
    Parameter(name="--tidy", help="First remove what killed imports left in history over a day ago.", negative=()),
]


def doctor(
    *,
    workspace: WorkspaceOption,
    thorough: Annotated[
        bool, Parameter(help="Read every row of history, and compare all ids, not a sample.", negative=())
    ] = False,
    tidy_up: TIDY = False,
    format: Format = "text",
) -> int:
    """Look at a workspace, and say what is wrong, where, and what to do; also while its server runs.

    It ends with 1 where something is wrong, with 0 where all is fine or there are warnings alone. It changes nothing, unless
    told to tidy.
    """
    found = find_workspace(workspace)
    removed = tidy(found, now_us()) if tidy_up else []
    with progress() as report, examined_workspace(found) as examined:
        findings = examine(examined, now_us(), report, thorough=thorough)
    if format == "json":
        print_json({**doctor_record(str(workspace), findings), "removed": [file.path for file in removed]})
    else:
        if tidy_up:
            out.print(f"Removed {len(removed):,} leftover files, {sum(file.bytes for file in removed):,} bytes.")
        _show(workspace, findings)
    return 1 if has_errors(findings) else 0


def _show(workspace: Path, findings: Findings) -> None:
    for name, found in findings.items():
        if found is None:
            out.print(f"[dim]-[/] {name}: not looked at, because of what is wrong above", highlight=False)
        elif not found:
            out.print(f"[green]ok[/] {name}", highlight=False)
        for finding in found or ():
            _show_finding(name, finding)
    if not any(findings.values()):
        out.print(f"{escape(str(workspace))} is fine.", highlight=False, soft_wrap=True)


def _show_finding(name: str, finding: Finding) -> None:
    colour = "red" if finding.severity == "error" else "yellow"
    told = f"{name}: {escape(finding.where)}: {escape(finding.message)}"
    out.print(f"[{colour}]{finding.severity}[/] {told}", highlight=False, soft_wrap=True)
    out.print(f"    [dim]do:[/] {escape(finding.advice)}", highlight=False, soft_wrap=True)
