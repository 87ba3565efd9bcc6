"""How long it would have taken from MQL to win."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report.backtest_words import Side, each_told, sides, step
from ripeline.usecases.report.bars import axis_below, dot_on
from ripeline.usecases.report.frame import grid, section
from ripeline.usecases.report.markup import NOTHING, Html, p, said
from ripeline.usecases.report.numbers import counted
from ripeline.usecases.report.scale import Scale, scale_of

Record = Mapping[str, Any]

_COLUMNS: Final = ("", "Days, drawn", "Days from MQL to win")


def days_to_win(record: Record) -> Html:
    """Return the section."""
    every = sides(record)
    known = [end for _, one in every if (end := one["days_to_win"]["three_quarters"]) is not None]
    drawn = [_drawn(every, scale_of([0, *known])), p(_note(record), "small words")] if known else []
    return section("From MQL to win", each_told(map(_told, every)), *drawn)


def _told(side: Side) -> list[Html]:
    name, one = side
    found, caught = one["days_to_win"], one["caught"]["count"]
    if found["half"] is None:
        return [name, said(f"caught {counted(caught, 'win')}, too few to tell how long it takes")]
    told = f"caught {counted(caught, 'win')}, half of them within {counted(found['half'], 'day')} of the MQL"
    return [name, said(f"{told}, three quarters within {found['three_quarters']}")]


def _drawn(every: Sequence[Side], scale: Scale) -> Html:
    rows = [_row(side, scale) for side in every]
    return grid(_COLUMNS, [*rows, [NOTHING, axis_below(scale), NOTHING]], kind="list bars")


def _row(side: Side, scale: Scale) -> list[Html]:
    name, one = side
    quarter, half, three = (one["days_to_win"][part] for part in ("quarter", "half", "three_quarters"))
    if half is None:
        return [name, NOTHING, said("too few")]
    told = f"half within {half}, three quarters within {three}"
    return [name, dot_on(half, (quarter, three), scale, "own"), said(told)]


def _note(record: Record) -> str:
    return (
        "The dot is the half, the line goes from the first quarter to the third. Days count from the look at which "
        f"somebody first met the definition, so they are known to a {step(record)}; of who met it before the period, "
        "from its beginning. A win that came after the period is not among them."
    )
