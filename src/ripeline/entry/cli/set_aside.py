"""`ripeline set-aside`: events that people did not do themselves, seen, set aside and restored."""

from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.book import opened_server_book
from ripeline.entry.bootstrap.live import acts_of, opened_store
from ripeline.entry.cli.confirm import Yes, confirmed
from ripeline.entry.cli.options import COUNT, WHOLE, Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show import minute, table
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.set_aside import (
    acts_asked,
    by_patterns,
    choice_record,
    chosen_by_hand,
    judged_record,
    set_aside_record,
)
from ripeline.vocabulary.changes import BY_COMMAND

Ids = Annotated[str, Parameter(help="Ids of events, as `ripeline set-aside list` shows them.")]
Source = Annotated[str | None, Parameter(help="The source whose messages are meant.")]
Message = Annotated[tuple[str, ...], Parameter(help="A messageId of the source; may be repeated.", negative="")]
Lead = Annotated[str | None, Parameter(help="All events of a lead, by any of its identifiers.")]
UserAgent = Annotated[str | None, Parameter(help="Events whose user agent has this in it.")]
Reason = Annotated[str, Parameter(help="Why, in your words.")]


def list_set_aside(
    *,
    workspace: WorkspaceOption,
    limit: Annotated[int, COUNT, Parameter(help="How many, the last judged first.")] = 20,
    offset: Annotated[int, WHOLE, Parameter(help="How many to pass over.")] = 0,
    format: Format = "text",
) -> None:
    """List events that are set aside, each with its reason."""
    with opened_store(find_workspace(workspace)) as store:
        total, found = acts_of(store).set_aside(limit, offset)
    record = set_aside_record(total, found)
    if format == "json":
        print_json(record)
        return
    columns = ("id", "who", "event", "time UTC", "why")
    rows = (
        (one["id"], one["identifier"], one["name"] or one["type"], minute(one["time"]), _why(one))
        for one in record["set_aside"]
    )
    out.print(table(f"Set aside: {total:,}", columns, rows, whole=("id",)) if total else "No event is set aside.")


def add(
    *events: Ids,
    workspace: WorkspaceOption,
    source: Source = None,
    message: Message = (),
    lead: Lead = None,
    user_agent: UserAgent = None,
    reason: Reason,
    yes: Yes = False,
    format: Format = "text",
) -> None:
    """Set events aside: they count nowhere any more, and can be restored. Says how many, then asks."""
    _judge("set_aside", events, source, message, lead, user_agent, workspace, reason=reason, yes=yes, format=format)


def restore(
    *events: Ids,
    workspace: WorkspaceOption,
    source: Source = None,
    message: Message = (),
    lead: Lead = None,
    user_agent: UserAgent = None,
    reason: Reason,
    yes: Yes = False,
    format: Format = "text",
) -> None:
    """Let events count again; no rule sets them aside a second time. Says how many, then asks."""
    _judge("restore", events, source, message, lead, user_agent, workspace, reason=reason, yes=yes, format=format)


def _judge(
    kind: str,
    events: tuple[str, ...],
    source: str | None,
    messages: tuple[str, ...],
    lead: str | None,
    user_agent: str | None,
    workspace: WorkspaceOption,
    *,
    reason: str,
    yes: bool,
    format: Format,
) -> None:
    found, asked = find_workspace(workspace), acts_asked(events, source, messages, lead, user_agent)
    with opened_store(found) as store:
        choice = chosen_by_hand(acts_of(store), asked, kind, reason, now_us())
    does = "set aside" if kind == "set_aside" else "restore"
    if format == "text":
        record = choice_record(choice, None)
        out.print(f"Events: {choice.events:,}, of: {', '.join(record['identifiers'])}", highlight=False, markup=False)
    if not confirmed(f"{does.capitalize()} these?", yes=yes):
        out.print("Nothing was changed.")
        return
    with opened_server_book(found) as book:
        position = book.decide(choice.judgements, BY_COMMAND)
    if format == "json":
        print_json(choice_record(choice, position))
    else:
        out.print(f"Done, at position {position}.", highlight=False)


def judge(*, workspace: WorkspaceOption, format: Format = "text") -> None:
    """Look for patterns in all events there are, imported ones too, as the server does with what comes in."""
    found = find_workspace(workspace)
    with opened_store(found) as store:
        judgements = by_patterns(acts_of(store), found.set_aside, None, now_us())
    position = None
    if judgements:
        with opened_server_book(found) as book:
            position = book.decide(judgements, BY_COMMAND)
    record = judged_record(judgements, position)
    if format == "json":
        print_json(record)
    elif judgements:
        rows = ((reason, f"{events:,}") for reason, events in record["reasons"].items())
        out.print(table("Set aside", ("reason", "events"), rows, right=("events",)))
    else:
        out.print("Nothing to set aside.")


def _why(one: dict[str, str]) -> str:
    return one["reason"] if one["by"] == "rule" else f"{one['reason']} (by hand, {minute(one['judged_at'])})"
