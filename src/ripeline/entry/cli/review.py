"""`ripeline review`: the regular look at a definition in use."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.review import reviewed
from ripeline.entry.cli.files import must_have_folder, write_reports
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json, progress
from ripeline.entry.cli.show_review import show_review
from ripeline.entry.workspace import DEFAULT_NAME, find_workspace
from ripeline.usecases.report.review_page import review_page


def review(
    *,
    workspace: WorkspaceOption,
    definition: Annotated[str, Parameter(help="A definition's name in the workspace.")] = DEFAULT_NAME,
    since: Annotated[
        str | None,
        Parameter(help='When "then" is: a date or a time. Default: when it was published; else 30 days before.'),
    ] = None,
    as_of: Annotated[str | None, Parameter(help='When "now" is: a date or a time. Default: now.')] = None,
    format: Format = "text",
    report: Annotated[Path | None, Parameter(help="Write it as a page to this file, with charts.")] = None,
    json: Annotated[Path | None, Parameter(help="Write it as JSON to this file.")] = None,
) -> None:
    """Look at a definition in use: what changed since it was published, and what might be done.

    Whether leads are still those it was made for, whether chances come true, what sales makes of each rule, and what
    the reasons for which sales sends leads back say; with proposals. It changes nothing in the workspace.
    """
    for file in (report, json):
        must_have_folder(file)
    found = find_workspace(workspace)
    with progress() as watching:
        record = reviewed(found, definition, since, as_of, now_us(), watching)
    write_reports(record, review_page, report, json)
    if format == "json":
        print_json(record)
    else:
        show_review(out, record)
