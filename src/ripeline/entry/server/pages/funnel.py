"""How far MQLs come, cohort by cohort, beside the cohorts before; every count opens its leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from ripeline.entry.bootstrap.reports import FunnelAsked
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.figures import (
    BEFORE,
    ON_A_PAGE,
    Address,
    address_of,
    compares,
    csv_file,
    days_of,
    page_of,
)
from ripeline.entry.server.pages.funnel_figures import apart_table, cohort_table, listed_table, listed_title, verdict
from ripeline.entry.server.pages.only import CHANNEL, Counted, all_seen, counted_for, must_see, nothing_to_see
from ripeline.entry.server.pages.page import Page, Visit
from ripeline.entry.server.pages.persons import persons
from ripeline.entry.server.reports import Reports
from ripeline.entry.server.services import Services
from ripeline.insight.funnel import COHORTS
from ripeline.usecases.funnel import (
    USUAL_DAYS,
    apart_asked,
    cohort_asked,
    cohorts_before,
    days_asked,
    step_asked,
    whole_cohorts,
)
from ripeline.usecases.sla import Period
from ripeline.vocabulary.calendar import Zone, day_text
from ripeline.vocabulary.issues import InputError

Record = dict[str, Any]
PATH: Final = "/funnel"
KNOWN: Final = ("by", "within", "from", "to", "compare", "definition", CHANNEL, "apart")
LISTED: Final = ("first", "last", "step", "within", "definition", "offset", CHANNEL)


APARTS: Final = {
    "channel": _("how they first came"),
    "campaign": _("first campaign"),
    "definition": _("version of the definition"),
}
"""What MQLs are told apart by, beside when they first were ones."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see. days: as they said it; periods: whole cohorts, those before behind them if wanted."""

    name: str
    funnel: FunnelAsked
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
        if told_why := nothing_to_see(visit):
            return told_why
        told: dict[str, object] = {"title": _("Funnel"), "cohorts": list(COHORTS), "wrong": "", "table": None}
        told |= {"counted": all_seen(visit), "aparts": APARTS, "apart_table": None}
        try:
            address = address_of(visit, KNOWN)
            counted = counted_for(visit)
            asked = self._asked(address, counted, visit.at_us)
        except InputError as error:
            chosen = dict(visit.request.query_params)
            return visit.shown("funnel.html", told | {"wrong": str(error), "chosen": chosen}, 400)
        found = await self._found(asked, visit.at_us)
        told |= {"chosen": _chosen(address, asked), "file_": address.link(PATH + ".csv"), "before": found[1:]}
        told |= {"counted": counted, "apart_table": apart_table(found[0], APARTS, self._with.book.versions(asked.name))}
        told |= {
            "table": cohort_table(found, _listed(address, asked) if visit.who.may("see_leads") else None),
            "record": found[0],
        }
        return visit.shown("funnel.html", told | {"verdict": verdict(found[0])})

    async def file(self, visit: Visit) -> Response:
        """The same figures as a file."""
        must_see(visit)
        asked = self._asked(address_of(visit, KNOWN), counted_for(visit), visit.at_us)
        found = await self._found(asked, visit.at_us)
        rows = [{"row": "cohort", **one} for one in found[0]["cohorts"]]
        totals = [{"row": row, **one["total"]} for row, one in zip(("total", BEFORE), found, strict=False)]
        apart = [{"row": "group", **one} for one in found[0].get("groups", ())]
        return csv_file("funnel.csv", [*rows, *apart, *totals])

    async def leads(self, visit: Visit) -> Response:
        """The leads that a count of the funnel counts."""
        address = address_of(visit, LISTED)
        name, zone = self._plan_of(address)
        period = days_of(address, zone, visit.at_us, USUAL_DAYS, ("first", "last"))
        within, step = _within(address), step_asked(address.kept.get("step"))
        only = counted_for(visit).only
        came = await self._reports.leads_of_funnel(name, period, step, within, visit.at_us, only)
        days, offset = (day_text(zone.day(at_us)) for at_us in (period.from_us, period.until_us)), page_of(address)
        told = {"title": listed_title(step, within, *days), "total": len(came)}
        listed = came[offset : offset + ON_A_PAGE]
        people = await persons(self._with, [one.lead for one in listed], visit.at_us)
        told |= {"table": listed_table(listed, people, step, zone), "offset": offset}
        told |= {
            "back": ("/funnel", _("Funnel")),
            "address": address,
            "most": ON_A_PAGE,
            "what": (_("lead"), _("leads")),
        }
        return visit.shown("counted.html", told)

    def _plan_of(self, address: Address) -> tuple[str, Zone]:
        name = self._with.name(address.kept.get("definition"))
        return name, self._with.live.plans[name].zone

    def _asked(self, address: Address, counted: Counted, now_us: int) -> Asked:
        (name, zone), by = self._plan_of(address), cohort_asked(address.kept.get("by"))
        apart = apart_asked(address.kept.get("apart"))
        days = days_of(address, zone, now_us, USUAL_DAYS)
        periods = [whole_cohorts(days, by, zone)]
        if compares(address):
            periods.append(cohorts_before(periods[0], by, zone))
        return Asked(name, FunnelAsked(by, _within(address), apart, counted.only), days, periods, zone)

    async def _found(self, asked: Asked, now_us: int) -> list[Record]:
        return await self._reports.funnels(asked.name, asked.funnel, asked.periods, now_us)


def _within(address: Address) -> int:
    """Return how many days everybody is given, with or without the d of the API."""
    text = address.kept.get("within")
    return days_asked(f"{text}d" if text is not None and text.isdecimal() else text)


def _chosen(address: Address, asked: Asked) -> dict[str, str]:
    """Return what stands in the form."""
    first, last = (day_text(asked.zone.day(at_us)) for at_us in (asked.days.from_us, asked.days.until_us))
    said = {"by": asked.funnel.by, "within": str(asked.funnel.within), "from": first, "to": last}
    return {**address.kept, **said}


def _listed(address: Address, asked: Asked) -> Address:
    """Return where the leads of all cohorts are listed."""
    kept = {name: address.kept[name] for name in ("definition", CHANNEL) if name in address.kept}
    return Address(PATH + "/leads", {"within": str(asked.funnel.within), **kept})
