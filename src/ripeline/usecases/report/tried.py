"""How many rules were worth it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ripeline.usecases.report.bars import axis_below, dot_on
from ripeline.usecases.report.frame import beside, section, sign
from ripeline.usecases.report.markup import NOTHING, Html, p, said, tag
from ripeline.usecases.report.numbers import counted, number
from ripeline.usecases.report.scale import Scale, scale_of
from ripeline.usecases.report.words import looks

Record = Mapping[str, Any]

_PARTS = 2


def tried(record: Record) -> Html:
    """Return the section; nothing where nothing was tried."""
    ways = sorted(record["tried"], key=lambda one: (one["together"], one["rules"]))
    if not ways:
        return NOTHING
    most = next(counted(one["rules"], "rule") for one in ways if one["taken"])
    lead = said(f"At most {most} were taken: the fewest that are not clearly worse than the best.")
    return section("How many rules are worth it", lead, beside(_words(ways, looks(record["data"])), _table(ways)))


def _words(ways: Sequence[Record], what: str) -> Iterator[Html]:
    yield p("Each quarter of the leads was foretold from the others. Log loss is what still surprised: less is better.")
    if what == "snapshot":
        yield p("A win counts once here, however often its lead was looked at; figures elsewhere differ.", "small")
    if any(one["together"] for one in ways):
        yield p("Since there are few, all facts were also weighed together, instead of one after the other.", "small")


def _table(ways: Sequence[Record]) -> Html:
    scale = scale_of((one["log_loss"] for one in ways), _PARTS)
    axis = tag("tr", tag("td"), tag("td", axis_below(scale)), tag("td"), tag("td"))
    return tag("table", tag("tbody", *(_row(one, scale) for one in ways), axis), class_="grid who")


def _row(one: Record, scale: Scale) -> Html:
    kind = "own" if one["taken"] else "other"
    named = f"{counted(one['rules'], 'rule')}{', together' if one['together'] else ''}"
    return tag(
        "tr",
        tag("th", said(named), scope="row"),
        tag("td", dot_on(one["log_loss"], None, scale, kind)),
        tag("td", said(number(one["log_loss"], 4)), class_="number"),
        tag("td", sign("taken", "yes") if one["taken"] else NOTHING, class_="number"),
        class_=kind,
    )
