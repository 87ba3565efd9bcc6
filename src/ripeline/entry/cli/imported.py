"""`ripeline import list | undo`."""

from typing import Any

from rich.markup import escape

from ripeline.entry.bootstrap.imports import list_imports as all_imports
from ripeline.entry.bootstrap.imports import undo_import, what_undoing_takes
from ripeline.entry.cli.confirm import Yes, confirmed
from ripeline.entry.cli.options import Format, Number, WorkspaceOption, now_us, out, print_json, progress
from ripeline.entry.cli.show import minute, table
from ripeline.entry.workspace import find_workspace
from ripeline.usecases.import_record import imports_record, removes_words, undoing_record

COLUMNS = ("number", "when", "what", "file", "source", "rows", "new", "refused", "undone")


def list_imports(*, workspace: WorkspaceOption, format: Format = "text") -> None:
    """List the imports, the youngest first, with how many rows each brought, and which were undone."""
    record = imports_record(all_imports(find_workspace(workspace)))
    if format == "json":
        print_json(record)
        return
    rows = [_row(one) for one in record["imports"]]
    out.print(table("Imports", COLUMNS, rows, right=("number", *COLUMNS[5:8])) if rows else "Nothing was imported.")


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    told = (str(one["number"]), minute(one["at"]), one["what"], one["file"], one["source"])
    return (*told, *(f"{one[name]:,}" for name in ("rows", "added", "refused")), minute(one["undone_at"]))


def undo(number: Number, *, workspace: WorkspaceOption, yes: Yes = False, format: Format = "text") -> None:
    """Undo an import, as if it had never been, also while the server runs.

    Shows what goes, then asks. What later imports brought as well stays. Importing the file again brings it back.

    Parameters
    ----------
    number
        Its number, as `ripeline import list` shows it.
    """
    found = find_workspace(workspace)
    with progress() as report:
        report("looking at what goes", None)
        one, told = what_undoing_takes(found, number)
    if format == "text":
        _show(undoing_record(one, told, undone=False))
    if not confirmed(f"Undo import {number}?", yes=yes):
        out.print("Nothing was changed.")
        return
    with progress() as report:
        report("writing files anew", None)
        one, told = undo_import(found, number, now_us())
    if format == "json":
        print_json(undoing_record(one, told, undone=True))
    else:
        out.print(f"Import {number} is undone.", highlight=False)


def _show(record: dict[str, Any]) -> None:
    out.print(
        f"Import {record['import']}, {escape(record['file'])}: removes {removes_words(record['removes'])}; "
        f"{record['names']:,} names are nobody's afterwards.",
        highlight=False,
        soft_wrap=True,
    )
    if record["kept"]:
        out.print(
            f"Of what it brought first, {record['kept']:,} rows stay: a later import brought them too.",
            highlight=False,
            soft_wrap=True,
        )
