"""Which MQLs would have been won: by level of fit and of interest, and by channel."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report.backtest_words import Side, days, overlap, rate_cell, sides
from ripeline.usecases.report.frame import headed, section
from ripeline.usecases.report.markup import NOTHING, Html, called, joined, p, said, tag
from ripeline.usecases.report.numbers import counted
from ripeline.usecases.report.scale import Scale, scale_of

Record = Mapping[str, Any]

BY: Final = {"fit": "By level of fit", "engagement": "By level of interest", "channel": "By channel of the first event"}


def groups(record: Record) -> Html:
    """Return the section; nothing where nobody would have become an MQL."""
    every = sides(record)
    if not any(one["mqls"] for _, one in every):
        return NOTHING
    note = p(
        f"Shares are of MQLs won within {days(record)}, of those whose days are over. Bars of one table go up to the "
        "same share. Among many groups some stand out by luck alone.",
        "small words",
    )
    return section("Which MQLs are won", _lead(every), note, *(_table(by, every) for by in BY))


def _lead(every: Sequence[Side]) -> Html:
    """Return which groups are clearly won more often than all others of their kind."""
    found = [(name, by, best) for name, one in every for by in BY if (best := _best(one["groups"][by])) is not None]
    if found:
        named = [joined([called(best), said(f"({by})"), said("for"), name], " ") for name, by, best in found]
        return Html(f"{said('Won more often than all other groups, beyond luck:')} {joined(named, ', ')}.")
    if any(_told(one["groups"][by]) for _, one in every for by in BY):
        return said("No group was won more often than all others beyond luck: the intervals overlap.")
    return said("In no two groups have enough MQLs had their days to compare them.")


def _told(every: Sequence[Record]) -> list[Record]:
    """Return the groups of which a share is told, the best first; none where there is but one."""
    told = [one for one in every if one["won"]["share"] is not None]
    return sorted(told, key=lambda one: -one["won"]["share"]) if len(told) > 1 else []


def _best(every: Sequence[Record]) -> str | None:
    """Return the group whose interval lies above those of all others."""
    told = _told(every)
    if not told or any(overlap(told[0]["won"], one["won"]) for one in told[1:]):
        return None
    return str(told[0]["name"])


def _table(by: str, every: Sequence[Side]) -> Html:
    found = [{one["name"]: one for one in side["groups"][by]} for _, side in every]
    scale = scale_of([0, *_highest(found)])
    rows = ([called(name), *(_cell(one.get(name), scale) for one in found)] for name in dict.fromkeys(_names(found)))
    table = headed([NOTHING, *(name for name, _ in every)], rows, kind="sides")
    return tag("div", tag("h3", said(BY[by])), table, class_="block")


def _highest(found: Iterable[Mapping[str, Record]]) -> Iterator[float]:
    return (one["won"]["high"] for every in found for one in every.values() if one["won"]["high"] is not None)


def _names(found: Iterable[Mapping[str, Record]]) -> Iterator[str]:
    return (name for every in found for name in every)


def _cell(one: Record | None, scale: Scale) -> Html:
    if one is None:
        return said("no MQLs")
    many = tag("span", said(counted(one["mqls"], "MQL")), class_="small below")
    return joined([rate_cell(one["won"], scale), many])
