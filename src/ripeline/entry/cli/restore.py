"""`ripeline restore`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from ripeline.entry.bootstrap.backups import bring_back
from ripeline.entry.bootstrap.erase import tombstones_of
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json, progress
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.backup import backup_record


def restore(
    file: Path,
    *,
    workspace: WorkspaceOption,
    erased_in: Annotated[
        Path | None,
        Parameter(help="The workspace that the backup was made of: who was erased from it since is left out."),
    ] = None,
    format: Format = "text",
) -> None:
    """Make a workspace from a backup, in a new or empty folder.

    Everything is compared with the backup's list and looked at before the workspace is there; else nothing is left.
    Do not let two servers of copies of one workspace take events for the same keys.

    Parameters
    ----------
    file
        The backup, as `ripeline backup` wrote it.
    """
    erased = None if erased_in is None else tombstones_of(find_workspace(erased_in))
    with progress() as report:
        contents = bring_back(file, workspace, now_us(), report, erased)
    if format == "json":
        print_json({**backup_record(str(file), contents), "workspace": str(workspace)})
        return
    out.print(
        f"Restored [bold]{escape(str(workspace))}[/] as it was at {contents.made_at}, up to position "
        f"{contents.position:,}.",
        highlight=False,
        soft_wrap=True,
    )
    if erased_in is None:
        out.print(
            "Whoever was erased after that is in it again; to leave them out, restore with --erased-in and the workspace "
            "that the backup was made of.",
            highlight=False,
            soft_wrap=True,
        )
    out.print(
        "It sends nothing to the outside, since the workspace that the backup was made of does. Once that sends no more: "
        f"ripeline outbox release -w {escape(str(workspace))}",
        highlight=False,
        soft_wrap=True,
    )
    out.print(f"Next: ripeline serve -w {escape(str(workspace))}", highlight=False, soft_wrap=True)
