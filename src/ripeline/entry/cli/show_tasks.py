"""Tasks as people read them."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from ripeline.entry.cli.show import counted, minute, table
from ripeline.entry.cli.show_handoffs import Labels, signal_label
from ripeline.vocabulary.tasks import REASONS


def show_tasks(console: Console, total: int, records: Sequence[Mapping[str, Any]], labels: Labels) -> None:
    """Print a page of tasks."""
    if not records:
        console.print("No tasks.")
        return
    rows = [
        (
            str(one["number"]),
            one["lead"],
            _reason(one, labels),
            one["state"],
            one["owner"] or "",
            minute(one["made_at"]),
        )
        for one in records
    ]
    columns = ("no.", "lead", "reason", "state", "owner", "since UTC")
    console.print(table("Tasks", columns, rows, ("no.",), ("lead", "state", "since UTC")))
    if total > len(records):
        console.print(f"{len(records):,} of {counted(total, 'task')}; more with --limit", highlight=False)


def show_task(console: Console, record: Mapping[str, Any]) -> None:
    """Print what became of a task."""
    told = f"Task {record['number']}, {record['lead']}: {record['state']} by {record['closed_by']}."
    console.print(escape(told), highlight=False, soft_wrap=True)


def _reason(one: Mapping[str, Any], labels: Labels) -> str:
    if one["hand_raise"]:
        return (
            f"{REASONS[one['reason']]} ({signal_label(labels, one['definition'], one['hand_raise'])}); {one['stage']}"
        )
    return REASONS[one["reason"]]
