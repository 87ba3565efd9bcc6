"""Who was won without having been an MQL before, and what a definition made of them just before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report.backtest_words import Side, each_told, sides
from ripeline.usecases.report.frame import as_table, grid, section
from ripeline.usecases.report.markup import NOTHING, Html, called, joined, p, said, tag
from ripeline.usecases.report.numbers import counted, number
from ripeline.usecases.report.words import enumerated

Record = Mapping[str, Any]

SHOWN: Final = 5
"""Further ones are folded away."""

ACTIONS: Final = {
    "handoff": "hand over",
    "follow_up": "follow up",
    "nurture": "keep nurturing",
    "remove": "remove",
    "none": "do nothing",
}
_COLUMNS: Final = ("Lead", "Won", "Fit just before", "Interest just before", "So the definition said")


def missed(record: Record) -> Html:
    """Return the section."""
    every = sides(record)
    if not every[0][1]["caught"]["of"]:
        return section("Won without being an MQL", said("Nobody was won in the period, so nobody was missed."))
    return section("Won without being an MQL", each_told(map(_told, every)), *map(_block, every))


def _told(side: Side) -> list[Html]:
    name, one = side
    caught = one["caught"]
    left = caught["of"] - caught["count"]
    if not left:
        return [name, said(f"would have missed none of {counted(caught['of'], 'win')}")]
    return [name, said(f"would have missed {left:,} of {counted(caught['of'], 'win')}")]


def _block(side: Side) -> Html:
    name, one = side
    found = one["missed"]
    if not found:
        return NOTHING
    left = one["caught"]["of"] - one["caught"]["count"]
    last = "" if len(found) >= left else f"The last {len(found)} of {left:,}. "
    rest = [as_table(f"{len(found) - SHOWN} more", _table(found[SHOWN:]))] if len(found) > SHOWN else []
    note = p(f"{last}{_actions(found)}", "small words")
    title = tag("h3", joined([said("Missed by"), name], " "))
    return tag("div", title, note, _table(found[:SHOWN]), *rest, class_="block")


def _actions(found: Sequence[Record]) -> str:
    """Return what the definition said of how many just before; why who was to be handed over was none yet."""
    many = Counter(one["action"] for one in found).most_common()
    told = enumerated([f"{ACTIONS[action]} {counted(times, 'time')}" for action, times in many])
    late = " Who was to be handed over got there after the last look, or could not be reached."
    return f"Just before they were won, it said: {told}.{late if 'handoff' in dict(many) else ''}"


def _table(found: Sequence[Record]) -> Html:
    return grid(_COLUMNS, map(_row, found), kind="list missed")


def _row(one: Record) -> list[Html]:
    levels = _level(one, "fit", "fit"), _level(one, "engagement", "interest")
    return [called(one["lead"]), said(f"won {one['won'][:10]}"), *levels, said(ACTIONS[one["action"]])]


def _level(one: Record, part: str, word: str) -> Html:
    return joined([called(one[f"{part}_level"]), said(f"{word} ({number(float(one[part]), 1)})")], " ")
