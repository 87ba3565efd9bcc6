"""The public quality bar: how many leads a line flags, how many wins it holds, how far the ends lie apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ripeline.usecases.report.bars import HEIGHT, across, small
from ripeline.usecases.report.charts import block, straight
from ripeline.usecases.report.frame import grid, sign
from ripeline.usecases.report.markup import NOTHING, Html, p, said, tag
from ripeline.usecases.report.numbers import number, percent, told
from ripeline.usecases.report.scale import Scale

Record = Mapping[str, Any]

FLAGGED: Final = (0.15, 0.35)
HELD: Final = (0.6, 1.0)
TIMES: Final = 10.0
"""What published thresholds do: flag such a share of leads, hold such a share of wins, part best from worst so far."""

_SHARES: Final = Scale(0.0, 1.0, ())
_RATIOS: Final = Scale(0.0, 30.0, ())
_MANY: Final = 100
"""Times of which no tenth is told."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What is asked, and what came of it. is_met: None where there are too few to tell; drawn: both as a picture."""

    asked: str
    came: str
    is_met: bool | None
    drawn: Html = NOTHING


def quality(line: Record, what: str) -> Html:
    """Return what is asked of a line, and what this one does. what: it hands over, leads or snapshots."""
    rows = ([said(goal.asked), goal.drawn, said(goal.came), _met(goal)] for goal in goals(line, what))
    note = p("What published thresholds of lead scoring do; the field is what is asked, the ring is here.", "small")
    table = grid(("Asked", "", "Here", ""), rows, kind="list bars")
    return tag("div", tag("h3", said("The public quality bar")), note, table, class_="block")


def goals(line: Record, what: str) -> list[Goal]:
    """Return what is asked of a line, one by one."""
    return [
        _share(f"{percent(FLAGGED[0])} to {percent(FLAGGED[1])} of {what}s handed over", line["flagged"], FLAGGED),
        _share(f"at least {percent(HELD[0])} of wins held", line["caught"], HELD),
        _apart(line["best_tenth"], line["worst_tenth"]),
    ]


def _share(asked: str, rate: Record, zone: tuple[float, float]) -> Goal:
    share = rate["share"]
    if share is None:
        return Goal(asked, told(rate), None)
    drawn = _drawn(share, zone, _SHARES, across(rate["low"], rate["high"], _SHARES, "whisker"))
    return Goal(asked, f"{percent(share)} ({rate['count']:,} of {rate['of']:,})", zone[0] <= share <= zone[1], drawn)


def _apart(best: Record, worst: Record) -> Goal:
    """Return how many times as often the best tenth was won as the worst: any number of times where that never was."""
    asked = f"the best tenth won at least {TIMES:g} times as often as the worst"
    if best["share"] is None or worst["share"] is None:
        return Goal(asked, "too few to tell", None)
    ends = f"{percent(best['share'])} against {percent(worst['share'])}"
    if not worst["count"]:
        return Goal(asked, f"{ends} (none of {worst['of']:,})", bool(best["count"]))
    times = best["count"] * worst["of"] / (worst["count"] * best["of"])
    shown = number(times, 1 if times < _MANY else 0)
    return Goal(asked, f"{shown} times ({ends})", times >= TIMES, _drawn(times, (TIMES, _RATIOS.high), _RATIOS))


def _drawn(value: float, zone: tuple[float, float], scale: Scale, whisker: Html = NOTHING) -> Html:
    field = block(scale.at(zone[0]), scale.at(zone[1]), "zone", y=3, height=HEIGHT - 6)
    dot = tag("circle", cx=f"{scale.at(value):g}%", cy="50%", r=5.5, class_="ring")
    return small(straight((0, 50), (100, 50), "base"), field, whisker, dot)


def _met(goal: Goal) -> Html:
    if goal.is_met is None:
        return sign("cannot be told", "plain")
    return sign("✓ met", "yes") if goal.is_met else sign("✗ not met", "no")
