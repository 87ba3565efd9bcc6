"""Charts as inline SVG: axes, curves, dots, whiskers.

Places are in percent of the room there is, sizes of letters and dots in pixels: a chart grows and shrinks with its
page, and stays readable. What stands beside the axes lies outside the drawing, in the padding around it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ripeline.usecases.report.markup import NOTHING, Html, joined, p, said, tag
from ripeline.usecases.report.scale import Scale

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """What it tells, from where to where, and how its values are written."""

    name: str
    scale: Scale
    text: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart. key: no other on the page has it; title, told: what it shows, for those who do not see it."""

    key: str
    title: str
    told: str
    x: Axis
    y: Axis
    height: int = 260
    kind: str = ""

    def drawn(self, *marks: Html, above: Html = NOTHING, below: Html = NOTHING) -> Html:
        """Return the chart with its axes. above, below: what stands over and under all of it."""
        names = (tag("title", said(self.title), id=f"{self.key}-t"), tag("desc", said(self.told), id=f"{self.key}-d"))
        drawing = tag(
            "svg",
            *names,
            _mesh(self.x, self.y),
            *marks,
            width="100%",
            height=self.height,
            role="img",
            aria_labelledby=f"{self.key}-t {self.key}-d",
        )
        inside = (above, p(self.y.name, "axis"), tag("div", drawing, class_="frame"), p(self.x.name, "axis across"))
        return tag("figure", *inside, below, class_=f"plot {self.kind}".rstrip())

    def curve(self, points: Sequence[Point], kind: str = "curve") -> Html:
        """Return a line through points."""
        return stretched(f"M{self._way(points)}", kind)

    def _way(self, points: Sequence[Point]) -> str:
        return "L".join(f"{self.x.scale.at(x):g} {100 - self.y.scale.at(y):g}" for x, y in points)

    def dot(self, at: Point, hint: str, kind: str = "dot", radius: float = 5) -> Html:
        """Return a dot. hint: what is told of it where somebody points to it."""
        x, y = at
        round_ = tag("circle", cx=_part(self.x.scale.at(x)), cy=_part(100 - self.y.scale.at(y)), r=radius, class_=kind)
        return tag("g", tag("title", said(hint)), round_)

    def whisker(self, x: float, low: float, high: float) -> Html:
        """Return between which two a value lies, upright."""
        from_, to = (100 - self.y.scale.at(end) for end in (low, high))
        return straight((self.x.scale.at(x), from_), (self.x.scale.at(x), to), "whisker")

    def upright(self, x: float, kind: str = "guide") -> Html:
        """Return a line from the axis up to the top."""
        return straight((self.x.scale.at(x), 0), (self.x.scale.at(x), 100), kind)

    def box(self, low: Point, high: Point, kind: str) -> Html:
        """Return a box between two corners."""
        (left, right), (bottom, top) = (
            (scale.at(one), scale.at(other))
            for scale, one, other in zip((self.x.scale, self.y.scale), low, high, strict=True)
        )
        return block(left, right, kind, y=_part(100 - top), height=_part(top - bottom))

    def label(self, at: Point, text: str, anchor: str = "middle", across: int = 0, down: int = -8) -> Html:
        """Return words near a point. anchor: which end of them stands there; across, down: so many pixels from it."""
        x, y = _part(self.x.scale.at(at[0])), _part(100 - self.y.scale.at(at[1]))
        return tag("text", said(text), x=x, y=y, dx=across, dy=down, text_anchor=anchor, class_="strong")


def stretched(way: str, kind: str) -> Html:
    """Return a path over the whole room, 100 wide and 100 high; its lines are as thick as elsewhere."""
    path = tag("path", d=way, class_=kind, vector_effect="non-scaling-stroke")
    return tag("svg", path, viewBox="0 0 100 100", preserveAspectRatio="none", width="100%", height="100%")


def straight(from_: Point, to: Point, kind: str) -> Html:
    """Return a straight line between two places, in percent."""
    (x1, y1), (x2, y2) = from_, to
    return tag("line", x1=_part(x1), y1=_part(y1), x2=_part(x2), y2=_part(y2), class_=kind)


def block(left: float, right: float, kind: str, y: str | float, height: str | float) -> Html:
    """Return a bar from one place to another, in percent, on whichever side they lie."""
    x, width = _part(min(left, right)), _part(abs(right - left))
    return tag("rect", x=x, width=width, y=y, height=height, class_=kind)


def legend(lines: Iterable[tuple[Html, str]]) -> Html:
    """Return what marks mean: of each a small drawing, and words."""
    return tag("ul", *(tag("li", mark, said(text)) for mark, text in lines), class_="legend")


def sample(kind: str) -> Html:
    """Return a piece of a line for a legend."""
    line = tag("line", x1=0, x2=26, y1=6, y2=6, class_=kind)
    return tag("svg", line, width=26, height=12, aria_hidden="true")


def piece(kind: str) -> Html:
    """Return a piece of a field for a legend."""
    field = tag("rect", x=1, y=1, width=24, height=10, class_=kind)
    return tag("svg", field, width=26, height=12, aria_hidden="true")


def _mesh(x: Axis, y: Axis) -> Html:
    across = (_tick_across(x.scale.at(tick), x.text(tick)) for tick in x.scale.ticks)
    up = (_tick_up(100 - y.scale.at(tick), y.text(tick)) for tick in y.scale.ticks)
    return tag("g", joined(up), joined(across), straight((0, 100), (100, 100), "base"))


def _tick_across(at: float, text: str) -> Html:
    return tag("text", said(text), x=_part(at), y="100%", dy=18, text_anchor="middle")


def _tick_up(at: float, text: str) -> Html:
    named = tag("text", said(text), x=0, y=_part(at), dx=-8, dy=4, text_anchor="end")
    return joined([straight((0, at), (100, at), "mesh"), named])


def _part(percent: float) -> str:
    return f"{percent:.6g}%"
