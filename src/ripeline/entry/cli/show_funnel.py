"""How far MQLs come, as people read it: a row a cohort."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from ripeline.entry.cli.show import counted, table
from ripeline.entry.cli.show_sla import bar, percent

Record = Mapping[str, Any]
STEPS = {"sales_accepted": "accepted", "sales_qualified": "qualified", "customer": "customer"}

LETTERS = {"week": 10, "month": 7}
"""How much of its first day names a cohort: a week its Monday."""


def show_funnel(console: Console, record: Record) -> None:
    """Print the cohorts, and all together that are over."""
    told = f"[bold]How far MQLs came[/] within {counted(record['within_days'], 'day')}, by {record['definition']}\n"
    console.print(told, highlight=False, soft_wrap=True)
    if record["cohorts"]:
        rows = [(one["first"][: LETTERS[record["by"]]], *_cells(one, over=one["over"])) for one in record["cohorts"]]
        rows.append(("all over", *_cells(record["total"], over=True)))
        columns = (record["by"], "leads", *STEPS.values())
        console.print(table("By when they first were MQLs", columns, rows, ("leads",), columns))
        told = "d: half of those who came there did within so many days. So far: the days of that cohort are not over."
        console.print(told, style="dim", soft_wrap=True)
        _show_groups(console, record)
    else:
        console.print("Nobody became an MQL by what they did.", highlight=False)
    if record["left_out"]:
        why = "first an MQL by an import, a definition or a merge, on a day that says nothing"
        console.print(f"Left out: {counted(record['left_out'], 'lead')}, {why}.", highlight=False, soft_wrap=True)


def _show_groups(console: Console, record: Record) -> None:
    """Print what MQLs are told apart by, where they are."""
    if "groups" in record:
        rows = [(one["group"] or "not known", *_cells(one, over=True)) for one in record["groups"]]
        columns = (record["apart"], "leads", *STEPS.values())
        console.print(table("Of the cohorts that are over", columns, rows, ("leads",), columns))


def _cells(one: Record, *, over: bool) -> tuple[str, ...]:
    return f"{one['leads']:,}", *(_cell(one[step], over=over) for step in STEPS)


def _cell(step: Record, *, over: bool) -> str:
    if not over:
        return f"{step['count']:,} so far"
    if step["share"] is None:
        return f"{step['count']} of {step['of']}" if step["of"] else ""
    after = "" if step["median_days"] is None else f", {step['median_days']} d"
    return f"{bar(step['share'], 5)} {percent(step['share'])}{after}"
