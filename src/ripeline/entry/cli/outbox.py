"""`ripeline outbox`: what was promised to the outside, and what becomes of it."""

import asyncio
from typing import Annotated, Any

from cyclopts import Parameter
from rich.markup import escape

from ripeline.entry.bootstrap.book import opened_server_book
from ripeline.entry.cli.options import COUNT, Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show import counted, minute, table
from ripeline.entry.workspace import find_workspace
from ripeline.handoff.retry import State
from ripeline.usecases.outbox_record import message_record, outbox_record, tested_record
from ripeline.vocabulary.changes import BY_COMMAND
from ripeline.vocabulary.issues import InputError, UsageError

YOUNGEST = 2**63 - 1


def list_outbox(
    *,
    workspace: WorkspaceOption,
    state: Annotated[State | None, Parameter(help="Only messages in this state.")] = None,
    limit: Annotated[int, COUNT, Parameter(help="How many, the youngest first.")] = 20,
    format: Format = "text",
) -> None:
    """List messages to webhooks, chats and mail addresses, each with how it stands."""
    with opened_server_book(find_workspace(workspace)) as book:
        record = outbox_record(book.outbox.promised(state, YOUNGEST, limit + 1), limit)
        counts = book.outbox.counts()
    if format == "json":
        print_json(record)
        return
    for one in record["messages"]:
        _print(one)
    summed = ", ".join(f"{count:,} {named}" for named, count in sorted(counts.items()))
    out.print(summed or "No messages.", highlight=False)


def show(message: str, *, workspace: WorkspaceOption, format: Format = "text") -> None:
    """Show one message with every attempt to deliver it; not what it says, which may hold signed links.

    Parameters
    ----------
    message
        Its id, as `ripeline outbox list` shows it.
    """
    with opened_server_book(find_workspace(workspace)) as book:
        record = message_record(*book.outbox.one(message))
    if format == "json":
        print_json(record)
        return
    facts = ("kind", "destination", "about", "sequence", "type", "made_at", "state", "next_at")
    out.print(table(record["id"], ("", ""), ((name, str(record[name] or "")) for name in facts)))
    rows = ((one["at"], str(one["status"] or ""), one["error"] or "delivered") for one in record["attempts"])
    out.print(table("Attempts", ("at UTC", "answer", "came to"), rows) if record["attempts"] else "Not tried yet.")


def resend(
    message: str | None = None,
    *,
    workspace: WorkspaceOption,
    dead: Annotated[bool, Parameter(help="Everything that was given up.", negative=())] = False,
    destination: Annotated[str | None, Parameter(help="With --dead: only to this webhook, chat or address.")] = None,
    format: Format = "text",
) -> None:
    """Send a message again under its id, or everything that was given up; a running server does it within a second.

    A mail whose arrival is uncertain may then arrive twice.

    Parameters
    ----------
    message
        Its id, as `ripeline outbox list` shows it.
    """
    if (message is None) != dead:
        raise UsageError("say which: a message's id, or --dead for everything that was given up")
    if destination is not None and not dead:
        raise UsageError("--destination goes with --dead")
    with opened_server_book(find_workspace(workspace)) as book:
        count = book.outbox.resend_dead(destination) if message is None else book.outbox.resend(message)
    _tell(count, format)


def give_up(message: str, *, workspace: WorkspaceOption, format: Format = "text") -> None:
    """Try a message no more that is still to be sent; `ripeline outbox resend` takes that back.

    Parameters
    ----------
    message
        Its id, as `ripeline outbox list` shows it.
    """
    with opened_server_book(find_workspace(workspace)) as book:
        book.outbox.give_up(message, BY_COMMAND, now_us())
        record = message_record(*book.outbox.one(message))
    if format == "json":
        print_json(record)
    else:
        out.print(f"{record['id']} is tried no more.", highlight=False)


def release(
    *,
    workspace: WorkspaceOption,
    only_new: Annotated[bool, Parameter(help="What was held back so far stays so.", negative=())] = False,
    format: Format = "text",
) -> None:
    """Let a workspace that was restored from a backup send, and send what was held back.

    Make sure before that the workspace it was restored from sends no more, or what waited there goes out twice.
    """
    with opened_server_book(find_workspace(workspace)) as book:
        count = book.outbox.release(held_too=not only_new)
    _tell(count, format)


def test(name: str, *, workspace: WorkspaceOption, format: Format = "text") -> None:
    """Send a test message now, and say what was answered.

    Parameters
    ----------
    name
        A webhook or a chat of ripeline.toml, or a mail address.
    """
    from ripeline.entry.bootstrap.sending import send_test  # noqa: PLC0415 - clients of HTTP and SMTP take long to load

    record = tested_record(*asyncio.run(send_test(find_workspace(workspace).outbox, name, now_us())))
    if format == "json":
        print_json(record)
    if record["outcome"] != "delivered":
        raise InputError(f"{name}: {record['error']}")
    if format == "text":
        out.print(f"{escape(name)} took it ({record['status']}).", highlight=False)


def _print(record: dict[str, Any]) -> None:
    """Print a message in two lines: its id is too long for a column of a table, and is what one needs."""
    last, about = record["last"], f" of {record['about']}" if record["about"] else ""
    came_to = "" if last is None else f"; {minute(last['at'])} UTC: {last['error'] or last['status']}"
    following = "" if record["next_at"] is None else f"; next {minute(record['next_at'])} UTC"
    to = f"{record['kind']} {record['destination']}"
    out.print(f"[bold]{record['id']}[/]  {record['state']:9}  {escape(to)}", highlight=False, soft_wrap=True)
    out.print(f"    {escape(record['type'] + about + came_to + following)}", highlight=False, soft_wrap=True)


def _tell(count: int, format: Format) -> None:
    if format == "json":
        print_json({"resent": count})
    else:
        out.print(f"{counted(count, 'message')} will be sent by the server.", highlight=False)
