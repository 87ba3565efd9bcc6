"""`ripeline publish`."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.book import opened_server_book
from ripeline.entry.bootstrap.definitions import (
    must_be_definition,
    preview_version,
    publish_version,
    read_version,
    version_before,
)
from ripeline.entry.cli.confirm import Yes, confirmed
from ripeline.entry.cli.options import WHOLE, Format, WorkspaceOption, err, now_us, out, print_json, progress
from ripeline.entry.cli.preview import show_preview
from ripeline.entry.workspace import DEFAULT_NAME, Workspace, find_workspace, text_of
from ripeline.plan.nodes import Plan
from ripeline.ports.definitions import Published
from ripeline.usecases.publish import is_live, publish_record
from ripeline.vocabulary.issues import UsageError

Comment = Annotated[str, Parameter(help="Why; it is listed with the version.")]


def publish(
    new: Path | None = None,
    *,
    workspace: WorkspaceOption,
    definition: Annotated[str, Parameter(help="The definition's name in the workspace.")] = DEFAULT_NAME,
    comment: Comment = "",
    release: Annotated[
        int | None,
        WHOLE,
        Parameter(help="How many of the handoffs that are held back leave a day from now on; 0 for none."),
    ] = None,
    yes: Yes = False,
    format: Format = "text",
) -> None:
    """Make a definition live: show who would move, ask, and have a running server switch to it.

    Nothing is stopped for it. The new text takes the place of the workspace's own file.

    Parameters
    ----------
    new
        The file of the new definition; without it the workspace's own file as it is now.
    """
    must_be_answered(format, yes=yes)
    found = find_workspace(workspace)
    must_be_definition(found, definition)
    file = new or found.own_file(definition)
    version, plan = read_version(definition, text_of(file), now_us(), comment=comment, file=str(file))
    done = publish_after_preview(found, version, plan, yes=yes, format=format)
    if done and release is not None:
        with opened_server_book(found) as book:
            book.release(definition, release, "command", now_us())


def must_be_answered(format: str, *, yes: bool) -> None:
    """Raise UsageError where nobody can be asked and nobody said yes before."""
    if not yes and format == "json":
        raise UsageError("--format json asks nothing: say --yes to publish, or use ripeline preview to look alone")
    if not yes and not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask at: say --yes to publish, or use ripeline preview to look alone")


def publish_after_preview(workspace: Workspace, new: Published, plan: Plan, *, yes: bool, format: str) -> bool:
    """Show what a version would change, ask, and publish it; where it is live already nothing is done.

    Say whether it is live.
    """
    before = version_before(workspace, new)
    if before is not None and is_live(new, before):
        _tell(publish_record(before, before), format, f"{plan.version} is live already; nothing is changed.")
        return True
    result = None
    if before is not None:
        with progress() as report:
            result = preview_version(workspace, before, plan, now_us(), report)
    if format == "text" and result is not None:
        show_preview(out, result)
    if not confirmed(f"Publish {plan.version}?", yes=yes):
        err.print("Nothing is changed.")
        return False
    done = publish_version(workspace, new, before)
    told = f"{plan.version} is live; a running server scores everybody by it and then switches."
    _tell(publish_record(done, before, result), format, told)
    return True


def _tell(record: dict[str, object], format: str, sentence: str) -> None:
    if format == "json":
        print_json(record)
    else:
        out.print(sentence, markup=False, highlight=False, soft_wrap=True)
