"""`ripeline shadow`: our MQLs beside those of the company's CRM."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.reports import live_plan, read_mqls, shadow_of
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show_shadow import show_shadow
from ripeline.entry.workspace import DEFAULT_NAME, find_workspace


def shadow(
    file: Path,
    *,
    workspace: WorkspaceOption,
    lead: Annotated[str, Parameter(help="The column of the lead: any of its identifiers.")] = "lead",
    time: Annotated[str, Parameter(help="The column of when the CRM called it MQL.")] = "time",
    accepted: Annotated[
        str | None, Parameter(help="The column that says whether sales accepted it: yes, no, or nothing.")
    ] = None,
    definition: Annotated[str, Parameter(help="A definition's name in the workspace.")] = DEFAULT_NAME,
    format: Format = "text",
) -> None:
    """Compare our MQLs with those that the company's CRM called MQL: who was earlier, and what became of them.

    Nothing is stored.

    Parameters
    ----------
    file
        A list of the CRM's MQLs with when they were called so: CSV, Parquet or JSON Lines.
    """
    found, at_us = find_workspace(workspace), now_us()
    plan = live_plan(found, definition)
    with opened_store(found) as store:
        told, refused = read_mqls(store, file, lead, time, accepted)
        record = shadow_of(store, plan, told, at_us, refused)
    if format == "json":
        print_json(record)
    else:
        show_shadow(out, record, plan.zone)
