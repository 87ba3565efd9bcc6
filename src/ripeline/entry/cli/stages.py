"""`ripeline stages`: every move of every lead."""

from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.book import opened_server_book
from ripeline.entry.bootstrap.live import opened_history
from ripeline.entry.cli.options import Format, WorkspaceOption, out, print_json
from ripeline.entry.cli.show_handoffs import show_stages
from ripeline.entry.workspace import Workspace, find_workspace
from ripeline.ports.handoffs import StagesAsked
from ripeline.usecases.lead_record import stage_record
from ripeline.vocabulary.people import Name


def stages(
    lead: str | None = None,
    *,
    workspace: WorkspaceOption,
    after: Annotated[int, Parameter(help="Only lines with a greater number.")] = 0,
    definition: Annotated[str | None, Parameter(help="Only of this definition, by its name in the workspace.")] = None,
    limit: Annotated[int, Parameter(help="How many lines, the oldest first.")] = 100,
    format: Format = "text",
) -> None:
    """Show the log of stages: when leads moved, from where to where, and why.

    Parameters
    ----------
    lead
        Any of a lead's identifiers, or its e-mail address; everybody where none is named.
    """
    found = find_workspace(workspace)
    names = None if lead is None else _names(found, lead)
    with opened_server_book(found) as book:
        lines = book.stage_log(StagesAsked(after, definition, lead, limit), names)
    records = [stage_record(line) for line in lines]
    if format == "json":
        print_json({"stages": records, "next": lines[-1].number if len(lines) == limit else None})
    else:
        show_stages(out, records)


def _names(workspace: Workspace, lead: str) -> list[Name]:
    with opened_history(workspace) as history:
        return history.names(lead)
