"""`ripeline export`: everything that is stored of one person, as a file."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.bootstrap.removal_desk import hold_of, notes_about, opened_holds
from ripeline.entry.cli.new_file import write_new
from ripeline.entry.cli.options import Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.score import plan_of
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.export import export_record


def export(
    lead: str,
    *,
    workspace: WorkspaceOption,
    output: Annotated[Path, Parameter(name=("--output", "-o"), help="The JSON file to write; it must be new.")],
    format: Format = "text",
) -> None:
    """Write everything that is stored of a lead to a new JSON file: names, links, all entries, scores with reasons.

    Its owner alone may read it.

    Parameters
    ----------
    lead
        Any of the lead's identifiers, or its e-mail address.
    """
    found = find_workspace(workspace)
    plans = [plan_of(found, name) for name in found.definitions()]
    with opened_holds(found) as (board, store):
        at_us = now_us()
        hold, notes = hold_of(board, store, lead, at_us), notes_about(board, store, lead)
        record = export_record(history_of(store), plans, hold, notes, lead, at_us)
    write_new(output, json.dumps(record, indent=2, ensure_ascii=False, default=str) + "\n")
    entries = len(record["entries"])
    if format == "json":
        print_json({"lead": record["lead"], "file": str(output), "entries": entries})
    else:
        what = "1 entry" if entries == 1 else f"{entries:,} entries"
        out.print(f"{escape(record['lead'])}: {what} in {escape(str(output))}.", highlight=False, soft_wrap=True)
