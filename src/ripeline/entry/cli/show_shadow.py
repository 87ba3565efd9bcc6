"""Our MQLs beside the CRM's, as people read it: what each lot came to, who was earlier, and a few leads by name."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from ripeline.entry.cli.show import counted, table
from ripeline.entry.cli.show_sla import FEW, percent
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.calendar import Zone, day_text

Record = Mapping[str, Any]
TITLES = {
    "ours": "ours, all",
    "theirs": "the CRM's, all",
    "both": "in both",
    "only_ours": "only ours",
    "only_theirs": "only the CRM's",
}


def show_shadow(console: Console, record: Record, zone: Zone) -> None:
    """Print the comparison, days by the clocks of a zone."""
    days = f"{_day(record['from'], zone)} to {_day(record['to'], zone)}"
    told = f"[bold]Our MQLs beside the CRM's[/], {days}, by {record['definition']}\n"
    console.print(told, highlight=False, soft_wrap=True)
    for line in _left_out(record):
        console.print(f"[yellow]{escape(line)}[/]", highlight=False, soft_wrap=True)
    groups = record["groups"]
    rows = [(TITLES[name], *_cells(groups[name])) for name in TITLES]
    columns = ("MQLs", "leads", "accepted", "won so far")
    console.print(table("What they came to", columns, rows, ("leads",), columns))
    for line in (*_earlier(record["earlier"]), *_unsaid(groups)):
        console.print(escape(line), highlight=False, soft_wrap=True)
    for name in ("only_ours", "only_theirs", "both"):
        examples = groups[name]["examples"]
        if examples:
            console.print()
            title = (
                f"{TITLES[name][0].upper()}{TITLES[name][1:]}: the first {len(examples)} of {groups[name]['leads']:,}"
            )
            rows = [_example(one, zone) for one in examples]
            console.print(table(title, ("lead", "ours", "the CRM's", "why, by us"), rows))


def _left_out(record: Record) -> Iterator[str]:
    unknown, refused = record["unknown"], record["refused"]
    if unknown["count"]:
        yield f"Not known here, and left out: {counted(unknown['count'], 'lead')} ({_few(unknown['first'], unknown)})"
    if refused["count"]:
        told = [f"{one['where']}: {one['why']}" for one in refused["first"]]
        yield f"Not read: {counted(refused['count'], 'row')} ({_few(told, refused)})"


def _few(named: Sequence[str], told: Record) -> str:
    more = told["count"] - len(named)
    return "; ".join(named) + (f"; and {more:,} more" if more else "")


def _cells(group: Record) -> tuple[str, ...]:
    return f"{group['leads']:,}", _rate(group["accepted"]), _rate(group["won"])


def _rate(rate: Record) -> str:
    if rate["share"] is None:
        return f"{rate['count']} of {rate['of']}, {FEW}" if rate["of"] else "nobody said"
    return f"{percent(rate['share'])} of {rate['of']:,} ({rate['low'] * 100:.0f}-{percent(rate['high'])})"


def _earlier(earlier: Record) -> Iterator[str]:
    if not earlier["compared"]:
        return
    yield (
        f"Of {earlier['compared']:,} in both whose day can be compared, we were earlier with {earlier['ours']:,}, "
        f"the CRM with {earlier['theirs']:,}, and both on the same day with {earlier['same_day']:,}."
    )
    middle = earlier["median_days"]
    if middle is None:
        yield f"By how many days: {FEW} to say."
    elif middle:
        yield f"In the middle {'we' if middle > 0 else 'the CRM'} had them {counted(abs(middle), 'day')} earlier."
    else:
        yield "In the middle both had them on the same day."


def _unsaid(groups: Record) -> Iterator[str]:
    """What the numbers cannot say."""
    causes: dict[str, int] = {}
    for name in ("both", "only_ours"):
        for cause, count in groups[name]["causes"].items():
            causes[cause] = causes.get(cause, 0) + count
    if causes:
        yield f"Why ours qualified: {', '.join(f'{name} {count:,}' for name, count in sorted(causes.items()))}."
    if any(cause in causes for cause in ("import", "definition", "merge", "unmerge", "restored")):
        yield "What qualified by an import, a definition or a merge may have been ripe long before: its day is not compared."
    yield "While nothing is sent nobody works what is only ours: that few of these are accepted or won says little."


def _example(one: Record, zone: Zone) -> tuple[str, ...]:
    days = ("" if one[name] is None else _day(one[name], zone) for name in ("ours_at", "theirs_at"))
    return (one["lead"], *days, one["why"] or f"Never an MQL here; stage {one['stage'] or 'lead'}.")


def _day(instant: str, zone: Zone) -> str:
    return day_text(zone.day(instant_of_text(instant, zone)))
