"""`ripeline release`: let handoffs go to sales that were held back."""

from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.book import opened_server_book
from ripeline.entry.bootstrap.definitions import live_plans, plan_named
from ripeline.entry.cli.options import WHOLE, Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show import counted
from ripeline.entry.workspace import DEFAULT_NAME, find_workspace
from ripeline.usecases.said import words_of


def release(
    per_day: Annotated[int | None, WHOLE] = None,
    *,
    workspace: WorkspaceOption,
    definition: Annotated[str, Parameter(help="A definition's name in the workspace.")] = DEFAULT_NAME,
    by: Annotated[str, Parameter(help="Who says so.")] = "command",
    format: Format = "text",
) -> None:
    """Let handoffs, then tasks, go to sales that were held back, the best first, as long as there is room for them.

    What qualifies by an import, a new definition, a merge or restored events is held back, so that nothing floods sales.

    Parameters
    ----------
    per_day
        How many leave a day from now on, 0 for none. Left out: only show how it stands.
    """
    found = find_workspace(workspace)
    plan_named(live_plans(found), definition)
    with opened_server_book(found) as book:
        record = (
            book.released(definition)
            if per_day is None
            else book.release(definition, per_day, words_of("--by", by) or "command", now_us())
        )
    if format == "json":
        print_json(record)
        return
    held, a_day = f"{counted(record['held'], 'handoff')} and {counted(record['tasks'], 'task')}", record["per_day"]
    leave = f"{a_day:,} {'leaves' if a_day == 1 else 'leave'} a day" if a_day else "none leaves"
    leave += f", all of them in {counted(record['days'], 'day')}" if record["days"] else ""
    out.print(f"{held} held back; {leave}.", highlight=False)
