"""What was learned from deals, as people read it: the verdict, the rules, and how good they are."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from ripeline.entry.cli.show import counted, table
from ripeline.entry.cli.show_sla import percent
from ripeline.learning.enough import LEAST_OF_EACH
from ripeline.usecases.report.corrected import changed_in
from ripeline.usecases.report.figures import own_is_better
from ripeline.usecases.report.words import drawn

Record = Mapping[str, Any]

WHO: Final = {
    "card": "the learned points",
    "rule_score": "your own points",
    "odoo": "Odoo's method",
    "constant": "everybody's chance",
}
FIGURES: Final = {"auc": "AUC", "log_loss": "log loss", "brier": "Brier", "lift10": "lift"}
JUDGED: Final = {
    "time": "on the last stretch of time, of which nothing was learned",
    "order": "on the leads imported last, of which nothing was learned",
    "random": "on a quarter of the leads, of which nothing was learned",
    "folds": "on leads that the others foretold, since there are few",
}


def show_learned(console: Console, record: Record, file: Path | None) -> None:
    """Print what was learned."""
    data = record["data"]
    console.print(_verdict(record), highlight=False, soft_wrap=True)
    told = f"{counted(data['leads_looked_at'], 'lead')}, looked at {counted(data['snapshots'], 'time')}"
    won = f"{data['won']:,} were followed by a win.{drawn(data)}"
    console.print(f"[dim]From {told}; {won}[/]\n", highlight=False, soft_wrap=True)
    if record["rules"]:
        _show_rules(console, record)
    if record["starting_from"]:
        _show_changes(console, record["starting_from"])
    if record["evaluation"]:
        _show_figures(console, record)
    if record["rules"] and not record["starting_from"] and own_is_better(record["evaluation"]):
        told = "[bold]Your own points foretold better.[/] Keep them, or let them be corrected with --starting-from.\n"
        console.print(told, highlight=False, soft_wrap=True)
    _show_leaks(console, record)
    if record["rules"]:
        _show_line(console, record["line"], "moments" if record["asked"]["repeat"] else "leads")
        said = (
            "Write it to a file with -o."
            if file is None
            else f"The proposal is in {file}. Next: ripeline preview {file}"
        )
        console.print(said, highlight=False, soft_wrap=True)


def _verdict(record: Record) -> str:
    data, z = record["data"], record["gain"]["z"]
    if record["verdict"] == "learned" and record["starting_from"]:
        return f"[bold]{_corrected(changed_in(record['starting_from']))}[/]"
    if record["verdict"] == "learned":
        return f"[bold]{counted(len(record['rules']), 'rule')} learned.[/]"
    if record["verdict"] == "no_signal":
        return (
            f"[bold]No signal here:[/] nothing that is known foretells who is won (z = {z:.1f}, at least 2 is needed)."
        )
    return f"[bold]Not enough evidence[/] to tell anything: {_lacking(data, z)}"


def _corrected(changes: Sequence[Record]) -> str:
    if not changes:
        return "The definition stands: deals clearly contradict none of its points."
    return f"{counted(len(changes), 'change')} to the definition."


def _lacking(data: Record, z: float) -> str:
    won, others = data["leads_won"], data["leads_looked_at"] - data["leads_won"]
    if not data["outcomes"]:
        return "it is not known of any lead whether it was won. Bring outcomes in: ripeline import outcomes."
    if not data["snapshots"]:
        return "no lead was at risk at any moment whose outcome is known by now. Try other moments with --score-at."
    if not (won and others):
        kind = "won" if won else "lost"
        return f"all leads whose outcome is known were {kind}. Bring in the others, or say --win-within."
    told = f"{won:,} leads were won, {others:,} not"
    if min(won, others) < LEAST_OF_EACH:
        return f"{told}; at least {LEAST_OF_EACH} of each are needed."
    return f"{told}, and what was found is no better than luck (z = {z:.1f}, at least 2 is needed)."


def _show_rules(console: Console, record: Record) -> None:
    rows = [
        (
            one["label"],
            f"{one['points']:+g}",
            f"{one['interval'][0]:+.3g} to {one['interval'][1]:+.3g}",
            _share(one["with"]),
            _share(one["without"]),
            "" if one["found_again"] is None else f"{one['found_again']} of 5",
        )
        for one in sorted(record["rules"], key=lambda one: -one["points"])
    ]
    columns = ("rule", "points", "at 95 %", "won", "else", "again")
    console.print(table("Rules", columns, rows, columns[1:], columns[1:]))


def _show_changes(console: Console, starting: Record) -> None:
    if changes := changed_in(starting):
        console.print(table("What deals would change", ("",), [(one["text"],) for one in changes]))
    if starting["not_corrected"]:
        told = f"Not corrected: {', '.join(starting['not_corrected'])}."
        console.print(f"{told} See docs/learning.md.\n", style="dim", soft_wrap=True, highlight=False)


def _show_figures(console: Console, record: Record) -> None:
    every = record["evaluation"]
    rows = [(WHO[who], *(_figure(every[who].get(name)) for name in FIGURES)) for who in WHO if who in every]
    title = f"How good, {JUDGED[record['split']['kind']]}"
    console.print(table(title, ("", *FIGURES.values()), rows, tuple(FIGURES.values()), tuple(FIGURES.values())))


def _figure(figure: Record | None) -> str:
    return "" if figure is None else f"{figure['value']:.3f} ±{(figure['high'] - figure['low']) / 2:.3f}"


def _show_leaks(console: Console, record: Record) -> None:
    if record["leaks"]:
        kinds = {"block": "left out", "ask": "left out; ask"}
        rows = [(one["name"], "kept" if one["kept"] else kinds[one["kind"]], one["reason"]) for one in record["leaks"]]
        console.print(table("What may know the outcome", ("name", "", "why"), rows))
        console.print("Use what was honestly known before with --keep NAME.\n", style="dim", soft_wrap=True)
    for one in record["clocks"]:
        console.print(f"{one['name']} tells early leads from late ones: {one['reason']}", style="dim", soft_wrap=True)
    if record["undated"]:
        names = ", ".join(record["undated"][:8])
        more = f" and {len(record['undated']) - 8} more" if len(record["undated"]) > 8 else ""  # noqa: PLR2004 - a line
        console.print(f"Undated, so perhaps later than they look: {names}{more}.\n", style="dim", soft_wrap=True)


def _show_line(console: Console, line: Record, what: str) -> None:
    flagged, caught = line["flagged"], line["caught"]
    told = f"Handed over: {_share(flagged)} of {what}, with {_share(caught)} of all that were followed by a win."
    best, worst = line["best_tenth"], line["worst_tenth"]
    console.print(f"{told} Best tenth won: {_share(best)}; worst: {_share(worst)}.", highlight=False, soft_wrap=True)


def _share(rate: Record) -> str:
    return percent(rate["share"]) if rate["share"] is not None else f"{rate['count']} of {rate['of']}"
