"""What definitions would have done, as people read it: one beside the other."""

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console

from ripeline.entry.cli.show import counted, table
from ripeline.entry.cli.show_sla import bar, percent

Record = Mapping[str, Any]

SIDES: Final = {"both": "both", "only_first": "only the first", "only_second": "only the second"}
MOST_MISSED: Final = 10


def show_backtest(console: Console, record: Record) -> None:
    """Print what the definitions would have done."""
    every = {"1d": "every day", "1w": "every week"}[record["step"]]
    told = f"[bold]From {record['from']} to {record['to']}[/], everybody looked at {every}, as it was known then.\n"
    console.print(told, highlight=False, soft_wrap=True)
    names = [one["definition"] for one in record["definitions"]]
    rows = [(line, *(said(one) for one in record["definitions"])) for line, said in _lines(record).items()]
    console.print(table("What they would have done", ("", *names), rows))
    for one in record["definitions"]:
        _show_weeks(console, one)
        _show_missed(console, one)
    if record["differ"]:
        rows = [
            (
                SIDES[side["who"]],
                f"{side['mqls']:,}",
                _share(side["won"]),
                f"{side['caught']:,}",
                ", ".join(side["examples"][:4]),
            )
            for side in record["differ"]
        ]
        columns = ("MQL of", "leads", "won in time", "wins caught", "such as")
        console.print(table("Where they differ", columns, rows, ("leads", "wins caught")))


def _lines(record: Record) -> dict[str, Any]:
    within = record["within_days"]
    return {
        "MQLs": lambda one: f"{one['mqls']:,}, {one['per_week']:,.1f} a week",
        "were MQLs before": lambda one: f"{one['before']:,}",
        f"won within {counted(within, 'day')}": lambda one: _share(one["won"]),
        "accepted by sales": lambda one: _share(one["accepted"]),
        "of all wins, were MQLs before": lambda one: _share(one["caught"]),
        "days from MQL to win": lambda one: _days(one["days_to_win"]),
    }


def _days(days: Record) -> str:
    if days["half"] is None:
        return "too few"
    return f"half within {days['half']}, three quarters within {days['three_quarters']}"


def _show_weeks(console: Console, one: Record) -> None:
    most = max((week["mqls"] for week in one["weeks"]), default=0) or 1
    rows = [
        (week["first"], f"{week['mqls']:,}", bar(week["mqls"] / most), _share(week["won"])) for week in one["weeks"]
    ]
    columns = ("week of", "MQLs", "", "won in time")
    console.print(table(f"MQLs by {one['definition']}", columns, rows, ("MQLs",), ("week of", "")))


def _show_missed(console: Console, one: Record) -> None:
    if one["missed"]:
        rows = [
            (
                miss["lead"],
                miss["won"][:10],
                _score(miss, "fit"),
                _score(miss, "engagement"),
            )
            for miss in one["missed"][:MOST_MISSED]
        ]
        columns = ("lead", "won", "fit just before", "interest just before")
        console.print(table("Won without being an MQL before, the last first", columns, rows))


def _score(miss: Record, part: str) -> str:
    return f"{miss[f'{part}_level']} ({float(miss[part]):.1f})"


def _share(rate: Record) -> str:
    if rate["share"] is None:
        return f"{rate['count']} of {rate['of']}" if rate["of"] else "nobody yet"
    return f"{percent(rate['share'])} of {rate['of']:,}"
