"""Handoffs as people read them: what is due first, and one with everything that happened to it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ripeline.entry.cli.show import counted, minute, table
from ripeline.usecases.lead_record import handoff_record
from ripeline.usecases.salespeople import left_text
from ripeline.vocabulary.handoffs import OPEN, Handoff
from ripeline.vocabulary.points import micro_of, shown_text

Labels = Mapping[tuple[str, str], str]
"""What people call signals, by the definition's name and theirs."""

COLOURS = {
    "open": "bold",
    "accepted": "green",
    "won": "green",
    "waiting": "yellow",
    "held": "yellow",
    "rejected": "dim",
    "recycled": "dim",
    "disqualified": "dim",
    "withdrawn": "dim",
    "lost": "dim",
}


def show_handoffs(
    console: Console, total: int, found: Sequence[Handoff], now_us: int, labels: Labels, held: int
) -> None:
    """Print a page of handoffs. held: how many nobody sees until they are released, where there is nothing else."""
    if not found:
        console.print(f"None to answer; {held:,} held: ripeline release" if held else "No handoffs.", highlight=False)
        return
    rows = [_row(one, now_us, labels) for one in found]
    shown = table("Handoffs", ("no.", "lead", "why", "state", "owner", "answer"), rows, ("no.",), ("lead", "state"))
    console.print(shown)
    if total > len(found):
        console.print(f"{len(found):,} of {counted(total, 'handoff')}; more with --limit", highlight=False)


def _row(one: Handoff, now_us: int, labels: Labels) -> tuple[str, ...]:
    asked = f"asked: {signal_label(labels, one.definition, one.hand_raise)}" if one.hand_raise else one.rating
    drawn = "" if one.by_lot is None else f"{', ' if asked else ''}by lot"
    return str(one.number), one.lead.value, asked + drawn, one.state, one.owner or "", _answer(one, now_us)


def signal_label(labels: Labels, definition: str, signal: str) -> str:
    """Return what people call a signal, its name where the definition that is live has it no more.

    definition: its name, or name@fingerprint.

    >>> signal_label({("qualification", "demo"): "Asked for a demo"}, "qualification@0123", "demo"), signal_label({}, "", "demo")
    ('Asked for a demo', 'demo')
    """
    return labels.get((definition.partition("@")[0], signal), signal)


def _answer(one: Handoff, now_us: int) -> str:
    if one.state == OPEN and one.accept_due_us is not None:
        return f"{left_text(one.accept_due_us - now_us)}, by {_minute(one, 'accept_by')} UTC"
    if one.accepted_us is not None and one.closed_us is None:
        return f"accepted {_minute(one, 'accepted_at')}"
    return one.why


def _minute(one: Handoff, name: str) -> str:
    return minute(handoff_record(one)[name])


def show_handoff(console: Console, record: Mapping[str, Any], labels: Labels) -> None:
    """Print one handoff with everything that happened to it."""
    colour = COLOURS[record["state"]]
    console.print(
        f"[bold]Handoff {record['number']}[/]  {escape(record['lead'])}  [{colour}]{record['state']}[/]",
        highlight=False,
        soft_wrap=True,
    )
    grid = Table.grid(padding=(0, 2))
    for name, told in _facts(record, labels):
        grid.add_row(f"[dim]{name}[/]", escape(told))
    console.print(grid)
    steps = [(minute(step["at"]), step["what"].replace("_", " "), step["by"], step["why"]) for step in record["steps"]]
    console.print(table("What happened, times in UTC", ("when", "what", "by", "why"), steps, (), ("when", "what")))


def _facts(record: Mapping[str, Any], labels: Labels) -> Iterable[tuple[str, str]]:
    levels = f"fit {shown_text(micro_of(record['fit']))}, interest {shown_text(micro_of(record['engagement']))}"
    if record["hand_raise"]:
        asked = signal_label(labels, record["definition"], record["hand_raise"])
        yield "why", f"asked to talk to sales ({asked}); {levels}"
    else:
        yield "why", levels
    if record["by_lot"] is not None:
        yield "drawn by lot", f"of such leads {record['by_lot'] * 100:g}% go to sales"
    if record["account"]:
        yield "account", record["account"]
    yield "owner", record["owner"] or "nobody yet"
    if record["state"] == OPEN:
        yield "accept by", f"{minute(record['accept_by'])} UTC"
    if record["state"] in {OPEN, "accepted"} and record["touched_at"] is None:
        yield "be in touch by", f"{minute(record['touch_by'])} UTC"
    for name in ("reason", "comment", "competitor", "resting_until"):
        if record[name]:
            yield name.replace("_", " "), record[name].replace("_", " ")
    for name, told in record["found"].items():
        if told:
            yield name, told
    if record["lapsed"]:
        yield "let lapse by", ", ".join(record["lapsed"])
    for flag in record["flags"]:
        yield "note", flag


def show_route(console: Console, record: Mapping[str, Any]) -> None:
    """Print who would get a lead, and why not the others."""
    who = record["owner"] or "Nobody"
    console.print(f"[bold]{escape(who)}[/] would get {escape(record['lead'])}.", highlight=False, soft_wrap=True)
    console.print(escape(record["why"]), highlight=False, soft_wrap=True)
    if record["passed_over"]:
        rows = [(one["person"], one["why"]) for one in record["passed_over"]]
        console.print(table("The others", ("who", "why not"), rows))


def show_stages(console: Console, lines: Sequence[Mapping[str, Any]], total: int) -> None:
    """Print lines of the log of stages; total: how many are asked for, those of further pages too."""
    if not lines:
        console.print("Nobody has moved yet.")
        return
    rows = [
        (minute(line["at"]), line["lead"], f"{line['from']} → {line['to']}", line["by"] or line["cause"], line["why"])
        for line in lines
    ]
    columns = ("when UTC", "lead", "move", "by", "why")
    console.print(table("Stages", columns, rows, (), ("when UTC", "lead")))
    if total > len(lines):
        more = f"the next with --after {lines[-1]['number']}, all with -o"
        console.print(f"The oldest {len(lines):,} of {counted(total, 'line')}; {more}", highlight=False)
