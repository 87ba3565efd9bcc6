"""Small drawings within a table: they repeat in a picture what stands beside them as text."""

from collections.abc import Mapping
from typing import Any

from ripeline.usecases.report.charts import block, straight
from ripeline.usecases.report.markup import NOTHING, Html, said, tag
from ripeline.usecases.report.scale import Scale

Record = Mapping[str, Any]

HEIGHT = 28
_MIDDLE = 50


def small(*marks: Html, height: int = HEIGHT, width: str | int = "100%") -> Html:
    """Return a drawing as wide as its cell; those who cannot see it miss nothing."""
    return tag("svg", *marks, width=width, height=height, aria_hidden="true")


def points_bar(points: float, low: float, high: float, scale: Scale) -> Html:
    """Return a bar from 0 to some points, with a whisker from low to high."""
    bar = block(scale.at(0), scale.at(points), "plus" if points >= 0 else "minus", y=8, height=12)
    zero = straight((scale.at(0), 0), (scale.at(0), 100), "base")
    return small(bar, zero, across(low, high, scale, "whisker"))


def rate_bar(rate: Record, scale: Scale) -> Html:
    """Return a bar as long as a share, with a whisker over its interval; nothing where there are too few."""
    return NOTHING if rate["share"] is None else points_bar(rate["share"], rate["low"], rate["high"], scale)


def share_bar(share: float, kind: str) -> Html:
    """Return how much of all a share is."""
    return small(block(0, 100, "track", y=1, height=8), block(0, 100 * share, kind, y=1, height=8), height=10)


def dot_on(value: float, ends: tuple[float, float] | None, scale: Scale, kind: str, base: float | None = None) -> Html:
    """Return a dot on a line, with a whisker between its ends. base: where a line stands that it is compared with."""
    guide = NOTHING if base is None else straight((scale.at(base), 0), (scale.at(base), 100), "guide")
    whisker = NOTHING if ends is None else across(*ends, scale, f"whisker {kind}")
    dot = tag("circle", cx=f"{scale.at(value):g}%", cy=f"{_MIDDLE}%", r=5.5, class_=f"dot {kind}")
    return small(straight((0, _MIDDLE), (100, _MIDDLE), "mesh"), guide, whisker, dot)


def across(low: float, high: float, scale: Scale, kind: str) -> Html:
    """Return a whisker that lies, with an end at each side."""
    left, right = scale.at(low), scale.at(high)
    ends = (
        tag("line", x1=f"{at:g}%", x2=f"{at:g}%", y1=HEIGHT / 2 - 4, y2=HEIGHT / 2 + 4, class_=kind)
        for at in (left, right)
    )
    return tag("g", straight((left, _MIDDLE), (right, _MIDDLE), kind), *ends)


def times_found(times: int, of: int) -> Html:
    """Return one dot for each time, filled where it was found."""
    dots = (
        tag("circle", cx=6 + 13 * place, cy=6, r=4.5, class_="plus" if place < times else "hollow")
        for place in range(of)
    )
    return small(*dots, height=12, width=13 * of)


def axis_below(scale: Scale) -> Html:
    """Return the round values of a scale, to stand below drawings of a column."""
    ticks = (
        tag("text", said(f"{tick:g}"), x=f"{scale.at(tick):g}%", y=14, text_anchor="middle") for tick in scale.ticks
    )
    return small(straight((0, 0), (100, 0), "base"), *ticks, height=18)
