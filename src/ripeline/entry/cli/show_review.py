"""A review of a definition in use, as people read it: what is proposed first, then what it rests on."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.markup import escape

from ripeline.entry.cli.show import counted, table
from ripeline.entry.cli.show_sla import WIDE
from ripeline.usecases.report import review_words as words

Record = Mapping[str, Any]

SHARES: Final = {"handed over": "at_handoff", "accepted with": "accepted_with", "without": "accepted_without"}
SHOWN: Final = 12
"""Further traits and reasons are told in the report and in JSON."""


def show_review(console: Console, record: Record) -> None:
    """Print the review."""
    for line in _head(record):
        console.print(escape(line), highlight=False, soft_wrap=True)
    _show_proposals(console, record["proposals"])
    _show_stability(console, record["stability"])
    _show_calibration(console, record["calibration"])
    _show_cells(console, record["cells"])
    _show_rules(console, record)
    _show_reasons(console, record)


def _head(record: Record) -> Iterator[str]:
    yield str(record["definition"])
    yield words.period(record)
    leads, meeting = record["leads"], record["meeting"]
    yield f"Leads: {leads['then']:,} then, {leads['now']:,} now. Who meets the definition: {meeting['then']:,} then, {meeting['now']:,} now."
    yield words.mqls(record["mqls"])


def _show_proposals(console: Console, proposals: Sequence[Record]) -> None:
    console.print("\n[bold]What might be done[/]", highlight=False)
    if not proposals:
        console.print("Nothing is clear enough to propose a change.\n", highlight=False)
    for number, one in enumerate(proposals, start=1):
        console.print(f"[bold]{number}.[/] {escape(one['what'])}", highlight=False, soft_wrap=True)
        console.print(f"   [dim]{escape(one['why'])}[/]", highlight=False, soft_wrap=True)
        for line in (one["yaml"] or "").splitlines():
            console.print(f"      [green]{escape(line)}[/]", highlight=False, soft_wrap=True)
    if proposals:
        console.print()


def _show_stability(console: Console, stability: Record) -> None:
    every = [*stability["scores"], *stability["traits"]]
    traits = sorted(stability["traits"], key=lambda one: -one["psi"])[:SHOWN]
    rows = [
        (one["name"], f"{one['psi']:.2f}", words.VERDICTS[one["verdict"]], words.moved(one))
        for one in (*stability["scores"], *traits)
    ]
    columns = ("of", "index", "", "what moved most")
    console.print(table("Are leads still those of then?", columns, rows, ("index",), ("index", "")))
    more = len(every) - len(rows)
    note = f" {counted(more, 'trait')} more in --report and --json." if more else ""
    console.print(f"[dim]Below 0.1 stable, above 0.25 changed.{note}[/]\n", highlight=False, soft_wrap=True)


def _show_calibration(console: Console, found: Record) -> None:
    console.print("[bold]Do chances come true?[/]", highlight=False)
    console.print(words.calibration(found), highlight=False, soft_wrap=True)
    if found["groups"]:
        rows = [(f"{100 * one['foretold']:.1f} %", words.share(one), words.between(one)) for one in found["groups"]]
        columns = ("foretold", "won", "at 95 %")
        console.print(table("", columns, rows, columns, columns))
        losses = found["losses"]
        for name, called in (("brier", "Brier score"), ("log_loss", "Log loss")):
            one = losses[name]
            told = f"{called}: {one['value']:.4f}; everybody's share foretold of all: {one['constant']:.4f}."
            console.print(f"[dim]{told}[/]", highlight=False, soft_wrap=True)
    console.print()


def _show_cells(console: Console, cells: Sequence[Record]) -> None:
    rows = [
        (one["fit"], one["engagement"], one["action"], words.share(one["won"]), words.between(one["won"]))
        for one in cells
    ]
    console.print(words.won(cells), highlight=False)
    if not any(one["won"]["count"] for one in cells):
        console.print()
        return
    columns = ("fit", "interest", "action", "won since", "at 95 %")
    console.print(table("Who was won, by where they stood then", columns, rows, columns[3:], columns[3:]))


def _show_rules(console: Console, record: Record) -> None:
    columns = ["rule", "points", "leads"]
    if record["handoffs"]["given"]:
        columns += [*(["handed over"] if console.width >= WIDE else []), "accepted with", "without"]
    rows = [[_cell(one, column) for column in columns] for one in record["rules"]]
    console.print(table("Rules in use", columns, rows, columns[1:], columns[1:]))
    console.print(f"[dim]{words.handoffs(record['handoffs'])}[/]\n", highlight=False, soft_wrap=True)


def _cell(one: Record, column: str) -> str:
    """Return a cell of a rule; what stands out of it stands below its name."""
    if column in SHARES:
        return words.share(one[SHARES[column]])
    if column == "leads":
        return f"{one['with_points']['now']:,}"
    standing_out = words.rule(one) if column == "rule" else ""
    return str(one["label" if column == "rule" else column]) + (f"\n  {standing_out}" if standing_out else "")


def _show_reasons(console: Console, record: Record) -> None:
    reasons = record["reasons"]
    if not reasons:
        console.print("Nothing was sent back, so there are no reasons to learn from.", highlight=False)
        return
    rows = [(one["reason"] or "(no reason)", f"{one['count']:,}", words.reason(one)) for one in reasons[:SHOWN]]
    columns = ("reason", "leads", "what tells them from accepted ones")
    console.print(table("Why sales sent leads back", columns, rows, ("leads",), ("leads",)))
