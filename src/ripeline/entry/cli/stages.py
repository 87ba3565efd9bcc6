"""`ripeline stages`: every move of every lead, on the screen or as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from ripeline.entry.bootstrap.book import BookOfServer, opened_server_book
from ripeline.entry.bootstrap.live import opened_history
from ripeline.entry.cli.options import COUNT, WHOLE, Format, WorkspaceOption, out, print_json
from ripeline.entry.cli.show import counted
from ripeline.entry.cli.show_handoffs import show_stages
from ripeline.entry.workspace import Workspace, find_workspace
from ripeline.ports.handoffs import USUAL, StagesAsked
from ripeline.usecases.lead_record import stage_record
from ripeline.usecases.stage_file import FORMS
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.people import Name

TOGETHER = 1_000
"""Lines that are read at a time."""


def stages(
    lead: str | None = None,
    *,
    workspace: WorkspaceOption,
    after: Annotated[int, WHOLE, Parameter(help="Only lines with a greater number.")] = 0,
    definition: Annotated[str | None, Parameter(help="Only of this definition, by its name in the workspace.")] = None,
    limit: Annotated[
        int | None, COUNT, Parameter(help="How many lines, the oldest first. Default: 100, and all of them with -o.")
    ] = None,
    output: Annotated[
        Path | None, Parameter(name=("--output", "-o"), help="Write the lines to a .csv or .json file.")
    ] = None,
    format: Format = "text",
) -> None:
    """Show the log of stages: when leads moved, from where to where, and why.

    Parameters
    ----------
    lead
        Any of a lead's identifiers, or its e-mail address; everybody where none is named.
    """
    if output is not None and output.suffix not in FORMS:
        raise InputError(f"{output}: stages are written as {' or '.join(FORMS)}")
    found = find_workspace(workspace)
    names = names_of(found, lead)
    with opened_server_book(found) as book:
        if output is not None:
            written = _write(output, _all(book, StagesAsked(after, definition, lead, TOGETHER), names, limit))
            out.print(f"{counted(written, 'line')} in {output}", highlight=False, soft_wrap=True)
            return
        most = USUAL if limit is None else limit
        asked = StagesAsked(after, definition, lead, most)
        lines, total = book.stage_log(asked, names), book.stage_lines(asked, names)
    records = [stage_record(line) for line in lines]
    if format == "json":
        print_json({"stages": records, "next": lines[-1].number if len(lines) == most else None})
    else:
        show_stages(out, records, total)


def _all(
    book: BookOfServer, asked: StagesAsked, names: Sequence[Name] | None, limit: int | None
) -> Iterator[dict[str, Any]]:
    """Yield all lines, or so many of them; what is added meanwhile comes at the end."""
    left = limit
    while left is None or left > 0:
        lines = book.stage_log(replace(asked, limit=TOGETHER if left is None else min(left, TOGETHER)), names)
        if not lines:
            return
        yield from map(stage_record, lines)
        asked, left = replace(asked, after=lines[-1].number), None if left is None else left - len(lines)


def _write(file: Path, records: Iterator[dict[str, Any]]) -> int:
    written = 0

    def noticed() -> Iterator[dict[str, Any]]:
        nonlocal written
        for record in records:
            written += 1
            yield record

    try:
        with file.open("w", encoding="utf-8", newline="") as out_file:
            out_file.writelines(FORMS[file.suffix](noticed()))
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from error
    return written


def names_of(workspace: Workspace, lead: str | None) -> list[Name] | None:
    """Return all names of a lead by any identifier, None where none is asked for; InputError where nobody is it."""
    if lead is None:
        return None
    with opened_history(workspace) as history:
        return history.names(lead)
