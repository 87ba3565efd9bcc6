"""How sales answers: its records as tables and sentences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.figures import (
    NO_BREAK,
    Address,
    Cell,
    Row,
    Table,
    count_cell,
    difference_cell,
    percent,
    share_cell,
)
from ripeline.entry.server.pages.rendering import called, said
from ripeline.usecases.sla import Period
from ripeline.usecases.sla_words import time_text
from ripeline.vocabulary.calendar import Zone, day_text

Record = dict[str, Any]
COLUMNS: Final = (
    *(_("handoffs"), _("accepted"), _("answered in time"), _("contacted in time")),
    *(_("time to accept"), _("time to contact"), _("broken promises"), _("not answered")),
)
RATES: Final = ("acceptance", "accepted_in_time", "touched_in_time")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see. periods: the days, those before behind them if wanted."""

    by: str
    periods: Sequence[Period]
    zone: Zone

    @property
    def days(self) -> dict[str, str]:
        """The first and the last day."""
        return self.days_in(0)

    def days_in(self, place: int) -> dict[str, str]:
        """Return the first and the last day of one of the periods."""
        one = self.periods[place]
        return {"from": day_text(self.zone.day(one.from_us)), "to": day_text(self.zone.day(one.until_us))}


def totals(found: Sequence[Record], asked: Asked, opened: Address | None) -> list[Row]:
    """Return all together, and the days before with what is different."""
    rows = []
    for place, (name, record) in enumerate(zip((_("All together"), _("The days before")), found, strict=False)):
        days, total = asked.days_in(place), record["total"]
        link = opened.link(**days) if opened and total["given"] else ""
        rows.append(
            Row(Cell(name, (_("{first} to {last}", first=days["from"], last=days["to"]),)), _cells(total, link))
        )
    if len(found) > 1:
        now, before = (record["total"] for record in found)
        words = [difference_cell(now[name], before[name]) for name in RATES]
        rows.append(Row(Cell(_("Difference"), (_("in percentage points"),)), [Cell(""), *words, *[Cell("")] * 4]))
    return rows


def groups(found: Sequence[Record], opened: Address | None, name: Callable[[str | None], str]) -> list[Row]:
    """Return group by group what became of handoffs, and how much more was accepted than before. name: of a group."""
    if found[0]["by"] == "reason":  # they are told as reasons, with nothing accepted among them
        return []
    before = {one["group"]: one for one in found[1]["groups"]} if len(found) > 1 else {}
    rows = []
    for one in found[0]["groups"]:
        link = opened.link(group=one["group"] or "") if opened and one["given"] else ""
        then = before.get(one["group"])
        more = difference_cell(one["acceptance"], then["acceptance"]) if then else None
        rows.append(Row(Cell(said(name(one["group"]))), _cells(one, link, more)))
    return rows


def _cells(one: Record, link: str, more: Cell | None = None) -> list[Cell]:
    told = () if more is None else (more.text, *more.below)
    return [
        count_cell(one["given"], link),
        share_cell(one["acceptance"], "", *told),
        *(share_cell(one[name]) for name in RATES[1:]),
        _time(one["time_to_accept"]),
        _time(one["time_to_touch"]),
        count_cell(one["breached"]),
        count_cell(one["still_open"]),
    ]


def _time(times: Record) -> Cell:
    """Return half and nine tenths of working times; how many there are where they are too few."""
    half, most = times["half_within_s"], times["most_within_s"]
    if half is None:
        return Cell(_("too few") if times["count"] else _("none yet"))
    return Cell(_unbroken(half), (_("nine of ten within {time}", time=_unbroken(most)),), value=half)


def _unbroken(seconds: int) -> str:
    return time_text(seconds).replace(" ", NO_BREAK)


def verdict(record: Record) -> str:
    """Say how sales answered, in a sentence or two."""
    total = record["total"]
    if total["acceptance"]["share"] is None:
        return ""
    share, half = percent(total["acceptance"]["share"]), total["time_to_accept"]["half_within_s"]
    told = _(
        "Sales was given {count} leads, and accepted {share} of those it answered.", count=total["given"], share=share
    )
    if half is None:
        return told
    return _("{told} Half of what was accepted was so within {time} of working time.", told=told, time=time_text(half))


def listed_title(asked: Asked, group: str | None) -> str:
    """Return what handoffs are listed. group: which of them, None for all."""
    first, last = asked.days.values()
    if group is None:
        return _("Handoffs given from {first} to {last}", first=first, last=last)
    return _("Handoffs given from {first} to {last}: {group}", first=first, last=last, group=group)


def reasons_table(record: Record, opened: Address | None) -> Table | None:
    """Return for what leads were rejected."""
    rejected = record["total"]["rejected"]
    rows = []
    for reason, count in rejected.items():
        link = opened.link(by="reason", group=reason) if opened else ""
        rows.append(Row(Cell(said(called(reason)) or _("(none)")), [count_cell(count, link)]))
    return Table(_("reason"), (_("rejected"),), each=rows, charted=("rejected",)) if rows else None
