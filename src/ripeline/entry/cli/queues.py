"""`ripeline queues`: where everybody is who meets the definition, so that nobody is forgotten."""

from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from ripeline.entry.bootstrap.advance import queues_now
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show import counted, table
from ripeline.entry.workspace import DEFAULT_NAME, find_workspace
from ripeline.usecases.queues import PLACES


def queues(
    *,
    workspace: WorkspaceOption,
    definition: Annotated[str, Parameter(help="A definition's name in the workspace.")] = DEFAULT_NAME,
    format: Format = "text",
) -> None:
    """Show where everybody is who meets the definition: with sales, waiting, or left alone for a reason."""
    record = queues_now(find_workspace(workspace), definition, now_us())
    if format == "json":
        print_json(record)
        return
    rows = [(place, f"{count:,}", PLACES[place]) for place, count in record["places"].items() if count]
    meet = record["meets_definition"]
    told = f"{counted(meet, 'lead')} {'meets' if meet == 1 else 'meet'} the definition"
    out.print(table(told, ("where", "leads", "that is"), rows, ("leads",)) if rows else f"{told}.")
    if record["nowhere"]:
        out.print(f"[red]In no queue:[/] {escape(', '.join(record['nowhere']))}", highlight=False, soft_wrap=True)
