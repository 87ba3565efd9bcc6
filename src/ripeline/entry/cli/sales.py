"""`ripeline sales`: who leads are handed to, when they work, which team gets which leads; and changes of it."""

from collections.abc import Callable
from typing import Annotated, Any

from cyclopts import App, Parameter

from ripeline.entry.bootstrap.sales import opened_salespeople
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show_sales import show_sales
from ripeline.entry.workspace import find_workspace
from ripeline.handoff.sales_entries import PEOPLE, TEAMS
from ripeline.usecases import change_sales
from ripeline.usecases.change_sales import Entries, SaidOfSales
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.issues import UsageError

sales = App(
    name="sales", help="Show who leads are handed to, who is at work, and which team gets which leads; change it."
)
By = Annotated[str, Parameter(help="Who says so.")]
GivenBack = Annotated[
    tuple[str, ...], Parameter(help="A field that is as the file has it again; may be repeated.", negative=())
]


@sales.default
def show(
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
    """Show salespeople and who is at work, teams, and which leads go to which; who is absent, and what they leave."""
    with opened_salespeople(find_workspace(workspace)) as people:
        found = people.now()
        at_us = now_us() if at is None else instant_of_text(at, found.hours.zone)
        record = people.record(at_us)
    if format == "json":
        print_json(record)
    else:
        show_sales(out, found, record, at_us)


@sales.command(name="set")
def set_person(
    name: str,
    *,
    workspace: WorkspaceOption,
    mail: Annotated[str | None, Parameter(help="Where they are written to; a new person needs it.")] = None,
    label: Annotated[str | None, Parameter(help="What they are called.")] = None,
    weight: Annotated[int | None, Parameter(help="How many leads they get in turn where others get one.")] = None,
    capacity: Annotated[int | None, Parameter(help="The most handoffs for one of their working days.")] = None,
    timezone: Annotated[str | None, Parameter(help="Whose clocks their hours are read by: Europe/Berlin.")] = None,
    hours: Annotated[str | None, Parameter(help='When they work: "Mon-Fri 09:00-17:00".')] = None,
    holiday: Annotated[
        tuple[str, ...], Parameter(help="A day on which they do not work; may be repeated.", negative=())
    ] = (),
    team: Annotated[
        tuple[str, ...], Parameter(help="A team they are a member of, and of no other; may be repeated.", negative=())
    ] = (),
    give_back: GivenBack = (),
    by: By = "command",
    format: Format = "text",
) -> None:
    """Say something of a salesperson, who is new where there is nobody of that name. It goes before ripeline.toml.

    Parameters
    ----------
    name
        Their name: a to z, 0 to 9 and _.
    """
    fields = _said(mail=mail, label=label, weight=weight, capacity=capacity, timezone=timezone, hours=hours)
    fields |= _said(holidays=list(holiday) or None, teams=list(team) or None) | dict.fromkeys(give_back)
    _change(workspace, by, format, lambda said: change_sales.set_person(said, name, _some(fields)))


@sales.command
def remove(name: str, *, workspace: WorkspaceOption, by: By = "command", format: Format = "text") -> None:
    """Remove a salesperson, also where ripeline.toml has them; `set` with a mail brings them back.

    What they are to answer goes to somebody else; what they work stays theirs until it is reassigned.

    Parameters
    ----------
    name
        Their name.
    """
    _change(workspace, by, format, lambda said: change_sales.remove(said, PEOPLE, name))


@sales.command
def absent(
    name: str,
    first: str,
    last: str | None = None,
    *,
    workspace: WorkspaceOption,
    by: By = "command",
    format: Format = "text",
) -> None:
    """Say that a salesperson is absent; what they are to answer then goes to somebody else.

    Parameters
    ----------
    name
        Their name.
    first
        The first day: 2026-12-24.
    last
        The last day. Default: that day alone.
    """
    _change(workspace, by, format, lambda said: change_sales.absent(said, name, first, last))


@sales.command
def back(
    name: str,
    first: str | None = None,
    last: str | None = None,
    *,
    workspace: WorkspaceOption,
    by: By = "command",
    format: Format = "text",
) -> None:
    """Say that a salesperson is here on days on which they were to be absent.

    Parameters
    ----------
    name
        Their name.
    first
        The first of these days. Default: from today on, until the end of the absence they are in.
    last
        The last of them. Default: that day alone.
    """
    at_us = now_us()
    _change(workspace, by, format, lambda said: change_sales.back(said, name, (first, last), at_us))


@sales.command
def set_team(
    name: str,
    *,
    workspace: WorkspaceOption,
    member: Annotated[tuple[str, ...], Parameter(help="A member, in their order; may be repeated.", negative=())] = (),
    manager: Annotated[str | None, Parameter(help="Who is told when a promise is broken.")] = None,
    give_back: GivenBack = (),
    by: By = "command",
    format: Format = "text",
) -> None:
    """Say who is in a team, which is new where there is none of that name. It goes before ripeline.toml.

    Parameters
    ----------
    name
        The team's name: a to z, 0 to 9 and _.
    """
    fields = _said(members=list(member) or None, manager=manager) | dict.fromkeys(give_back)
    _change(workspace, by, format, lambda said: change_sales.set_team(said, name, _some(fields)))


@sales.command
def remove_team(name: str, *, workspace: WorkspaceOption, by: By = "command", format: Format = "text") -> None:
    """Remove a team, also where ripeline.toml has it.

    Parameters
    ----------
    name
        The team's name.
    """
    _change(workspace, by, format, lambda said: change_sales.remove(said, TEAMS, name))


def _said(**fields: object) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _some(fields: dict[str, Any]) -> dict[str, Any]:
    if not fields:
        raise UsageError("say what is to change, such as --weight 2; --help tells everything")
    return fields


def _change(workspace: WorkspaceOption, by: str, format: Format, decide: Callable[[SaidOfSales], Entries]) -> None:
    at_us = now_us()
    with opened_salespeople(find_workspace(workspace)) as people:
        found = people.change(decide, by, at_us)
        record = people.record(at_us)
    if format == "json":
        print_json(record)
    else:
        show_sales(out, found, record, at_us)
