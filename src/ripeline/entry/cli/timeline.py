"""`ripeline timeline`: everything that is stored of a lead, the youngest first."""

from typing import Annotated, Any

from cyclopts import Parameter
from rich.markup import escape

from ripeline.entry.bootstrap.live import opened_history
from ripeline.entry.cli.options import COUNT, Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show import table
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.timeline import USUAL_LIMIT, timeline_asked, timeline_record
from ripeline.usecases.timeline_words import entry_text, name_text


def timeline(
    lead: str,
    *,
    workspace: WorkspaceOption,
    kind: Annotated[
        str | None,
        Parameter(help="Only event, set_aside, traits, link, account, outcome or disposition; several with commas."),
    ] = None,
    limit: Annotated[int, COUNT, Parameter(help="How many entries, at most 1,000.")] = USUAL_LIMIT,
    before: Annotated[str | None, Parameter(help="Go on where the page before ended, by its `next`.")] = None,
    format: Format = "text",
) -> None:
    """Show what is stored of a lead: what it did, what was said of it, its links, outcomes and answers of sales, the youngest first.

    Parameters
    ----------
    lead
        Any of the lead's identifiers, or its e-mail address.
    """
    asked = timeline_asked(kind, before, limit)
    with opened_history(find_workspace(workspace)) as history:
        record = timeline_record(history, lead, now_us(), asked)
    if format == "json":
        print_json(record)
        return
    rows = [_cells(record["lead"], one) for one in record["entries"]]
    shown = table(str(record["lead"]), ("time UTC", "what", "source"), rows)
    shown.columns[0].no_wrap = True
    out.print(shown if rows else f"Nothing of the kind is stored of {escape(record['lead'])}.")
    if record["next"] is not None:
        out.print(f"There is more: --before {record['next']}", highlight=False, soft_wrap=True)


def _cells(lead: str, entry: dict[str, Any]) -> tuple[str, ...]:
    """Return what a line shows; the name that something came under is shown where it is not the lead's own."""
    time = "undated" if entry["time"] is None else entry["time"][:19].replace("T", " ")
    told = [entry["source"]]
    if entry["identifier"]["value"] != lead:
        told.append(f"as {name_text(entry['identifier'])}")
    if entry["trusted"] is False:
        told.append("not trusted")
    return time, "\n".join(filter(None, entry_text(entry))), ", ".join(told)
