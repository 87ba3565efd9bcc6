"""The scores of a workspace as a reader sees them: the grid of fit and interest, and who goes to sales."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from ripeline.entry.cli.show import counted, table
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.points import points_text, shown_text

MOST_SHOWN = 15
Row = Mapping[str, Any]


def show_scores(console: Console, plan: Plan, asked: Asked, rows: Sequence[Row]) -> None:
    """Print how many leads stand in each cell of the matrix, and the best leads that meet the definition."""
    moment = "each at its own moment" if asked.rows is not None else f"as of {instant_text(asked.as_of_us)}"
    told = f"[bold]{counted(len(rows), 'lead')}[/] scored by {plan.version}, {moment}\n"
    console.print(told, highlight=False, soft_wrap=True)
    _show_grid(console, plan, rows)
    _show_mqls(console, rows)


def _show_grid(console: Console, plan: Plan, rows: Sequence[Row]) -> None:
    counts = Counter((row["fit_level"], row["engagement_level"]) for row in rows if row["rating"])
    levels = [level.name for level in plan.definition.engagement.levels]
    lines = [
        [fit, *(f"{counts[fit, level]:,}  {plan.definition.matrix[fit][level].action}" for level in levels)]
        for fit in plan.definition.rows()
    ]
    console.print(table("Fit and interest", ["fit", *(f"{level} interest" for level in levels)], lines))
    suppressed = sum(row["rating"] is None for row in rows)
    if suppressed:
        console.print(f"{suppressed:,} more leads are suppressed.\n", highlight=False)


def _show_mqls(console: Console, rows: Sequence[Row]) -> None:
    ripe = sorted(
        (row for row in rows if row["meets_definition"]), key=lambda row: (-row["engagement"] - row["fit"], row["lead"])
    )
    if not ripe:
        console.print("No lead meets the definition.")
        return
    shown = ripe[:MOST_SHOWN]
    best = f", the best {len(shown)}" if len(ripe) > len(shown) else ""
    title = f"{counted(len(ripe), 'lead')} to hand over{best}"
    columns = ["lead", "fit", "interest", "rating", "stage"]
    if any(row["likelihood"] is not None for row in shown):
        columns.append("likelihood")
    lines = (_line(row)[: len(columns)] for row in shown)
    console.print(table(title, columns, lines, ("fit", "interest", "likelihood")))


def _line(row: Row) -> list[str]:
    likelihood = "" if row["likelihood"] is None else points_text(row["likelihood"])
    fit, interest = (shown_text(row[name]) for name in ("fit", "engagement"))
    return [
        str(row["lead"]),
        f"{fit} {row['fit_level']}",
        f"{interest} {row['engagement_level']}",
        str(row["rating"]),
        str(row["stage"]),
        likelihood,
    ]
