"""Accounts as a reader sees them: the most interested ones, or one of them person by person."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from ripeline.entry.cli.show import counted, table
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.scoring.accounts import LEAD
from ripeline.usecases.accounts import AccountExplained, explained_lines
from ripeline.usecases.evidence_words import evidence_text
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.points import shown_parts, shown_text, tenths_text

MOST_SHOWN = 15
Row = Mapping[str, Any]


def show_accounts(console: Console, plan: Plan, asked: Asked, rows: Sequence[Row]) -> None:
    """Print how many accounts there are, and the most interested ones."""
    told = f"[bold]{counted(len(rows), 'account')}[/] by {plan.version}, as of {instant_text(asked.as_of_us)}\n"
    console.print(told, highlight=False, soft_wrap=True)
    if not rows:
        console.print("No lead belongs to one: none has a group call or a business mail domain.")
        return
    best = sorted(rows, key=lambda row: (-row["engagement"], row["account"]))[:MOST_SHOWN]
    title = "Accounts" if len(best) == len(rows) else f"The {len(best)} most interested accounts"
    columns = ("account", "interest", "action", "leads", "MQLs", "speak to")
    console.print(table(title, columns, map(_account, best), ("interest", "leads", "MQLs")))


def show_account(console: Console, explained: AccountExplained) -> None:
    """Print every point of an account, its leads, and what is known of it."""
    moment = f"as of {instant_text(explained.as_of_us)}, by {explained.plan.version}"
    console.print(f"[bold]{escape(explained.account)}[/], {moment}\n", highlight=False, soft_wrap=True)
    lines = table("Interest: what its people do", ("why", "points", "evidence"), _lines(explained), ("points",))
    console.print(lines)
    shown = explained.leads[:MOST_SHOWN]
    more = (
        f", the {len(shown)} most interested of {len(explained.leads):,}" if len(explained.leads) > len(shown) else ""
    )
    columns = ("lead", "fit", "interest", "rating", "action", "stage")
    console.print(table(f"Its leads{more}", columns, map(_lead, shown), ("fit", "interest")))
    if explained.traits:
        known = ((key, str(value.plain)) for key, value in sorted(explained.traits.items()))
        console.print(table("What group calls say of it", ("trait", "value"), known))


def _account(row: Row) -> tuple[str, ...]:
    counts = (f"{row[name]:,}" for name in ("leads", "mqls"))
    return (str(row["account"]), _points(row, "engagement"), str(row["action"]), *counts, str(row["contact"]))


def _lines(explained: AccountExplained) -> Iterator[Sequence[str]]:
    """The lines that are shown add up; those of many further persons are shown as one."""
    lines = list(explained_lines(explained))
    shown = shown_parts([line.micro for line, _ in lines])
    for place, ((line, evidence), tenths) in enumerate(zip(lines, shown, strict=True)):
        named = line.name.startswith(LEAD)
        if not named or place < MOST_SHOWN:
            why = line.name.removeprefix(LEAD) if named else "  limit on further persons"
            yield why, tenths_text(tenths), evidence_text(evidence)
    left = [tenths for (line, _), tenths in zip(lines, shown, strict=True) if line.name.startswith(LEAD)][MOST_SHOWN:]
    if left:
        yield f"{len(left):,} more persons", tenths_text(sum(left)), ""
    yield f"= {explained.score.level} interest", shown_text(explained.score.micro), ""


def _lead(row: Row) -> tuple[str, ...]:
    told = (str(row[name] or "") for name in ("rating", "action", "stage"))
    return (str(row["lead"]), _points(row, "fit"), _points(row, "engagement"), *told)


def _points(row: Row, name: str) -> str:
    return f"{shown_text(row[name])} {row[f'{name}_level']}"
