"""How sales answers: how much is accepted, how soon, why not, and what waits; beside the days before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.pages.figures import (
    BEFORE,
    NO_BREAK,
    ON_A_PAGE,
    Address,
    Cell,
    Row,
    Table,
    address_of,
    compares,
    count_cell,
    csv_file,
    days_of,
    difference_cell,
    page_of,
    percent,
    share_cell,
)
from ripeline.entry.server.pages.page import Page, Visit
from ripeline.entry.server.pages.rendering import called, said
from ripeline.entry.server.reports import Reports
from ripeline.entry.server.services import Services
from ripeline.handoff.report import Handled
from ripeline.usecases.sla import USUAL_DAYS, Period, days_before, group_asked
from ripeline.usecases.sla_words import group_text, time_text
from ripeline.vocabulary.calendar import Zone, day_text
from ripeline.vocabulary.issues import InputError

Record = dict[str, Any]
PATH: Final = "/response"
KNOWN: Final = ("by", "from", "to", "compare")
LISTED: Final = ("by", "group", "from", "to", "offset")
BY_NAME: Final = "owner"
"""Tells people apart by their names."""

WITHOUT_NAMES: Final = "way"
"""What handoffs are told apart by for whoever may see nobody by name."""

CHOICES: Final[Mapping[str, str]] = {
    "owner": "who has them",
    "team": "team",
    "definition": "version of the definition",
    "way": "how they qualified",
    "signal": "what they did",
    "channel": "how they first came",
    "reason": "why they were rejected",
}
COLUMNS: Final = (
    *("handoffs", "accepted", "answered in time", "contacted in time"),
    *("time to accept", "time to contact", "broken promises", "not answered"),
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


class Answering:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with, self._reports = services, Reports(services)

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "see_figures", self.shown),
            Page("GET", PATH + ".csv", "see_figures", self.file),
            Page("GET", PATH + "/leads", "see_leads", self.leads),
        ]

    async def shown(self, visit: Visit) -> Response:
        """How sales answered; what was asked wrongly is said below the form."""
        choices = {name: told for name, told in CHOICES.items() if name != BY_NAME or visit.who.may("see_leads")}
        told: dict[str, object] = {"title": "Response", "choices": choices, "wrong": "", "record": None}
        try:
            address = address_of(visit, KNOWN)
            asked = self._asked(visit, address)
        except InputError as error:
            chosen = dict(visit.request.query_params)
            return visit.shown("response.html", told | {"wrong": str(error), "chosen": chosen}, 400)
        found = await self._found(asked, visit.at_us)
        told |= {"chosen": {**address.kept, **asked.days, "by": asked.by}, "file_": address.link(PATH + ".csv")}
        told |= {"record": found[0], "verdict": _verdict(found[0]), "before": found[1:]}
        opened = self._opened(visit, asked)
        table = Table(
            CHOICES[asked.by], COLUMNS, _totals(found, asked, opened), self._groups(found, opened), COLUMNS[1:4]
        )
        return visit.shown("response.html", told | {"table": table, "reasons": _reasons(found[0], opened)})

    async def file(self, visit: Visit) -> Response:
        """The same figures as a file."""
        asked = self._asked(visit, address_of(visit, KNOWN))
        found = await self._found(asked, visit.at_us)
        rows = [{"row": "group", **one, "group": self._name(asked.by, one["group"])} for one in found[0]["groups"]]
        totals = [{"row": row, "group": "", **one["total"]} for row, one in zip(("total", BEFORE), found, strict=False)]
        return csv_file("response.csv", [*rows, *totals])

    async def leads(self, visit: Visit) -> Response:
        """The leads of the handoffs that a count counts."""
        address = address_of(visit, LISTED)
        asked, at_us = self._asked(visit, address), visit.at_us
        # A group without a name is chosen by nothing behind the sign.
        group = visit.request.query_params.get("group")
        chosen = () if group is None else (group or None,)
        found, offset = await self._reports.handoffs(asked.by, chosen, asked.periods[0], at_us), page_of(address)
        which = "" if group is None else f": {self._name(asked.by, group or None)}"
        days = " to ".join(asked.days.values())
        rows = [self._handed(one, visit, asked.zone) for one in found[offset : offset + ON_A_PAGE]]
        table = Table("Lead", ("given", "to", "stands", "handoff"), each=rows)
        kept = Address(PATH + "/leads", address.kept if group is None else {**address.kept, "group": group})
        told = {"title": f"Handoffs given from {days}{which}", "total": len(found), "table": table, "offset": offset}
        told |= {"back": (PATH, "Response"), "address": kept, "most": ON_A_PAGE, "what": "handoffs"}
        return visit.shown("counted.html", told)

    def _asked(self, visit: Visit, address: Address) -> Asked:
        names = visit.who.may("see_leads")
        by = group_asked(address.kept.get("by") or (BY_NAME if names else WITHOUT_NAMES))
        if by == BY_NAME and not names:
            raise ApiError(403, "not_allowed", "Your role sees figures of nobody by name: choose something else.")
        zone = self._with.sales.hours.zone
        period = days_of(address, zone, visit.at_us, USUAL_DAYS)
        return Asked(by, [period, days_before(period, zone)] if compares(address) else [period], zone)

    async def _found(self, asked: Asked, now_us: int) -> list[Record]:
        return [await self._reports.sla(asked.by, one, now_us) for one in asked.periods]

    def _opened(self, visit: Visit, asked: Asked) -> Address | None:
        """Return where leads of all groups are listed, None for whoever may see no leads."""
        return Address(PATH + "/leads", {"by": asked.by, **asked.days}) if visit.who.may("see_leads") else None

    def _name(self, by: str, group: str | None) -> str:
        """Return how people call a group: a salesperson and a signal by their labels."""
        if by == BY_NAME and (person := self._with.sales.people.get(group or "")) is not None:
            return person.label
        if by == "signal":
            plans = self._with.live.plans.values()
            labels = {one.signal.name: one.signal.label for plan in plans for one in plan.signals}
            return labels.get(group or "", group_text(by, group))
        return called(group_text(by, group)) if by == "reason" else group_text(by, group)

    def _groups(self, found: Sequence[Record], opened: Address | None) -> list[Row]:
        by = found[0]["by"]
        if by == "reason":  # they are told as reasons, with nothing accepted among them
            return []
        before = {one["group"]: one for one in found[1]["groups"]} if len(found) > 1 else {}
        rows = []
        for one in found[0]["groups"]:
            link = opened.link(group=one["group"] or "") if opened and one["given"] else ""
            then = before.get(one["group"])
            more = difference_cell(one["acceptance"], then["acceptance"]) if then else None
            rows.append(Row(Cell(said(self._name(by, one["group"]))), _cells(one, link, more)))
        return rows

    def _handed(self, one: Handled, visit: Visit, zone: Zone) -> Row:
        handoff = one.handoff
        number = f"/queue/{handoff.number}" if visit.who.may("answer") else ""
        lead = Cell(said(handoff.lead.value), link=Address("/leads/of", {"lead": handoff.lead.value}).link())
        given, stands = Cell(day_text(zone.day(one.first_us))), Cell(called(handoff.state))
        return Row(
            lead,
            [given, Cell(said(self._name(BY_NAME, handoff.owner))), stands, Cell(str(handoff.number), link=number)],
        )


def _totals(found: Sequence[Record], asked: Asked, opened: Address | None) -> list[Row]:
    """Return all together, and the days before with what is different."""
    rows = []
    for place, (name, record) in enumerate(zip(("All together", "The days before"), found, strict=False)):
        days, total = asked.days_in(place), record["total"]
        link = opened.link(**days) if opened and total["given"] else ""
        rows.append(Row(Cell(name, (" to ".join(days.values()),)), _cells(total, link)))
    if len(found) > 1:
        now, before = (record["total"] for record in found)
        words = [difference_cell(now[name], before[name]) for name in RATES]
        rows.append(Row(Cell("Difference", ("in percentage points",)), [Cell(""), *words, *[Cell("")] * 4]))
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
        return Cell("too few" if times["count"] else "none yet")
    return Cell(_unbroken(half), (f"nine of ten within {_unbroken(most)}",), value=half)


def _unbroken(seconds: int) -> str:
    return time_text(seconds).replace(" ", NO_BREAK)


def _verdict(record: Record) -> str:
    """Say how sales answered, in a sentence or two."""
    total = record["total"]
    if total["acceptance"]["share"] is None:
        return ""
    told = f"Sales was given {total['given']:,} leads, and accepted {percent(total['acceptance']['share'])} of those it answered."
    half = total["time_to_accept"]["half_within_s"]
    return (
        told if half is None else f"{told} Half of what was accepted was so within {time_text(half)} of working time."
    )


def _reasons(record: Record, opened: Address | None) -> Table | None:
    """Return for what leads were rejected."""
    rejected = record["total"]["rejected"]
    rows = []
    for reason, count in rejected.items():
        link = opened.link(by="reason", group=reason) if opened else ""
        rows.append(Row(Cell(said(called(reason)) or "(none)"), [count_cell(count, link)]))
    return Table("reason", ("rejected",), each=rows, charted=("rejected",)) if rows else None
