"""`ripeline handoffs`: what sales has to answer, and its answers; `ripeline route`: who would get a lead."""

from dataclasses import replace
from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.book import opened_server_book
from ripeline.entry.bootstrap.definitions import signal_labels
from ripeline.entry.bootstrap.desk import opened_desk
from ripeline.entry.cli.options import COUNT, WHOLE, AsOf, Format, Number, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show_handoffs import show_handoff, show_handoffs, show_route
from ripeline.entry.cli.stages import names_of
from ripeline.entry.workspace import DEFAULT_NAME, Workspace, find_workspace
from ripeline.usecases.answer import Rights
from ripeline.usecases.handoffs_asked import handoffs_asked
from ripeline.usecases.lead_record import handoff_record
from ripeline.usecases.moments import instant_of_text
from ripeline.usecases.said import Said, routed_record, words_of
from ripeline.vocabulary.calendar import UTC_ZONE
from ripeline.vocabulary.handoffs import ACCEPTED, HELD, OPEN, WAITING
from ripeline.vocabulary.issues import InputError

By = Annotated[str | None, Parameter(help="Who says so. Default: the salesperson who has it.")]
Comment = Annotated[str | None, Parameter(help="More about it, in words.")]


def list_handoffs(
    *,
    workspace: WorkspaceOption,
    state: Annotated[
        str, Parameter(help="Those in this state, several with commas between, or all.")
    ] = "open,waiting,accepted",
    owner: Annotated[str | None, Parameter(help="Only what this person has.")] = None,
    lead: Annotated[str | None, Parameter(help="Only those of this lead, by any identifier.")] = None,
    definition: Annotated[str | None, Parameter(help="Only of this definition, by its name in the workspace.")] = None,
    limit: Annotated[int, COUNT, Parameter(help="How many: what is due first comes first.")] = 50,
    offset: Annotated[int, WHOLE, Parameter(help="How many to pass over.")] = 0,
    as_of: AsOf = None,
    format: Format = "text",
) -> None:
    """List handoffs: what is to be answered, and who works what. --as-of: from when on the time left is told."""
    chosen = {"state": None if state == "all" else state, "owner": owner, "lead": lead, "definition": definition}
    pages = {"limit": str(limit), "offset": str(offset)}
    asked = handoffs_asked(pages | {name: told for name, told in chosen.items() if told})
    where = find_workspace(workspace)
    names = names_of(where, asked.lead)
    with opened_server_book(where) as book:
        total, found = book.handoffs(asked, names)
        held, _ = book.handoffs(replace(asked, states=(HELD,)), names)
    if format == "json":
        print_json({"total": total, "handoffs": [handoff_record(one) for one in found]})
    else:
        at_us = now_us() if as_of is None else instant_of_text(as_of, UTC_ZONE)
        to_answer = {*asked.states} <= {OPEN, WAITING, ACCEPTED}
        labels = signal_labels(where) if any(one.hand_raise for one in found) else {}
        show_handoffs(out, total, found, at_us, labels, held if asked.states and to_answer and not total else 0)


def show(number: Number, *, workspace: WorkspaceOption, format: Format = "text") -> None:
    """Show one handoff with everything that happened to it.

    Parameters
    ----------
    number
        Its number, as `ripeline handoffs list` shows it.
    """
    where = find_workspace(workspace)
    with opened_server_book(where) as book:
        one, steps = book.handoff(number)
    if one is None:
        raise InputError(f"there is no handoff {number}; list them with: ripeline handoffs list")
    _tell(where, handoff_record(one, steps), format)


def accept(number: Number, *, workspace: WorkspaceOption, by: By = None, format: Format = "text") -> None:
    """Take a lead on: somebody works it from now on.

    Parameters
    ----------
    number
        The handoff's number.
    """
    _say(workspace, number, Said("accept"), by, format)


def touch(
    number: Number, *, workspace: WorkspaceOption, by: By = None, comment: Comment = None, format: Format = "text"
) -> None:
    """Say that somebody was in touch with the lead.

    Parameters
    ----------
    number
        The handoff's number.
    """
    _say(workspace, number, Said("touch", comment=comment), by, format)


def reject(
    number: Number,
    *,
    workspace: WorkspaceOption,
    reason: Annotated[str, Parameter(help="Why: one of the definition's reasons.")],
    by: By = None,
    comment: Comment = None,
    format: Format = "text",
) -> None:
    """Send a lead back with a reason; it cools down.

    Parameters
    ----------
    number
        The handoff's number.
    """
    _say(workspace, number, Said("reject", reason, comment), by, format)


def recycle(
    number: Number,
    *,
    workspace: WorkspaceOption,
    until: Annotated[str, Parameter(help="The first day on which it may come again.")],
    reason: Annotated[str | None, Parameter(help="Why, in words.")] = None,
    by: By = None,
    comment: Comment = None,
    format: Format = "text",
) -> None:
    """Send a lead back until a day.

    Parameters
    ----------
    number
        The handoff's number.
    """
    _say(workspace, number, Said("recycle", reason, comment, until), by, format)


def disqualify(
    number: Number,
    *,
    workspace: WorkspaceOption,
    reason: Annotated[str, Parameter(help="Why, in words.")],
    by: By = None,
    comment: Comment = None,
    format: Format = "text",
) -> None:
    """Say that a lead will never be a customer; it is never handed over again.

    Parameters
    ----------
    number
        The handoff's number.
    """
    _say(workspace, number, Said("disqualify", reason, comment), by, format)


def qualify(
    number: Number,
    *,
    workspace: WorkspaceOption,
    budget: Annotated[str, Parameter(help="What they can spend.")],
    need: Annotated[str, Parameter(help="What they need.")],
    fit: Annotated[str, Parameter(help="Whether what we have is what they need.")],
    timing: Annotated[str, Parameter(help="When they want it.")],
    by: By = None,
    format: Format = "text",
) -> None:
    """Say that budget, need, fit and timing are known: the lead is sales qualified.

    Parameters
    ----------
    number
        The handoff's number.
    """
    _say(workspace, number, Said("qualify", budget=budget, need=need, fit=fit, timing=timing), by, format)


def won(
    number: Number, *, workspace: WorkspaceOption, by: By = None, comment: Comment = None, format: Format = "text"
) -> None:
    """Say that a deal was won.

    Parameters
    ----------
    number
        The handoff's number.
    """
    _say(workspace, number, Said("won", comment=comment), by, format)


def lost(
    number: Number,
    *,
    workspace: WorkspaceOption,
    reason: Annotated[str, Parameter(help="Why, in words.")],
    competitor: Annotated[str | None, Parameter(help="To whom.")] = None,
    by: By = None,
    comment: Comment = None,
    format: Format = "text",
) -> None:
    """Say that a deal was lost, and why.

    Parameters
    ----------
    number
        The handoff's number.
    """
    _say(workspace, number, Said("lost", reason, comment, competitor=competitor), by, format)


def reassign(
    number: Number,
    *,
    workspace: WorkspaceOption,
    to: Annotated[str | None, Parameter(help="To whom. Default: to whom it is routed.")] = None,
    by: By = None,
    format: Format = "text",
) -> None:
    """Give a handoff to somebody else; their clock starts anew.

    Parameters
    ----------
    number
        The handoff's number.
    """
    _say(workspace, number, Said("reassign", to=to), by, format)


def route(
    lead: str,
    *,
    workspace: WorkspaceOption,
    definition: Annotated[str, Parameter(help="A definition's name in the workspace.")] = DEFAULT_NAME,
    format: Format = "text",
) -> None:
    """Show who would get a lead if it were handed over now, and why; nothing is given.

    Parameters
    ----------
    lead
        Any of the lead's identifiers, or its e-mail address.
    """
    with opened_desk(find_workspace(workspace)) as (desk, store):
        record = routed_record(*desk.would_go_to(store, lead, definition, now_us()))
    if format == "json":
        print_json(record)
    else:
        show_route(out, record)


def _say(workspace: WorkspaceOption, number: int, said: Said, by: str | None, format: Format) -> None:
    where = find_workspace(workspace)
    with opened_desk(where) as (desk, store):
        rights = Rights(words_of("--by", by) or desk.owner_of(number) or "command")
        record = desk.says(store, number, said, rights, now_us())
    _tell(where, record, format)


def _tell(where: Workspace, record: dict[str, object], format: Format) -> None:
    if format == "json":
        print_json(record)
    else:
        show_handoff(out, record, signal_labels(where) if record["hand_raise"] else {})
