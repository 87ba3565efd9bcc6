"""Where two definitions differ: who is an MQL by both, and who by one of them alone."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report.backtest_words import apart, days, each_told, rate_cell, sides, won_told
from ripeline.usecases.report.frame import as_table, grid, section
from ripeline.usecases.report.markup import NOTHING, Html, called, joined, p, said, tag
from ripeline.usecases.report.numbers import counted
from ripeline.usecases.report.scale import Scale, scale_of

Record = Mapping[str, Any]

SHOWN: Final = 5
"""Further examples are folded away."""


def differ(record: Record) -> Html:
    """Return the section; nothing where there is but one definition."""
    if not record["differ"]:
        return NOTHING
    both, *alone = record["differ"]
    names = [name for name, _ in sides(record)]
    who = [said("both"), *(joined([said("only"), name], " ") for name in names)]
    scale = scale_of([0, *(one["won"]["high"] or 0 for one in record["differ"])])
    rows = (_row(name, one, scale) for name, one in zip(who, record["differ"], strict=True))
    columns = ("MQLs of", "Leads", f"Won within {days(record)}", "Wins caught", "Such as")
    lead, note = _lead(names, alone), p(_clear(both, alone), "words")
    return section("Where they differ", lead, note, grid(columns, rows, kind="sides list"), _ASIDE)


_ASIDE: Final = p(
    "Days of who is an MQL by both count from when they were one by the first. Wins caught are all of the period, also "
    "of who was an MQL before it.",
    "small words",
)


def _lead(names: Sequence[Html], alone: Sequence[Record]) -> Html:
    if not any(one["mqls"] for one in alone):
        return said("They do not differ: who would have become an MQL by one would have by the other.")
    return each_told([name, said(_told(one))] for name, one in zip(names, alone, strict=True))


def _told(one: Record) -> str:
    if not one["mqls"]:
        return "alone would have made no MQLs"
    made = f"alone would have made {counted(one['mqls'], 'MQL')}"
    return f"{made}, {won_told(one['won'])} won in time" if one["won"]["of"] else f"{made}, whose days are not over"


def _clear(both: Record, alone: Sequence[Record]) -> str:
    """Return whether those whom one alone has are won as often as those whom both have, or as the other one's."""
    there = [one for one in alone if one["mqls"]]
    if not there:
        return "So nothing tells one from the other."
    if len(there) > 1:
        return f"Is either won more often? {apart(there[0]['won'], there[1]['won'])}"
    return f"Are they won as often as those of both? {apart(there[0]['won'], both['won'])}"


def _row(who: Html, one: Record, scale: Scale) -> list[Html]:
    caught = f"{counted(one['caught'], 'win')} caught"
    return [who, said(counted(one["mqls"], "lead")), rate_cell(one["won"], scale), said(caught), _examples(one)]


def _examples(one: Record) -> Html:
    names = one["examples"]
    if not names:
        return said("nobody")
    more = as_table(f"{len(names) - SHOWN} more", _row_of(names[SHOWN:])) if len(names) > SHOWN else NOTHING
    return tag("div", _row_of(names[:SHOWN]), more, class_="names")


def _row_of(names: Sequence[str]) -> Html:
    """Return names with commas that stay with them where lines end."""
    *others, last = map(called, names)
    return joined([*(tag("span", name, said(",")) for name in others), last], " ")
