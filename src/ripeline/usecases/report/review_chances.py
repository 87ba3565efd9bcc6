"""What was foretold of leads of then against what became of them, and who was won by where they stood."""

from collections.abc import Mapping, Sequence
from typing import Any

from ripeline.usecases.report import review_words as words
from ripeline.usecases.report.charts import Axis, Plot, legend, sample
from ripeline.usecases.report.frame import as_table, beside, grid, section
from ripeline.usecases.report.markup import NOTHING, Html, called, joined, p, said, tag
from ripeline.usecases.report.numbers import SURE, number, percent, told
from ripeline.usecases.report.scale import scale_of

Record = Mapping[str, Any]

_PARTS = 5


def chances(record: Record) -> Html:
    """Return the section of calibration."""
    found = record["calibration"]
    lead = said(words.calibration(found))
    if not found["groups"]:
        return section("Do chances come true?", lead)
    left = (*_losses(found["losses"]), as_table("The groups as a table", _table(found["groups"])))
    return section("Do chances come true?", lead, beside(left, _drawn(found["groups"])))


def _losses(losses: Record) -> list[Html]:
    lines = (("Brier score", losses["brier"]), ("Log loss", losses["log_loss"]))
    return [*(p(f"{name}: {_loss(one)}.") for name, one in lines), p("Less is better.", "small")]


def _loss(one: Record) -> str:
    return f"{number(one['value'], 4)}; had everybody's share been foretold of all, {number(one['constant'], 4)}"


def _drawn(groups: Sequence[Record]) -> Html:
    there = [one for one in groups if one["share"] is not None]
    scale = scale_of([0.0, *(one[end] for one in there for end in ("foretold", "high"))], _PARTS)
    x, y = Axis("what was foretold", scale, percent), Axis("what happened: won", scale, percent)
    shows = f"{len(there)} groups: of each the likelihood that was foretold, and the share that was won."
    plot = Plot("foretold", "Foretold against what happened", shows, x, y, kind="square")
    diagonal = plot.curve([(scale.low, scale.low), (scale.high, scale.high)], "guide")
    whiskers = (plot.whisker(one["foretold"], one["low"], one["high"]) for one in there)
    dots = (plot.dot((one["foretold"], one["share"]), f"won {told(one)} of {one['of']:,}") for one in there)
    meaning = legend([(sample("guide"), "what was foretold happened")])
    return tag("div", meaning, plot.drawn(diagonal, *whiskers, *dots))


def _table(groups: Sequence[Record]) -> Html:
    rows = ([said(percent(one["foretold"])), said(told(one)), _between(one), said(f"{one['of']:,}")] for one in groups)
    return grid(("Foretold", "Won", f"Between, at {SURE}", "Leads"), rows, (0, 1, 2, 3))


def cells(record: Record) -> Html:
    """Return the section of who was won since, by where they stood then."""
    every = record["cells"]
    lead = said(words.won(every))
    table = grid(("Then", "Won", f"Between, at {SURE}", "Leads"), map(_cell, every), (1, 2, 3))
    is_told = any(one["won"]["of"] for one in every)
    return section("Who was won, by where they stood then", lead, table if is_told else NOTHING)


def _cell(one: Record) -> list[Html]:
    where = called(f"{one['fit']} fit, {one['engagement']} interest")
    stood = joined([where, tag("span", said(one["action"].replace("_", " ")), class_="small below")])
    return [
        stood,
        said(told(one["won"]) if one["won"]["of"] else "-"),
        _between(one["won"]),
        said(f"{one['won']['of']:,}"),
    ]


def _between(one: Record) -> Html:
    return said(words.between(one) or "too few to tell")
