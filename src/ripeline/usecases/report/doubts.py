"""What may know the outcome, what tells the time, and what nobody dated: to be asked before anything is published."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report.frame import as_table, grid, section, sign
from ripeline.usecases.report.markup import NOTHING, Html, called, joined, p, said, tag
from ripeline.usecases.report.numbers import counted

Record = Mapping[str, Any]

KINDS: Final = {"block": ("left out", "plain"), "ask": ("left out: ask", "no")}
SHOWN: Final = 40
"""More names than that are folded away."""


def doubts(record: Record) -> Html:
    """Return the section; nothing where there is no doubt."""
    leaks, clocks, undated = record["leaks"], record["clocks"], record["undated"]
    parts = [*_leaks(leaks), *_clocks(clocks), *_undated(undated)]
    return section("What may know too much", said(_lead(leaks)), *parts) if parts else NOTHING


def _lead(leaks: Sequence[Record]) -> str:
    out = sum(not one["kept"] for one in leaks)
    if out:
        return f"{counted(out, 'name')} left out: they may have been filled in after the outcome."
    if leaks:
        return "What may have been filled in after the outcome was used, since you asked for it."
    return "Nothing was left out, but some of it deserves a question."


def _leaks(leaks: Sequence[Record]) -> list[Html]:
    if not leaks:
        return []
    rows = ([called(one["name"]), _kind(one), said(one["reason"])] for one in leaks)
    known = said("What was honestly known before the outcome can be used: learn again with")
    advice = tag("p", joined([known, tag("code", said("--keep NAME"))], " "), class_="small")
    return [grid(("Name", "", "Why"), rows, kind="list leaks"), advice]


def _kind(one: Record) -> Html:
    return sign("used as asked", "yes") if one["kept"] else sign(*KINDS[one["kind"]])


def _clocks(clocks: Sequence[Record]) -> list[Html]:
    if not clocks:
        return []
    rows = ([called(one["name"]), said(one["reason"])] for one in clocks)
    table = grid(("Name", "Why"), rows, kind="list clocks")
    return [tag("div", tag("h3", said("They tell early leads from late ones")), table, class_="block")]


def _undated(undated: Sequence[str]) -> list[Html]:
    if not undated:
        return []
    names = tag("p", joined(map(called, undated), ", "), class_="small words")
    told = p(
        f"{counted(len(undated), 'trait')} came without a time, so perhaps later than they look: what was known at the "
        "outcome may not have been known when the lead came.",
        "words",
    )
    shown = names if len(undated) <= SHOWN else as_table(f"All {len(undated):,} names", names)
    return [tag("div", tag("h3", said("Undated")), told, shown, class_="block")]
