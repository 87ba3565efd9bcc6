"""`ripeline outcome`: a lead was won or lost."""

from typing import Annotated, Literal

from cyclopts import Parameter
from rich.markup import escape

from ripeline.entry.bootstrap.book import opened_server_book
from ripeline.entry.bootstrap.live import opened_history
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.score import plan_of
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.outcomes import OutcomeTold, outcomes_of, outcomes_record


def outcome(
    lead: str,
    what: Literal["won", "lost"],
    *,
    workspace: WorkspaceOption,
    at: Annotated[str | None, Parameter(help="When that was: a date or a time. Default: now.")] = None,
    format: Format = "text",
) -> None:
    """Say that a lead was won or lost. Saying the same again changes nothing.

    Parameters
    ----------
    lead
        Any of the lead's identifiers, or its e-mail address.
    what
        won or lost.
    """
    found, at_us = find_workspace(workspace), now_us()
    zone = plan_of(found, None).zone
    with opened_history(found) as history:
        outcomes = outcomes_of(history, [OutcomeTold(lead, what, at)], zone, at_us)
    with opened_server_book(found) as book:
        record = outcomes_record(outcomes, book.tell_outcomes(outcomes, at_us))
    if format == "json":
        print_json(record)
        return
    (told,) = record["outcomes"]
    time, position = told["time"][:19].replace("T", " "), record["position"]
    out.print(
        f"{escape(told['lead'])} was {what} at {time} UTC; noted at position {position}.",
        highlight=False,
        soft_wrap=True,
    )
