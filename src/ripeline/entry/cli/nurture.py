"""`ripeline nurture`: whom to nurture."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.nurture import nurture_now
from ripeline.entry.cli.options import COUNT, Format, WorkspaceOption, now_us, out, print_json
from ripeline.entry.cli.show import counted, minute, table
from ripeline.entry.workspace import DEFAULT_NAME, find_workspace
from ripeline.usecases.nurture import COLUMNS, Record, nurtured_record, safe_cells
from ripeline.vocabulary.issues import InputError


def list_nurtured(
    *,
    workspace: WorkspaceOption,
    definition: Annotated[str, Parameter(help="A definition's name in the workspace.")] = DEFAULT_NAME,
    since: Annotated[
        str | None, Parameter(help="Only who joined then or later: a time, or a date (from its first microsecond on).")
    ] = None,
    output: Annotated[
        Path | None, Parameter(name=("--output", "-o"), help="Write all of them to this .csv or .json file.")
    ] = None,
    limit: Annotated[int, COUNT, Parameter(help="How many are shown: who joined first comes first.")] = 50,
    format: Format = "text",
) -> None:
    """List the leads to nurture: with when and how they joined, e-mail and consent as known."""
    if output is not None and output.suffix not in {".csv", ".json"}:
        raise InputError(f"{output}: the list is written as .csv or .json")
    most = None if output is not None else limit
    total, found = nurture_now(find_workspace(workspace), definition, since, most, now_us())
    records = [nurtured_record(one) for one in found]
    if output is not None:
        _write(output, records)
        out.print(f"{counted(total, 'lead')} to nurture in {output}", highlight=False, soft_wrap=True)
    elif format == "json":
        print_json({"total": total, "leads": records})
    else:
        _show(total, records)


def _write(file: Path, records: Sequence[Record]) -> None:
    try:
        with file.open("w", encoding="utf-8", newline="") as target:
            if file.suffix == ".json":
                json.dump(records, target, indent=1, ensure_ascii=False)
                return
            writer = csv.writer(target)
            writer.writerow(COLUMNS)
            writer.writerows(map(safe_cells, records))
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from error


def _show(total: int, records: Sequence[Record]) -> None:
    if not records:
        out.print("Nobody to nurture.")
        return
    rows = [(one["lead"], _levels(one), minute(one["joined_at"]), _how(one), one["email"] or "") for one in records]
    columns = ("lead", "fit, interest", "since UTC", "by", "e-mail")
    out.print(table("To nurture", columns, rows, (), ("lead", "since UTC")))
    if total > len(records):
        out.print(f"{len(records):,} of {counted(total, 'lead')}; more with --limit, all with -o", highlight=False)


def _levels(one: Record) -> str:
    return f"{one['fit_level']}, {one['engagement_level']}"


def _how(one: Record) -> str:
    return f"recycled until {one['resting_until']}" if one["resting_until"] else one["joined_by"] or ""
