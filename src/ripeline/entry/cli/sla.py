"""`ripeline sla`: how sales answers what it is handed."""

from collections.abc import Mapping
from typing import Annotated, Literal

from cyclopts import Parameter

from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.reports import channels_of, leads_given, sla_of
from ripeline.entry.bootstrap.sales import opened_salespeople
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show_sla import show_sla
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.sla import period_asked
from ripeline.vocabulary.people import Name

From = Annotated[
    str | None, Parameter(name="--from", help="The first day, or a time. Default: 29 days before the last.")
]
To = Annotated[str | None, Parameter(name="--to", help="The last day, or a time. Default: now.")]


def sla(
    *,
    workspace: WorkspaceOption,
    by: Annotated[
        Literal["owner", "team", "definition", "way", "signal", "channel", "reason"],
        Parameter(
            help="What handoffs are told apart by; way: asked to talk to sales, or by the matrix; channel: by which the lead first came."
        ),
    ] = "owner",
    from_: From = None,
    to: To = None,
    format: Format = "text",
) -> None:
    """Show how sales answers: how much is accepted, why not, how soon, and how often as promised.

    It tells of handoffs that were first given to somebody between two days, as they stand now.
    """
    found = find_workspace(workspace)
    with opened_salespeople(found) as people:
        sales, at_us = people.now(), now_us()
    period = period_asked(from_, to, sales.hours.zone, at_us)
    channels: Mapping[Name, str] = {}
    if by == "channel":
        with opened_store(found) as store:
            channels = channels_of(store, leads_given(found, period), at_us)
    record = sla_of(found, sales, by, period, at_us, channels)
    if format == "json":
        print_json(record)
    else:
        show_sla(out, record, period, sales.hours.zone)
