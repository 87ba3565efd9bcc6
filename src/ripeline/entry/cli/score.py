"""`ripeline score`."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ripeline.entry.bootstrap.history import engine_of, must_be_writable, read_moments
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.cli.options import WHOLE, AsOf, DefinitionOption, WorkspaceOption, now_us, out, progress
from ripeline.entry.cli.show import counted
from ripeline.entry.cli.show_scores import show_scores
from ripeline.entry.workspace import Workspace, find_workspace, text_of
from ripeline.plan.nodes import Plan
from ripeline.usecases.apply_inbox import NO_END
from ripeline.usecases.load_plan import load_plan
from ripeline.usecases.score import asked_at, asked_rows
from ripeline.usecases.score import score as score_leads
from ripeline.vocabulary.issues import UsageError


def score(
    *,
    workspace: WorkspaceOption,
    definition: DefinitionOption = None,
    as_of: AsOf = None,
    at: Annotated[
        Path | None, Parameter(help="A file with columns lead and as_of: one row is scored for each.")
    ] = None,
    known_at: Annotated[str | None, Parameter(help="Use only what was known by then.")] = None,
    engine: Annotated[
        Literal["duckdb", "python"], Parameter(help="Which reader scores; both say the same.")
    ] = "duckdb",
    position: Annotated[
        int | None, WHOLE, Parameter(help="Leave out what the server accepted behind this position.")
    ] = None,
    known_only: Annotated[bool, Parameter(help="Leave out anonymous visitors.", negative=())] = False,
    output: Annotated[
        Path | None, Parameter(name=("--output", "-o"), help="Write the scores to a .csv, .json or .parquet file.")
    ] = None,
) -> None:
    """Score leads: everybody at one moment, or each at its own.

    Without -o it prints how many leads stand where, and the leads to hand over.
    """
    if at is not None and as_of is not None:
        raise UsageError("say either --as-of or --at")
    if output is not None:
        must_be_writable(output)
    found = find_workspace(workspace)
    plan = plan_of(found, definition)
    with opened_store(found, NO_END if position is None else position) as store, progress() as report:
        asked = (
            asked_at(plan, now_us(), as_of, known_at)
            if at is None
            else asked_rows(plan, read_moments(store, at), known_at)
        )
        scores = score_leads(plan, engine_of(store, engine), asked, report, known_only=known_only)
        written = None if output is None else scores.write(output)
        rows = scores.rows() if output is None else ()
    if written is None:
        show_scores(out, plan, asked, rows)
    else:
        out.print(f"{counted(written, 'score')} by {plan.version} in {output}", highlight=False, soft_wrap=True)


def plan_of(workspace: Workspace, named: str | None) -> Plan:
    """Return the plan of a definition of a workspace."""
    file = workspace.definition(named)
    return load_plan(text_of(file), file.stem, str(file), references())
