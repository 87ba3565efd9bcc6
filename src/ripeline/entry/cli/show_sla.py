"""How sales answers, as a sales manager reads it: in sentences, then group by group."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Console
from rich.markup import escape

from ripeline.entry.cli.show import counted, table
from ripeline.usecases.salespeople import local_text
from ripeline.usecases.sla import Period
from ripeline.usecases.sla_words import TITLES, group_text, time_text
from ripeline.vocabulary.calendar import Zone

Record = Mapping[str, Any]
FEW = "too few"
BAR = 8
"""How many letters all of something is."""

WIDE: Final = 100
WIDE_ONLY: Final = ("open", "to contact")
"""Columns for which there is no room on a screen that is narrower."""


def show_sla(console: Console, record: Record, period: Period, zone: Zone) -> None:
    """Print the report."""
    when = f"{local_text(period.from_us, zone)} to {local_text(period.until_us, zone)} ({zone.name})"
    console.print(f"[bold]How sales answered[/] what it was given from {when}\n", highlight=False, soft_wrap=True)
    total = record["total"]
    for line in _told(total):
        console.print(escape(line), highlight=False, soft_wrap=True)
    for line in _ungiven(record["not_given"]):
        console.print(f"[yellow]{line}[/]", highlight=False, soft_wrap=True)
    if record["by"] == "reason":
        _show_reasons(console, total)
    elif record["groups"]:
        console.print()
        _show_groups(console, record)


def _told(total: Record) -> Iterator[str]:
    if not total["given"]:
        yield "No handoff was given to anybody."
        return
    states = total["states"]
    told = {
        "accepted": states["accepted"] + states["won"] + states["lost"],
        **{name: states[name] for name in ("rejected", "recycled", "disqualified", "withdrawn")},
        "not answered yet": total["still_open"],
    }
    yield f"{counted(total['given'], 'handoff')}: {', '.join(f'{count:,} {name}' for name, count in told.items() if count)}."
    yield f"Accepted           {_rate(total['acceptance'], 'answered')}"
    yield f"Answered in time   {_rate(total['accepted_in_time'], 'promised')}"
    yield f"Contacted in time  {_rate(total['touched_in_time'], 'promised')}"
    yield f"Time to accept     {_times(total['time_to_accept'])}"
    yield f"Time to contact    {_times(total['time_to_touch'])}"
    if total["breached"]:
        yield f"A promise was broken with {counted(total['breached'], 'handoff')}."
    if total["reassigned"]:
        lapsed = f", {counted(total['lapsed'], 'time')} because one was let lapse" if total["lapsed"] else ""
        yield f"Given to somebody else: {counted(total['reassigned'], 'handoff')}{lapsed}."
    if total["rejected"]:
        reasons = (f"{_words(reason)} {count:,}" for reason, count in total["rejected"].items())
        yield f"Rejected for: {', '.join(reasons)}."


def _ungiven(record: Record) -> Iterator[str]:
    if record["waiting"]:
        yield f"{counted(record['waiting'], 'handoff')} waiting for somebody who can take them."
    if record["held"]:
        yield f"{counted(record['held'], 'handoff')} held back until released: ripeline release."


def _show_groups(console: Console, record: Record) -> None:
    cells = [_cells(one) for one in record["groups"]]
    columns = [name for name in cells[0] if console.width >= WIDE or name not in WIDE_ONLY]
    rows = [
        (group_text(record["by"], one["group"]), *(told[name] for name in columns))
        for one, told in zip(record["groups"], cells, strict=True)
    ]
    right = ("given", "open", "lapsed")
    console.print(table(TITLES[record["by"]], ("", *columns), rows, right, columns))
    told = "Half of the times were no longer, in working hours. In time: promises to answer that were kept."
    console.print(told, style="dim", soft_wrap=True)


def _cells(one: Record) -> dict[str, str]:
    accepted, kept = one["acceptance"], one["accepted_in_time"]
    return {
        "given": f"{one['given']:,}",
        "open": f"{one['still_open']:,}",
        "accepted": f"{bar(accepted['share'], 5)} {_share(accepted)}".strip(),
        "to accept": _half(one["time_to_accept"]),
        "to contact": _half(one["time_to_touch"]),
        "in time": _share(kept),
        "lapsed": f"{one['lapsed']:,}" if one["lapsed"] else "",
    }


def _half(times: Record) -> str:
    seconds = times["half_within_s"]
    return "" if seconds is None else time_text(seconds)


def _show_reasons(console: Console, total: Record) -> None:
    most = max(total["rejected"].values(), default=0)
    rows = [(_words(reason), f"{count:,}", bar(count / most)) for reason, count in total["rejected"].items()]
    if rows:
        console.print()
        console.print(table("Why they were rejected", ("reason", "rejected", ""), rows, ("rejected",)))


def _rate(rate: Record, what: str) -> str:
    if rate["share"] is None:
        return f"{rate['count']} of {rate['of']} {what}: {FEW} for a rate" if rate["of"] else "nothing yet"
    between = f"{percent(rate['low'])} to {percent(rate['high'])}"
    return f"{bar(rate['share'])} {percent(rate['share'])} of {rate['of']:,} {what} ({between} at 95 %)"


def _share(rate: Record) -> str:
    return percent(rate["share"]) if rate["share"] is not None else f"{rate['count']} of {rate['of']}"


def _times(times: Record) -> str:
    half, most = times["half_within_s"], times["most_within_s"]
    if half is None:
        return f"{FEW}: {times['count']}"
    return f"half within {time_text(half)}, nine of ten within {time_text(most)} of working time"


def percent(share: float) -> str:
    """Return a share as whole percent.

    >>> percent(0.666), percent(1.0)
    ('67 %', '100 %')
    """
    return f"{share * 100:.0f} %"


def bar(share: float | None, letters: int = BAR) -> str:
    """Return a small bar of so many letters.

    >>> bar(0.5, 4)
    '██░░'
    """
    if share is None:
        return ""
    full = round(share * letters)
    return "█" * full + "░" * (letters - full)


def _words(reason: str) -> str:
    return reason.replace("_", " ")
