"""`ripeline backup`."""

from pathlib import Path

from rich.markup import escape

from ripeline.entry.bootstrap.backups import back_up
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json, progress
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.backup import backup_record


def backup(file: Path, *, workspace: WorkspaceOption, format: Format = "text") -> None:
    """Write a backup of a workspace to one new file, also while its server runs.

    It holds the workspace as it was at one moment: the book with keys, tokens and what was accepted, history, definitions,
    settings, refused rows. What it wrote is read back and compared. Its owner alone may read it.

    Parameters
    ----------
    file
        The file to write, such as acme.tar.
    """
    with progress() as report:
        contents = back_up(find_workspace(workspace), file, now_us(), report)
    if format == "json":
        print_json(backup_record(str(file), contents))
        return
    out.print(
        f"Backup [bold]{escape(str(file))}[/]: everything up to position {contents.position:,}, "
        f"{len(contents.files):,} files, {sum(one.bytes for one in contents.files):,} bytes.",
        highlight=False,
        soft_wrap=True,
    )
