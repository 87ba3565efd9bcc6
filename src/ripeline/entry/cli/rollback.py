"""`ripeline rollback`."""

from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.definitions import all_versions, must_be_definition, read_version
from ripeline.entry.cli.confirm import Yes
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us
from ripeline.entry.cli.publish import Comment, must_be_answered, publish_after_preview
from ripeline.entry.workspace import DEFAULT_NAME, find_workspace
from ripeline.usecases.publish import rolled_back


def rollback(
    name: str = DEFAULT_NAME,
    *,
    workspace: WorkspaceOption,
    to: Annotated[
        str | None, Parameter(help="The fingerprint to go back to; default: what was live before the present version.")
    ] = None,
    comment: Comment = "",
    yes: Yes = False,
    format: Format = "text",
) -> None:
    """Make an earlier version of a definition live again: show who would move, ask, and publish it.

    Rolling back twice is back where you began. `ripeline definitions` lists the versions.

    Parameters
    ----------
    name
        The definition's name in the workspace.
    """
    must_be_answered(format, yes=yes)
    found = find_workspace(workspace)
    must_be_definition(found, name)
    earlier = rolled_back(all_versions(found, name), to)
    said = comment or f"rolled back to {earlier.fingerprint}"
    version, plan = read_version(name, earlier.text, now_us(), comment=said)
    publish_after_preview(found, version, plan, yes=yes, format=format)
