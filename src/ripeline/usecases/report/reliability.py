"""Whether chances mean what they say: what was foretold of groups of leads, and what happened."""

from collections.abc import Mapping, Sequence
from typing import Any

from ripeline.usecases.report.bars import small
from ripeline.usecases.report.charts import Axis, Plot, legend, piece, sample, straight
from ripeline.usecases.report.frame import as_table, beside, grid, section
from ripeline.usecases.report.markup import NOTHING, Html, p, said, tag
from ripeline.usecases.report.numbers import SURE, between, counted, number, percent, told
from ripeline.usecases.report.scale import Scale, scale_of
from ripeline.usecases.report.words import JUDGED, looks

Record = Mapping[str, Any]

_STRIP = 40
_WIDE = 7
_PARTS = 5


def reliability(record: Record) -> Html:
    """Return the section; nothing where no group was judged."""
    found, what = record["calibration"], looks(record["data"])
    groups = found["groups"]
    if not groups:
        return NOTHING
    apart = number(100 * found["error"], 1)
    lead = said(f"What was foretold and what happened lie {apart} percentage points apart on average; 0 is best.")
    rows = counted(sum(one["of"] for one in groups), what)
    words = (
        p(f"{rows} in groups of like chances, {JUDGED[record['split']['kind']]}."),
        p(_hits(groups)),
        p("Below the diagonal chances promise too much, above it too little.", "small"),
        as_table("The groups as a table", _table(groups, what)),
    )
    return section("Do chances come true?", lead, beside(words, _drawn(groups, what)))


def _hits(groups: Sequence[Record]) -> str:
    there = [one for one in groups if one["low"] is not None]
    hit = sum(one["low"] <= one["foretold"] <= one["high"] for one in there)
    return (
        f"In {hit} of {counted(len(there), 'group')} what was foretold lies between the ends of the line, that is, no "
        f"further from what happened than chance alone would bring, at {SURE}."
    )


def _drawn(groups: Sequence[Record], what: str) -> Html:
    there = [one for one in groups if one["share"] is not None]
    scale = scale_of([0.0, *(one[end] for one in there for end in ("foretold", "high"))], _PARTS)
    x, y = Axis("what was foretold", scale, percent), Axis("what happened: won", scale, percent)
    shows = f"{len(there)} groups: of each the chance that was foretold, and the share that was won, beside a diagonal."
    plot = Plot("reliability", "Foretold against what happened", shows, x, y, kind="square")
    diagonal = plot.curve([(scale.low, scale.low), (scale.high, scale.high)], "guide")
    whiskers = (plot.whisker(one["foretold"], one["low"], one["high"]) for one in there)
    dots = (plot.dot((one["foretold"], one["share"]), _hint(one, what)) for one in there)
    meaning = [(sample("guide"), "what was foretold happened"), (piece("rest"), f"how many {what}s a group has")]
    return tag("div", legend(meaning), plot.drawn(diagonal, *whiskers, *dots, above=_sizes(there, scale)))


def _hint(one: Record, what: str) -> str:
    return f"foretold {percent(one['foretold'])}, won {told(one)} of {counted(one['of'], what)}"


def _sizes(groups: Sequence[Record], scale: Scale) -> Html:
    """Return how many each group has, as bars over its place on the chart."""
    most = max((one["of"] for one in groups), default=1)
    bars = (_size(one["of"] / most, scale.at(one["foretold"]), f"{one['of']:,}") for one in groups)
    label = tag("text", said(f"{most:,}"), x=0, y=10, dx=-8, text_anchor="end")
    return tag("div", small(label, *bars, straight((0, 100), (100, 100), "mesh"), height=_STRIP), class_="strip")


def _size(share: float, at: float, hint: str) -> Html:
    height = round(100 * share, 1)
    return tag(
        "rect",
        tag("title", said(hint)),
        x=f"{at:g}%",
        y=f"{100 - height:g}%",
        width=_WIDE,
        height=f"{height:g}%",
        class_="rest",
        transform=f"translate({-_WIDE / 2:g} 0)",
    )


def _table(groups: Sequence[Record], what: str) -> Html:
    rows = (
        [said(percent(one["foretold"])), said(told(one)), said(between(one)), said(f"{one['of']:,}")] for one in groups
    )
    return grid(("Foretold", "Won", f"Between, at {SURE}", f"{what.capitalize()}s"), rows, (0, 1, 2, 3))
