"""What definitions are called where they stand side by side, and how far what they did can be told apart."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report.bars import rate_bar
from ripeline.usecases.report.markup import NOTHING, Html, called, joined, said, tag
from ripeline.usecases.report.numbers import TOGETHER, between, counted, number, percent, told
from ripeline.usecases.report.scale import Scale

Record = Mapping[str, Any]
Side = tuple[Html, Record]
"""A definition as it is called on the page, and what it would have done."""

_PLACES: Final = ("the first", "the second")
_DIGITS: Final = 8


def sides(record: Record) -> list[Side]:
    """Return the definitions with what they are called: as short as they can be told apart."""
    every = record["definitions"]
    versions = [one["definition"].rpartition("@") for one in every]
    names = [name or fingerprint for name, _, fingerprint in versions]
    marks = [""] * len(every)
    if len(set(names)) < len(every):
        marks = [f"@{fingerprint[:_DIGITS]}" for _, _, fingerprint in versions]
    if len(set(zip(names, marks, strict=True))) < len(every):
        marks = [f", {place}" for place in _PLACES]
    return [(_name(name, mark), one) for name, mark, one in zip(names, marks, every, strict=True)]


def _name(name: str, mark: str) -> Html:
    return joined([called(name), tag("span", said(mark), class_="mark") if mark else NOTHING])


def each_told(parts: Iterable[Sequence[Html]]) -> Html:
    """Return a sentence of what is told of each definition."""
    return Html(f"{joined((joined(part, ' ') for part in parts), '; ')}.")


def weekly(one: Record) -> str:
    """Return how many MQLs a week a definition would have made."""
    return f"{number(one['per_week'], 1)}{TOGETHER}MQLs a week"


def days(record: Record) -> str:
    """Return in how many days an MQL has to be won."""
    return counted(record["within_days"], "day")


def step(record: Record) -> str:
    """Return what lies between two looks."""
    return {"1d": "day", "1w": "week"}[record["step"]]


def overlap(one: Record, other: Record) -> bool:
    """Say whether intervals of two rates have something in common, as they have where there are too few to tell.

    >>> overlap({"low": 0.1, "high": 0.3}, {"low": 0.2, "high": 0.5}), overlap({"low": 0, "high": 0.1}, {"low": None})
    (True, True)
    """
    if one["low"] is None or other["low"] is None:
        return True
    return bool(one["low"] <= other["high"] and other["low"] <= one["high"])


def apart(one: Record, other: Record) -> str:
    """Return how far two rates can be told apart, as a sentence."""
    if one["low"] is None or other["low"] is None:
        return "That is too few to compare."
    ends = f"({between(one)} against {between(other)})"
    if overlap(one, other):
        return f"The intervals overlap {ends}, so any difference may be luck."
    return f"The intervals do not overlap {ends}: that is more than luck."


def won_told(rate: Record) -> str:
    r"""Return the share of a rate and of how many it is; of too few, how many of how many.

    >>> won_told({"share": 0.263, "count": 70, "of": 266}), won_told({"share": None, "count": 0, "of": 0})
    ('26\xa0% of 266', 'nobody yet')
    """
    if not rate["of"]:
        return "nobody yet"
    return told(rate) if rate["share"] is None else f"{percent(rate['share'])} of {rate['of']:,}"


def rate_cell(rate: Record, scale: Scale) -> Html:
    """Return a rate with its interval, as text and drawn."""
    if not rate["of"]:
        return said("nobody yet")
    if rate["share"] is None:
        return joined([said(told(rate)), _below("too few to tell a share")])
    counts = f"{between(rate)}; {rate['count']:,}{TOGETHER}of{TOGETHER}{rate['of']:,}"
    return joined([tag("strong", said(percent(rate["share"]))), _below(counts), rate_bar(rate, scale)])


def _below(text: str) -> Html:
    return tag("span", said(text), class_="small below")
