"""The curve of capacity: what lines at other places would hand over, and how many wins they would hold."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report.charts import Axis, Plot, legend, piece, sample
from ripeline.usecases.report.frame import grid
from ripeline.usecases.report.markup import Html, said, tag
from ripeline.usecases.report.numbers import number, percent, told
from ripeline.usecases.report.quality import FLAGGED, HELD
from ripeline.usecases.report.scale import Scale, scale_of
from ripeline.usecases.report.words import handed

Record = Mapping[str, Any]

_SHARES: Final = Scale(0.0, 1.0, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))
_HEIGHT: Final = 320
_PARTS: Final = 5
_FAR: Final = 0.75
"""Beyond such a share of the chart there is no room for words on the right."""


def leads_a_week(record: Record) -> float | None:
    """Return how many leads there are a week; None where nothing is dated, or there are hardly any."""
    weekly = record["capacity"][0]["per_week"]
    return float(weekly) if weekly else None


def capacity_chart(record: Record) -> Html:
    """Return the curve, by leads a week, or by the share of leads where nothing is dated."""
    weekly, is_by_lead = leads_a_week(record), handed(record["asked"]) == "lead"
    whole = weekly or 1.0
    plot = _plot(weekly, f"; {_told(record['line'])}" if is_by_lead else "")
    room = None if weekly is None else record["asked"]["capacity_per_week"]
    too_many = [] if room is None else _too_many(plot, room)
    mark = _line(plot, record["line"], whole) if is_by_lead else []
    marks = (*too_many, *_bounds(plot, whole), *_curves(plot, record["capacity"], whole), *mark)
    beyond = [(piece("beyond"), "more than sales can answer")] if too_many else []
    return tag("div", _legend(beyond), plot.drawn(*marks, below=_ends()))


def _told(proposed: Record) -> str:
    return f"the proposed line: {told(proposed['flagged'])} of leads, {told(proposed['caught'])} of wins"


def _plot(weekly: float | None, line: str) -> Plot:
    shows = f"The more leads are handed over, the more wins are held, and the fewer of them are won{line}."
    x = (
        Axis("share of leads handed over", _SHARES, percent)
        if weekly is None
        else Axis("leads handed over a week", scale_of([0.0, weekly], _PARTS), lambda at: f"{at:,g}")
    )
    return Plot("capacity", "Leads handed over against wins held", shows, x, Axis("share", _SHARES, percent), _HEIGHT)


def _too_many(plot: Plot, room: float) -> list[Html]:
    """Return where there are more leads than can be answered."""
    most = plot.x.scale.high
    return [] if room >= most else [plot.box((room, 0.0), (most, 1.0), "beyond"), plot.upright(room, "base")]


def _bounds(plot: Plot, whole: float) -> list[Html]:
    """Return the public quality bar, and what picking leads blindly would hold."""
    bar = plot.box((FLAGGED[0] * whole, HELD[0]), (FLAGGED[1] * whole, HELD[1]), "zone")
    return [bar, plot.curve([(0.0, 0.0), (whole, 1.0)], "guide")]


def _curves(plot: Plot, steps: Sequence[Record], whole: float) -> list[Html]:
    at = [whole * one["leads"] / steps[0]["leads"] for one in steps]
    held, won = (
        [(place, one[side]["share"]) for place, one in zip(at, steps, strict=True) if one[side]["share"] is not None]
        for side in ("caught", "won")
    )
    return [plot.curve([*held, (0.0, 0.0)]), *([plot.curve(won, "second")] if won else [])]


def _line(plot: Plot, proposed: Record, whole: float) -> list[Html]:
    flagged, held = proposed["flagged"]["share"], proposed["caught"]["share"]
    if flagged is None or held is None:
        return []
    at = (flagged * whole, held)
    anchor, across, down = ("end", 6, 26) if flagged > _FAR else ("start", 10, 18)
    return [plot.dot(at, _told(proposed), "ring", 6), plot.label(at, "proposed line", anchor, across, down)]


def _legend(more: Sequence[tuple[Html, str]]) -> Html:
    return legend(
        [
            (sample("curve"), "share of all wins that are held"),
            (sample("second"), "share of those handed over that is won"),
            (sample("guide"), "wins held by picking blindly"),
            (piece("zone"), "public quality bar"),
            *more,
        ]
    )


def _ends() -> Html:
    ends = ("← line too high: misses buyers", "line too low: overwhelms sales →")
    return tag("div", *(tag("span", said(end)) for end in ends), class_="ends")


def capacity_table(steps: Sequence[Record]) -> Html:
    """Return the same in figures, the highest line first."""
    leads = "Leads" if steps[0]["per_week"] is None else "Leads a week"
    return grid(("Points", leads, "Of all wins", "Won"), map(_step, reversed(steps)), (0, 1, 2, 3))


def _step(one: Record) -> list[Html]:
    leads = f"{one['leads']:,}" if one["per_week"] is None else number(one["per_week"], 1)
    return [said(number(one["points"])), said(leads), said(told(one["caught"])), said(told(one["won"]))]
