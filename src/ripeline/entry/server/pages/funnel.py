"""How far MQLs come, cohort by cohort, beside the cohorts before; every count opens its leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from ripeline.entry.server.pages.figures import (
    BEFORE,
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
from ripeline.insight.funnel import COHORTS, STEPS, Passage
from ripeline.usecases.funnel import (
    USUAL_DAYS,
    cohort_asked,
    cohorts_before,
    days_asked,
    step_asked,
    whole_cohorts,
)
from ripeline.usecases.sla import Period
from ripeline.vocabulary.calendar import Zone, day_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.stages import CUSTOMER, SALES_ACCEPTED, SALES_QUALIFIED

Record = dict[str, Any]
PATH: Final = "/funnel"
KNOWN: Final = ("by", "within", "from", "to", "compare", "definition")
CAME: Final = {
    SALES_ACCEPTED: "were accepted by sales",
    SALES_QUALIFIED: "were qualified by sales",
    CUSTOMER: "became customers",
}
"""How MQLs came to each step, in words."""

LISTED: Final = ("first", "last", "step", "within", "definition", "offset")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see. days: as they said it; periods: whole cohorts, those before behind them if wanted."""

    name: str
    by: str
    within: int
    days: Period
    periods: Sequence[Period]
    zone: Zone


class Funnel:
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
        """The funnel; what was asked wrongly is said below the form."""
        told: dict[str, object] = {"title": "Funnel", "cohorts": list(COHORTS), "wrong": "", "table": None}
        try:
            address = address_of(visit, KNOWN)
            asked = self._asked(address, visit.at_us)
        except InputError as error:
            chosen = dict(visit.request.query_params)
            return visit.shown("funnel.html", told | {"wrong": str(error), "chosen": chosen}, 400)
        found = await self._found(asked, visit.at_us)
        told |= {"chosen": _chosen(address, asked), "file_": address.link(PATH + ".csv"), "before": found[1:]}
        told |= {"table": _table(found, address, asked, opens=visit.who.may("see_leads")), "record": found[0]}
        return visit.shown("funnel.html", told | {"verdict": _verdict(found[0])})

    async def file(self, visit: Visit) -> Response:
        """The same figures as a file."""
        asked = self._asked(address_of(visit, KNOWN), visit.at_us)
        found = await self._found(asked, visit.at_us)
        rows = [{"row": "cohort", **one} for one in found[0]["cohorts"]]
        totals = [{"row": row, **one["total"]} for row, one in zip(("total", BEFORE), found, strict=False)]
        return csv_file("funnel.csv", [*rows, *totals])

    async def leads(self, visit: Visit) -> Response:
        """The leads that a count of the funnel counts."""
        address = address_of(visit, LISTED)
        name, zone = self._plan_of(address)
        period = days_of(address, zone, visit.at_us, USUAL_DAYS, ("first", "last"))
        within, step = _within(address), step_asked(address.kept.get("step"))
        came = await self._reports.leads_of_funnel(name, period, step, within, visit.at_us)
        days, offset = (day_text(zone.day(at_us)) for at_us in (period.from_us, period.until_us)), page_of(address)
        came_to = "" if step is None else f" who {CAME[step]} within {within} days"
        told = {"title": f"MQLs{came_to}; first ones from {' to '.join(days)}", "total": len(came)}
        told |= {"table": _listed(came[offset : offset + ON_A_PAGE], step, zone), "offset": offset}
        told |= {"back": ("/funnel", "Funnel"), "address": address, "most": ON_A_PAGE, "what": "leads"}
        return visit.shown("counted.html", told)

    def _plan_of(self, address: Address) -> tuple[str, Zone]:
        name = self._with.name(address.kept.get("definition"))
        return name, self._with.live.plans[name].zone

    def _asked(self, address: Address, now_us: int) -> Asked:
        (name, zone), by = self._plan_of(address), cohort_asked(address.kept.get("by"))
        days = days_of(address, zone, now_us, USUAL_DAYS)
        periods = [whole_cohorts(days, by, zone)]
        if compares(address):
            periods.append(cohorts_before(periods[0], by, zone))
        return Asked(name, by, _within(address), days, periods, zone)

    async def _found(self, asked: Asked, now_us: int) -> list[Record]:
        return await self._reports.funnels(asked.name, asked.by, asked.periods, asked.within, now_us)


def _within(address: Address) -> int:
    """Return how many days everybody is given, with or without the d of the API."""
    text = address.kept.get("within")
    return days_asked(f"{text}d" if text is not None and text.isdecimal() else text)


def _chosen(address: Address, asked: Asked) -> dict[str, str]:
    """Return what stands in the form."""
    first, last = (day_text(asked.zone.day(at_us)) for at_us in (asked.days.from_us, asked.days.until_us))
    return {**address.kept, "by": asked.by, "within": str(asked.within), "from": first, "to": last}


def _verdict(record: Record) -> str:
    """Say how far those came of whom all days are over, in a sentence."""
    total = record["total"]
    if total["leads"] == 0 or any(total[step]["share"] is None for step in STEPS):
        return ""
    came = [f"{percent(total[step]['share'])} {CAME[step]}" for step in STEPS]
    days = f"within {record['within_days']} days"
    return f"Of {total['leads']:,} MQLs, {', '.join(came[:-1])} and {came[-1]} {days}."


def _table(found: Sequence[Record], address: Address, asked: Asked, *, opens: bool) -> Table | None:
    """Return the cohorts with all together, None where nobody is in any."""
    if not any(record["cohorts"] for record in found):
        return None
    columns = ("MQLs", *map(called, STEPS))
    total = [
        _total(name, record, address, asked, opens)
        for name, record in zip(("All that are over", "The same before"), found, strict=False)
    ]
    if len(found) > 1:
        now, before = (record["total"] for record in found)
        words = [difference_cell(now[step], before[step]) for step in STEPS]
        total.append(Row(Cell("Difference", ("in percentage points",)), [Cell(""), *words]))
    each = [_cohort(one, address, asked, opens) for one in found[0]["cohorts"]]
    return Table("Cohort", columns, total, each, tuple(columns[1:]))


def _total(name: str, record: Record, address: Address, asked: Asked, opens: bool) -> Row:
    over = [one for one in record["cohorts"] if one["over"]]
    span = {"first": over[0]["first"], "last": over[-1]["last"]} if over else {}
    told = f"{span['first']} to {span['last']}" if over else "no cohort is over yet"
    return Row(Cell(name, (told,)), _cells(record["total"], span, address, asked, opens))


def _cohort(one: Record, address: Address, asked: Asked, opens: bool) -> Row:
    span = {"first": one["first"], "last": one["last"]}
    name = one["first"] if asked.by == "week" else one["first"][:7]
    cells = _cells(one, span, address, asked, opens)
    if one["over"]:
        return Row(Cell(name, (f"until {one['last']}",) if asked.by == "week" else ()), cells)
    so_far = [
        Cell(f"{one[step]['count']:,} so far", link=cell.link) for step, cell in zip(STEPS, cells[1:], strict=True)
    ]
    return Row(Cell(name, ("not over yet",)), [cells[0], *so_far], is_over=False)


def _cells(one: Record, span: dict[str, str], address: Address, asked: Asked, opens: bool) -> list[Cell]:
    kept = {"within": str(asked.within), **span}
    listed = Address(PATH + "/leads", kept | {key: value for key, value in address.kept.items() if key == "definition"})

    def link(count: int, step: str | None = None) -> str:
        return listed.link(step=step) if opens and count else ""

    steps = [share_cell(one[step], link(one[step]["count"], step), _half(one[step])) for step in STEPS]
    return [count_cell(one["leads"], link(one["leads"])), *steps]


def _half(step: Record) -> str:
    days = step["median_days"]
    if days is None:
        return ""
    return f"half within {_days(days)}" if days else "half on the same day"


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"


def _listed(came: Sequence[Passage], step: str | None, zone: Zone) -> Table:
    columns = ("first an MQL", *((f"{called(step)} after",) if step else ()))
    rows = []
    for one in came:
        days = [Cell(_days(one.days[step]))] if step else []
        name = Cell(said(one.lead), link=Address("/leads/of", {"lead": one.lead}).link())
        rows.append(Row(name, [Cell(day_text(zone.day(one.began_us))), *days]))
    return Table("Lead", columns, each=rows)
