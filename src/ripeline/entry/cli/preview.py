"""`ripeline preview`."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from ripeline.entry.bootstrap.history import engine_of, history_of
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.cli.options import (
    AsOf,
    DefinitionOption,
    Format,
    WorkspaceOption,
    now_us,
    out,
    print_json,
    progress,
)
from ripeline.entry.cli.score import plan_of
from ripeline.entry.cli.show import counted, table
from ripeline.entry.workspace import find_workspace, text_of
from ripeline.usecases.load_plan import load_plan
from ripeline.usecases.preview import Group, Preview, preview_record
from ripeline.usecases.preview import preview as preview_definition
from ripeline.usecases.score import asked_at
from ripeline.vocabulary.calendar import instant_text

TITLES = {
    "fit_level": "Fit levels",
    "engagement_level": "Interest levels",
    "rating": "Ratings",
    "action": "Actions",
}
MOST_MOVES = 12


def preview(
    new: Path,
    *,
    workspace: WorkspaceOption,
    definition: DefinitionOption = None,
    as_of: AsOf = None,
    format: Format = "text",
) -> None:
    """Show who would move under a new definition, before it is used.

    Parameters
    ----------
    new
        The file of the new definition.
    """
    found = find_workspace(workspace)
    old = plan_of(found, definition)
    plan = load_plan(text_of(new), new.stem, str(new), references())
    asked = asked_at(old, now_us(), as_of, None)
    with opened_store(found) as store, progress() as report:
        result = preview_definition(old, plan, engine_of(store, "duckdb"), history_of(store), asked, report)
    if format == "json":
        print_json(preview_record(result))
    else:
        show_preview(out, result)


def show_preview(console: Console, result: Preview) -> None:
    """Print who meets the definition before and after, and every move between levels, ratings and actions."""
    moment = f"as of {instant_text(result.as_of_us)}"
    console.print(f"[bold]{result.new}[/] instead of {result.old}, {moment}:", highlight=False, soft_wrap=True)
    console.print(f"{result.changed:,} of {result.leads:,} leads would change.\n", highlight=False)
    groups = {
        "meet the definition now": result.meets_before,
        "would meet it": result.meets_after,
        "  would become MQLs": result.entering,
        "  would stop being MQLs": result.leaving,
    }
    console.print(_table("Marketing qualified leads", groups))
    if result.entering.count:
        console.print(
            f"Published, {counted(result.entering.count, 'handoff')} would be held back until `ripeline release` says how "
            "many of them leave a day.\n",
            highlight=False,
            soft_wrap=True,
        )
    for what, moves in result.moves.items():
        if moves:
            console.print(_table(TITLES[what], {f"{m.before} -> {m.after}": m.leads for m in moves[:MOST_MOVES]}))
            if len(moves) > MOST_MOVES:
                console.print(f"and {len(moves) - MOST_MOVES} smaller moves\n")


def _table(title: str, groups: dict[str, Group]) -> Table:
    rows = (
        (name, f"{group.count:,}", str(group.won), str(group.lost), ", ".join(group.examples[:3]))
        for name, group in groups.items()
    )
    return table(title, ["", "leads", "won", "lost", "for example"], rows, ("leads", "won", "lost"))
