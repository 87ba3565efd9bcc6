"""`ripeline failed`: events that do not count, and what becomes of them."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from ripeline.entry.bootstrap.book import opened_server_book
from ripeline.entry.cli.options import COUNT, Format, Number, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show import minute, table
from ripeline.entry.workspace import find_workspace, text_of
from ripeline.usecases.failed_record import failed_record
from ripeline.vocabulary.changes import BY_COMMAND
from ripeline.vocabulary.issues import InputError

YOUNGEST = 2**63 - 1
SHOWN = 60
"""Letters of an event that a table has room for."""


def list_failed(
    *,
    workspace: WorkspaceOption,
    limit: Annotated[int, COUNT, Parameter(help="How many, the youngest first.")] = 20,
    format: Format = "text",
) -> None:
    """List events that do not count and that nobody has dealt with, each with its reason."""
    with opened_server_book(find_workspace(workspace)) as book:
        records = [failed_record(one) for one in book.failed_events(YOUNGEST, limit)]
    if format == "json":
        print_json({"failed_events": records})
        return
    columns = ("id", "received UTC", "source", "reason", "detail", "event")
    out.print(table("Failed events", columns, map(_cells, records)) if records else "No failed events.")


def replay(
    failed_id: Number,
    *,
    workspace: WorkspaceOption,
    event: Annotated[Path | None, Parameter(help="A file with the repaired event as JSON.")] = None,
    format: Format = "text",
) -> None:
    """Send a failed event again: as it was, or repaired.

    Parameters
    ----------
    failed_id
        Its number, as `ripeline failed list` shows it.
    """
    with opened_server_book(find_workspace(workspace)) as book:
        position = book.replay(failed_id, None if event is None else _repaired(event), BY_COMMAND, now_us())
    if format == "json":
        print_json({"position": position})
    else:
        out.print(f"Failed event {failed_id} was sent again, at position {position}.", highlight=False)


def dismiss(failed_id: Number, *, workspace: WorkspaceOption, format: Format = "text") -> None:
    """Leave a failed event out for good; it is kept.

    Parameters
    ----------
    failed_id
        Its number, as `ripeline failed list` shows it.
    """
    with opened_server_book(find_workspace(workspace)) as book:
        book.dismiss(failed_id, BY_COMMAND, now_us())
    if format == "json":
        print_json({"state": "dismissed"})
    else:
        out.print(f"Failed event {failed_id} is dismissed.", highlight=False)


def _cells(record: dict[str, object]) -> tuple[str, ...]:
    reason = (str(record[name]) for name in ("source", "reason", "detail"))
    return str(record["id"]), minute(str(record["received_at"])), *reason, str(record["event"])[:SHOWN]


def _repaired(file: Path) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text_of(file), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{file} is no JSON object: {error}") from error
