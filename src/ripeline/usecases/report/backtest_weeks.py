"""How many would have become MQLs week by week, and how many of them were won."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report.backtest_words import Side, days, each_told, sides, won_told
from ripeline.usecases.report.charts import Axis, Plot, legend, piece
from ripeline.usecases.report.frame import as_table, grid, section
from ripeline.usecases.report.markup import Html, p, said, tag
from ripeline.usecases.report.numbers import counted, number
from ripeline.usecases.report.scale import Scale, whole_scale

Record = Mapping[str, Any]

_TICKS: Final = 4
"""More dates below a chart do not stand beside one another on a small screen."""

_HEIGHT: Final = 170
_GAP: Final = 0.12
_KINDS: Final = (("plus", "won in time"), ("rest", "not won in time"), ("hollow", "not known yet"))


def weeks(record: Record) -> Html:
    """Return the section."""
    every = sides(record)
    most = max((week["mqls"] for _, one in every for week in one["weeks"]), default=0)
    if not most:
        return section("Week by week", said("Nobody would have become an MQL in any week of the period."))
    panels = (_panel(place, side, most, record) for place, side in enumerate(every, 1))
    note = p(f"{_unripe(every, days(record))} Weeks begin on Monday; the period may cut the first and the last.")
    return section(
        "Week by week",
        each_told(map(_most, every)),
        tag("div", note, class_="words"),
        legend((piece(kind), text) for kind, text in _KINDS),
        *panels,
    )


def _most(side: Side) -> list[Html]:
    name, one = side
    counts = [week["mqls"] for week in one["weeks"]]
    if not any(counts):
        return [name, said("would have made no MQLs")]
    first = one["weeks"][counts.index(max(counts))]["first"]
    if min(counts) == max(counts):
        return [name, said(f"would have made {counted(max(counts), 'MQL')} a week")]
    told = f"would have made {min(counts):,} to {counted(max(counts), 'MQL')} a week, most in that of"
    return [name, said(told), tag("span", said(first), class_="whole")]


def _unripe(every: Sequence[Side], within: str) -> str:
    """Return of how many weeks nobody can tell yet how many were won."""
    busy = [week for _, one in every for week in one["weeks"] if week["mqls"]]
    there = {week["first"] for week in busy}
    open_ = {week["first"] for week in busy if _not_yet(week)}
    if not open_:
        return f"The {within} of all of them are over."
    if open_ == there:
        return f"Of no week all MQLs have had their {within}: how many will be won is not known yet."
    return f"Of {counted(len(open_), 'week')} some MQLs have not had their {within}: there bars are hollow."


def _not_yet(week: Record) -> int:
    """Return of how many MQLs the days are not over."""
    return int(week["mqls"] - week["won"]["of"])


def _panel(place: int, side: Side, most: int, record: Record) -> Html:
    name, one = side
    every = one["weeks"]
    bars = _plot(place, every, most)
    drawn = bars.drawn(*(_bar(bars, at, week) for at, week in enumerate(every) if week["mqls"]))
    table = grid(("Week of", "MQLs", f"Won within {days(record)}", "Not known yet"), map(_row, every), (1, 2, 3))
    return tag("div", tag("h3", name), drawn, as_table("The weeks as a table", table), class_="block")


def _plot(place: int, every: Sequence[Record], most: int) -> Plot:
    step = -(-len(every) // _TICKS)
    middles = tuple(at + 0.5 for at in range(0, len(every), step))
    x = Axis("week of", Scale(0.0, float(len(every)), middles), lambda at: every[int(at)]["first"])
    made, won = sum(week["mqls"] for week in every), sum(week["won"]["count"] for week in every)
    shows = f"{counted(len(every), 'week')}: {counted(made, 'MQL')}, of whom {won:,} are known to be won in time."
    return Plot(f"weeks-{place}", "MQLs week by week", shows, x, Axis("MQLs", whole_scale(most), number), _HEIGHT)


def _bar(plot: Plot, at: int, week: Record) -> Html:
    """Return the bar of a week: who was won below, above them who was not, then those of whom nobody can tell."""
    won, over = week["won"]["count"], week["won"]["of"]
    parts = ("plus", won), ("rest", over - won), ("hollow", _not_yet(week))
    return tag("g", tag("title", said(_hint(week))), *_stacked(plot, at, parts))


def _stacked(plot: Plot, at: int, parts: Sequence[tuple[str, int]]) -> Iterator[Html]:
    low = 0
    for kind, many in parts:
        if many:
            yield plot.box((at + _GAP, low), (at + 1 - _GAP, low + many), kind)
        low += many


def _hint(week: Record) -> str:
    return f"Week of {week['first']}: {counted(week['mqls'], 'MQL')}, won in time {won_told(week['won'])}"


def _row(week: Record) -> list[Html]:
    won, open_ = week["won"], _not_yet(week)
    told = f"{won['count']:,} of {won['of']:,}" if won["of"] else "nobody yet" if open_ else "no MQLs"
    return [said(week["first"]), said(f"{week['mqls']:,}"), said(told), said(f"{open_:,}")]
