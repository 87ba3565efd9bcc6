"""Who is handed over: levels of fit and of engagement, and what is done for each pair of them."""

from collections.abc import Mapping
from typing import Any

from ripeline.usecases.report.markup import NOTHING, Html, p, said, tag
from ripeline.usecases.report.numbers import number
from ripeline.usecases.report.words import PARTS

Record = Mapping[str, Any]


def matrix(record: Record) -> Html:
    """Return the table; nothing where only one of both has rules: then points are the line."""
    if {one["part"] for one in record["rules"]} != set(PARTS):
        return NOTHING
    line = record["line"]
    handed = {tuple(cell) for cell in line["handed_over"]}
    heads = (tag("th", *_level(name, "interest", line["engagement"]), scope="col") for name in line["engagement"])
    rows = (_row(fit, line, handed) for fit in line["fit"])
    table = tag("table", tag("thead", tag("tr", tag("td"), *heads)), tag("tbody", *rows), class_="grid matrix")
    note = p("Rows are levels of fit, columns of engagement, with their points.", "small")
    return tag("div", tag("h3", said("Who is handed over")), table, note, class_="block")


def _row(fit: str, line: Record, handed: set[tuple[str, ...]]) -> Html:
    cells = (_cell(is_handed=(fit, interest) in handed) for interest in line["engagement"])
    return tag("tr", tag("th", *_level(fit, "fit", line["fit"]), scope="row"), *cells)


def _cell(*, is_handed: bool) -> Html:
    return tag("td", said("✓ handed over" if is_handed else "not yet"), class_="handed" if is_handed else None)


def _level(name: str, of: str, levels: Mapping[str, int]) -> list[Html]:
    return [said(f"{name} {of}"), tag("span", said(_points(name, levels)), class_="small below")]


def _points(name: str, levels: Mapping[str, int]) -> str:
    """Return which points make a level; the lowest takes what is left.

    >>> [_points(name, {"high": 20, "medium": 5, "low": -3}) for name in ("high", "medium", "low")]
    ['20 or more', '5 to below 20', 'below 5']
    """
    names = list(levels)
    place, low = names.index(name), number(levels[name])
    if len(names) == 1:
        return "any points"
    if not place:
        return f"{low} or more"
    above = number(levels[names[place - 1]])
    return f"below {above}" if place == len(names) - 1 else f"{low} to below {above}"
