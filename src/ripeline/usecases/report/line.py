"""Where the line is drawn: how many leads it hands over, how many of those who were won, and what others would."""

from collections.abc import Mapping
from typing import Any, Final

from ripeline.usecases.report.capacity import capacity_chart, capacity_table, leads_a_week
from ripeline.usecases.report.frame import as_table, beside, section
from ripeline.usecases.report.markup import Html, joined, p, said, tag
from ripeline.usecases.report.matrix import matrix
from ripeline.usecases.report.numbers import counted, number, told
from ripeline.usecases.report.quality import quality
from ripeline.usecases.report.words import handed

Record = Mapping[str, Any]

_COUNTED: Final = {
    "lead": "A lead counts as handed over if it reached the line at any moment at which it was looked at.",
    "snapshot": (
        "Leads can be won again, so each snapshot counts for itself; the curve counts leads, each by the best that it "
        "ever was, and the proposed line is not on it."
    ),
}


def line(record: Record) -> Html:
    """Return the section."""
    proposed, what = record["line"], handed(record["asked"])
    left = (
        p("A line that is too high misses buyers; one that is too low overwhelms sales. The curve shows both."),
        _room(record),
        as_table("The curve as a table", capacity_table(record["capacity"])),
    )
    note = p(f"Counted on what the points were learned from, so a little rosy. {_COUNTED[what]}", "small words")
    parts = (beside(left, capacity_chart(record)), matrix(record), quality(proposed, what), note)
    return section("Where to draw the line", said(_lead(record)), *parts)


def handed_a_week(record: Record) -> float | None:
    """Return how many leads a week the proposed line hands over; None where that is not known."""
    weekly, flagged = leads_a_week(record), record["line"]["flagged"]
    if weekly is None or not flagged["of"] or handed(record["asked"]) != "lead":
        return None
    return float(weekly * flagged["count"] / flagged["of"])


def _lead(record: Record) -> str:
    weekly = handed_a_week(record)
    flagged, held = told(record["line"]["flagged"]), told(record["line"]["caught"])
    many = "" if weekly is None else f", about {number(weekly)} a week,"
    what = handed(record["asked"])
    return f"The proposed line hands over {flagged} of {what}s{many} and holds {held} of wins."


def _room(record: Record) -> Html:
    room, weekly = record["asked"]["capacity_per_week"], handed_a_week(record)
    if room is None:
        unknown = said("Nobody said how many leads sales can answer; learn again with")
        return tag("p", joined([unknown, tag("code", said("--capacity 40/week"))], " "), class_="small")
    if weekly is None:
        return p(f"Sales can answer {counted(room, 'lead')} a week; how many the line hands over a week is not known.")
    fits = "that fits" if weekly <= room else "that is not enough"
    return p(f"Sales can answer {counted(room, 'lead')} a week: {fits}.")
