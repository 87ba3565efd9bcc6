"""What a total of points means: the curve from points to likelihood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Final

from ripeline.usecases.report.charts import Axis, Plot, legend, piece
from ripeline.usecases.report.frame import as_table, beside, grid, section
from ripeline.usecases.report.markup import NOTHING, Html, p, said, tag
from ripeline.usecases.report.numbers import number, percent
from ripeline.usecases.report.scale import Scale, scale_of
from ripeline.usecases.report.words import PARTS, looks, within
from ripeline.vocabulary.looks import read_moments

Record = Mapping[str, Any]

_PARTS: Final = 5
_EVERY: Final = 5
_NAME: Final = 12
"""Percent of the chart that a level needs for its name."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the total: from where to where it goes, in points, and whether its leads are handed over."""

    name: str
    low: float
    high: float
    is_handed: bool

    def middle(self, scale: Scale) -> float:
        """Return the points in the middle of it, as far as a scale goes."""
        return (max(self.low, scale.low) + min(self.high, scale.high)) / 2

    def width(self, scale: Scale) -> float:
        """Return how much of a scale it takes, in percent."""
        return scale.at(self.high) - scale.at(self.low)


def likelihood(record: Record) -> Html:
    """Return the section."""
    table, levels = record["likelihood"], list(levels_of(record))
    (low, least), (high, most) = table[0], table[-1]
    lead = said(f"{number(low)} points mean a likelihood of {percent(least)}, {number(high)} points {percent(most)}.")
    what = looks(record["data"])
    words = (
        p(f"The likelihood says how many of 100 {what}s with as many points are won{within(record['asked'])}."),
        *_line_told(levels, {at: chance for at, chance in table}),  # noqa: C416 - pairs are lists
        *_follows(record["asked"]["score_at"]),
        p("A smooth curve, fitted to all that was learned from; the definition holds it as a table.", "small"),
        as_table("The curve as a table", _table(table)),
    )
    return section("What points mean", lead, beside(words, _drawn(table, levels)))


def _follows(score_at: str) -> list[Html]:
    if read_moments(score_at) is None:
        return []
    return [
        p(
            "That is the level of today. From now on all likelihoods rise and fall together, each day anew, "
            "with how many of the last leads were won; points and levels stay."
        )
    ]


def levels_of(record: Record) -> Iterator[Level]:
    """Yield levels of the total, best first; none where fit and engagement both have rules: a pair of them counts."""
    parts = {one["part"] for one in record["rules"]}
    if len(parts) != 1:
        return
    (part,) = parts
    place = list(PARTS).index(part)
    handed = {cell[place] for cell in record["line"]["handed_over"]}
    high = inf
    for name, low in record["line"][part].items():
        yield Level(name, float(low), high, name in handed)
        high = float(low)


def _line_told(levels: Sequence[Level], chances: Mapping[float, float]) -> list[Html]:
    if not levels:
        return [p("Fit and engagement both count, so no single total is the line: the pair of levels is, see below.")]
    handed = [level.low for level in levels if level.is_handed]
    if not handed or min(handed) not in chances:
        return []
    line, chance = number(min(handed)), percent(chances[min(handed)])
    return [p(f"Leads with {line} points or more are handed over; with {line} points the likelihood is {chance}.")]


def _drawn(table: Sequence[Sequence[float]], levels: Sequence[Level]) -> Html:
    points = [(float(at), chance) for at, chance in table]
    across, up = (
        scale_of((at for at, _ in points), _PARTS),
        scale_of([0.0, *(chance for _, chance in points)], _PARTS),
    )
    shows = f"A curve that rises from {percent(points[0][1])} to {percent(points[-1][1])}."
    x, y = Axis("points", across, number), Axis("likelihood", up, percent)
    plot = Plot("likelihood", "From points to likelihood", shows, x, y)
    handed = [level for level in levels if level.is_handed]
    areas = (plot.box((level.low, up.low), (level.high, up.high), "under") for level in handed)
    lines = (plot.upright(level.low) for level in levels[:-1])
    names = (
        plot.label((one.middle(across), up.high), one.name, down=-4) for one in levels if one.width(across) >= _NAME
    )
    meaning = legend([(piece("under"), "handed over")]) if handed else NOTHING
    return tag("div", meaning, plot.drawn(*areas, *lines, plot.curve(points), *names))


def _table(table: Sequence[Sequence[float]]) -> Html:
    ends = {table[0][0], table[-1][0]}
    shown = ((at, chance) for at, chance in table if at % _EVERY == 0 or at in ends)
    return grid(("Points", "Likelihood"), ([said(number(at)), said(percent(chance))] for at, chance in shown), (0, 1))
