"""`ripeline sales`: who leads are handed to, when they work, and which team gets which leads."""

from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.sales import sales_of
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show_sales import show_sales
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.moments import instant_of_text
from ripeline.usecases.salespeople import sales_record


def sales(
    *,
    workspace: WorkspaceOption,
    at: Annotated[
        str | None,
        Parameter(
            help="The moment at which people work or not: a time, or a date (its last microsecond). Default: now."
        ),
    ] = None,
    format: Format = "text",
) -> None:
    """Show salespeople and who is at work, teams, and which leads go to which, as ripeline.toml has them."""
    found = sales_of(find_workspace(workspace))
    at_us = now_us() if at is None else instant_of_text(at, found.hours.zone)
    if format == "json":
        print_json(sales_record(found, at_us))
    else:
        show_sales(out, found, at_us)
