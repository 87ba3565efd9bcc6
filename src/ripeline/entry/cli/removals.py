"""`ripeline removals`: who is proposed for removal, who is removed, and who is kept."""

import csv
from typing import Annotated, Literal

from cyclopts import Parameter

from ripeline.entry.bootstrap import removal_desk as desk
from ripeline.entry.bootstrap.definitions import plan_named
from ripeline.entry.bootstrap.erase import finish, holding_backups
from ripeline.entry.bootstrap.remove import Removed, opened_lifecycle
from ripeline.entry.bootstrap.remove import confirm as confirm_leads
from ripeline.entry.cli.confirm import Yes, confirmed
from ripeline.entry.cli.options import COUNT, WHOLE, Format, WorkspaceOption, now_us, out, print_json, progress
from ripeline.entry.cli.show import counted
from ripeline.entry.cli.show_removals import show_hold, show_holds, show_removals, show_removed, show_why
from ripeline.entry.workspace import DEFAULT_NAME, Workspace, find_workspace
from ripeline.ports.scores import Progress
from ripeline.usecases.removal_record import COLUMNS, Record, removal_cells, removals_asked, removed_record
from ripeline.vocabulary.changes import BY_COMMAND
from ripeline.vocabulary.issues import UsageError

By = Annotated[str, Parameter(help="Who says so.")]


def list_removals(
    *,
    workspace: WorkspaceOption,
    definition: Annotated[str, Parameter(help="By which definition points are shown.")] = DEFAULT_NAME,
    limit: Annotated[int, COUNT, Parameter(help="How many, at most 1,000: who was proposed first comes first.")] = 50,
    offset: Annotated[int, WHOLE, Parameter(help="How many to pass over.")] = 0,
    format: Annotated[Literal["text", "json", "csv"], Parameter(help="How the answer is written.")] = "text",
) -> None:
    """List who is proposed for removal: since when they are to be removed, and when that is done by itself."""
    asked = removals_asked({"limit": str(limit), "offset": str(offset)})
    with opened_lifecycle(find_workspace(workspace)) as (lifecycle, history):
        check = lifecycle.removals.check
        plan_named(check.plans, definition)
        history.advance()
        record = desk.page(check, history.store, definition, asked, now_us())
    if format == "json":
        print_json(record)
    elif format == "csv":
        writer = csv.writer(out.file)
        writer.writerows([COLUMNS, *map(removal_cells, record["leads"])])
    else:
        show_removals(out, record, offset)


def find(*, workspace: WorkspaceOption, format: Format = "text") -> None:
    """Look for who is to be removed, where no server runs; where removal is automatic, remove who is due."""
    found = find_workspace(workspace)
    with progress() as report:
        total, removed = desk.find(found, now_us, report)
        record = _finished(found, removed, report)
    if format == "json":
        print_json({"total": total, **record})
        return
    out.print(f"{counted(total, 'lead')} on the removal list.", highlight=False)
    if record["removed"]:
        show_removed(out, record)


def confirm(
    *leads: str,
    workspace: WorkspaceOption,
    all: Annotated[bool, Parameter(help="Everybody who is on the list.", negative=())] = False,
    yes: Yes = False,
    format: Format = "text",
) -> None:
    """Remove leads of the list for good, with everything that is stored of them; all of these, or nobody.

    Each is looked at once more. Whoever comes back later is a new lead. Backups still hold them.

    Parameters
    ----------
    leads
        Leads of the list, by any of their identifiers, or their e-mail addresses.
    """
    if all == bool(leads):
        raise UsageError("say which leads are to be removed, or --all")
    found = find_workspace(workspace)
    what = "everybody who is on the removal list" if all else counted(len(leads), "lead")
    if not confirmed(f"Remove {what} for good?", yes=yes):
        out.print("Nothing was changed.")
        return
    with progress() as report:
        record = _finished(found, confirm_leads(found, None if all else leads, now_us, report), report)
    if format == "json":
        print_json(record)
    else:
        show_removed(out, record)


def hold(
    lead: str,
    *,
    workspace: WorkspaceOption,
    reason: Annotated[str, Parameter(help="Why; it is kept until the hold is lifted.")],
    by: By = "command",
    format: Format = "text",
) -> None:
    """Keep a lead from being removed, whatever its scores, until that is lifted.

    Parameters
    ----------
    lead
        Any of the lead's identifiers, or its e-mail address.
    """
    with desk.opened_holds(find_workspace(workspace)) as (board, store):
        record = desk.hold(board, store, lead, reason, by, now_us())
    if format == "json":
        print_json(record)
    else:
        show_hold(out, record, "is on hold")


def lift(lead: str, *, workspace: WorkspaceOption, format: Format = "text") -> None:
    """Let a lead be removed again that was on hold, where its scores say so.

    Parameters
    ----------
    lead
        Any of the lead's identifiers, or its e-mail address.
    """
    with desk.opened_holds(find_workspace(workspace)) as (board, store):
        record = desk.lift(board, store, lead, BY_COMMAND, now_us())
    if format == "json":
        print_json(record)
    else:
        show_hold(out, record, "is on hold no more")


def holds(*, workspace: WorkspaceOption, format: Format = "text") -> None:
    """List who is on hold, the oldest first."""
    with desk.opened_holds(find_workspace(workspace)) as (board, _):
        record = desk.holds(board)
    if format == "json":
        print_json(record)
    else:
        show_holds(out, record)


def why(lead: str, *, workspace: WorkspaceOption, format: Format = "text") -> None:
    """Tell whether a lead is on the removal list, and what keeps it off.

    Parameters
    ----------
    lead
        Any of the lead's identifiers, or its e-mail address.
    """
    with opened_lifecycle(find_workspace(workspace)) as (lifecycle, history):
        history.advance()
        record = desk.why(lifecycle.removals.check, history.store, lead, now_us())
    if format == "json":
        print_json(record)
    else:
        show_why(out, record)


def _finished(workspace: Workspace, removed: Removed, report: Progress) -> Record:
    gone = removed.erasure is None or finish(workspace, report)
    backups = [] if removed.erasure is None else holding_backups(workspace)
    return removed_record([one.lead for one in removed.people], removed.erasure, backups, gone=gone)
