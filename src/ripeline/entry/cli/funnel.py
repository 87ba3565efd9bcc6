"""`ripeline funnel`: how far MQLs come."""

from typing import Annotated, Literal

from cyclopts import Parameter

from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.reports import FunnelAsked, funnels_of, live_plan
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show_funnel import show_funnel
from ripeline.entry.workspace import DEFAULT_NAME, find_workspace
from ripeline.usecases.funnel import USUAL_DAYS, USUALLY_WITHIN, days_asked
from ripeline.usecases.sla import period_asked


def funnel(
    *,
    workspace: WorkspaceOption,
    by: Annotated[Literal["week", "month"], Parameter(help="What cohorts are made by.")] = "month",
    within: Annotated[str, Parameter(help="How many days everybody is given.")] = USUALLY_WITHIN,
    apart: Annotated[
        Literal["channel", "campaign", "definition"] | None,
        Parameter(
            help="What MQLs are told apart by beside: how, or by which campaign, they first came; or the version of the definition."
        ),
    ] = None,
    from_: Annotated[
        str | None, Parameter(name="--from", help="A day of the first cohort. Default: a year before the last.")
    ] = None,
    to: Annotated[str | None, Parameter(name="--to", help="A day of the last cohort. Default: now.")] = None,
    definition: Annotated[str, Parameter(help="A definition's name in the workspace.")] = DEFAULT_NAME,
    format: Format = "text",
) -> None:
    """Show how far MQLs come, by the week or month in which they first were ones.

    Everybody is given equally many days, so that young cohorts do not look worse than old ones.
    """
    found, at_us, days = find_workspace(workspace), now_us(), days_asked(within)
    plan = live_plan(found, definition)
    period = period_asked(from_, to, plan.zone, at_us, USUAL_DAYS)
    with opened_store(found) as store:
        (record,) = funnels_of(store, plan, FunnelAsked(by, days, apart), [period], at_us)
    if format == "json":
        print_json(record)
    else:
        show_funnel(out, record)
