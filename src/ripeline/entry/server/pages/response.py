"""How sales answers: how much is accepted, how soon, why not, and what waits; beside the days before."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from starlette.responses import Response

from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.figures import (
    BEFORE,
    ON_A_PAGE,
    Address,
    Cell,
    Row,
    Table,
    address_of,
    compares,
    csv_file,
    days_of,
    page_of,
)
from ripeline.entry.server.pages.only import CHANNEL, all_seen, counted_for, must_see, nothing_to_see
from ripeline.entry.server.pages.page import Page, Visit
from ripeline.entry.server.pages.persons import persons
from ripeline.entry.server.pages.rendering import called, said
from ripeline.entry.server.pages.response_figures import (
    COLUMNS,
    Asked,
    groups,
    listed_title,
    reasons_table,
    totals,
    verdict,
)
from ripeline.entry.server.reports import Reports
from ripeline.entry.server.services import Services
from ripeline.handoff.packet import Person
from ripeline.handoff.report import Handled
from ripeline.usecases.sla import USUAL_DAYS, days_before, group_asked
from ripeline.usecases.sla_words import group_text
from ripeline.vocabulary.calendar import Zone, day_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.logins import Only

Record = dict[str, Any]
PATH: Final = "/response"
KNOWN: Final = ("by", "from", "to", "compare", CHANNEL)
LISTED: Final = ("by", "group", "from", "to", "offset", CHANNEL)
BY_NAME: Final = "owner"
"""Tells people apart by their names."""

WITHOUT_NAMES: Final = "way"
"""What handoffs are told apart by for whoever may see nobody by name."""

CHOICES: Final[Mapping[str, str]] = {
    "owner": _("who has them"),
    "team": _("team"),
    "definition": _("version of the definition"),
    "way": _("how they qualified"),
    "signal": _("what they did"),
    "channel": _("how they first came"),
    "reason": _("why they were rejected"),
}


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
        if told_why := nothing_to_see(visit):
            return told_why
        choices = {name: told for name, told in CHOICES.items() if name != BY_NAME or visit.who.may("see_leads")}
        told: dict[str, object] = {"title": _("Response"), "choices": choices, "wrong": "", "record": None}
        told |= {"counted": all_seen(visit)}
        try:
            address = address_of(visit, KNOWN)
            counted = counted_for(visit)
            asked = self._asked(visit, address)
        except InputError as error:
            chosen = dict(visit.request.query_params)
            return visit.shown("response.html", told | {"wrong": str(error), "chosen": chosen}, 400)
        found = await self._found(asked, counted.only, visit.at_us)
        told |= {
            "counted": counted,
            "chosen": {**address.kept, **asked.days, "by": asked.by},
            "file_": address.link(PATH + ".csv"),
        }
        told |= {"record": found[0], "verdict": verdict(found[0]), "before": found[1:]}
        opened = self._opened(visit, asked)
        table = Table(
            CHOICES[asked.by],
            COLUMNS,
            totals(found, asked, opened),
            groups(found, opened, partial(self._name, asked.by)),
            COLUMNS[1:4],
        )
        return visit.shown("response.html", told | {"table": table, "reasons": reasons_table(found[0], opened)})

    async def file(self, visit: Visit) -> Response:
        """The same figures as a file."""
        must_see(visit)
        asked = self._asked(visit, address_of(visit, KNOWN))
        found = await self._found(asked, counted_for(visit).only, visit.at_us)
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
        only, offset = counted_for(visit).only, page_of(address)
        found = await self._reports.handoffs(asked.by, chosen, asked.periods[0], at_us, only)
        which = None if group is None else self._name(asked.by, group or None)
        listed = found[offset : offset + ON_A_PAGE]
        people = await persons(self._with, [one.handoff.lead.asked for one in listed], at_us)
        rows = [self._handed(one, people[one.handoff.lead.asked], visit, asked.zone) for one in listed]
        table = Table(_("Lead"), (_("given"), _("to"), _("stands"), _("handoff")), each=rows)
        kept = Address(PATH + "/leads", address.kept if group is None else {**address.kept, "group": group})
        told = {"title": listed_title(asked, which), "total": len(found), "table": table, "offset": offset}
        told |= {
            "back": (PATH, _("Response")),
            "address": kept,
            "most": ON_A_PAGE,
            "what": (_("handoff"), _("handoffs")),
        }
        return visit.shown("counted.html", told)

    def _asked(self, visit: Visit, address: Address) -> Asked:
        names = visit.who.may("see_leads")
        by = group_asked(address.kept.get("by") or (BY_NAME if names else WITHOUT_NAMES))
        if by == BY_NAME and not names:
            raise ApiError(403, "not_allowed", "Your role sees figures of nobody by name: choose something else.")
        zone = self._with.sales.hours.zone
        period = days_of(address, zone, visit.at_us, USUAL_DAYS)
        return Asked(by, [period, days_before(period, zone)] if compares(address) else [period], zone)

    async def _found(self, asked: Asked, only: Only, now_us: int) -> list[Record]:
        return [await self._reports.sla(asked.by, one, now_us, only) for one in asked.periods]

    def _opened(self, visit: Visit, asked: Asked) -> Address | None:
        """Return where leads of all groups are listed, None for whoever may see no leads."""
        chosen = counted_for(visit).chosen
        kept = {"by": asked.by, **asked.days, **({CHANNEL: chosen} if chosen else {})}
        return Address(PATH + "/leads", kept) if visit.who.may("see_leads") else None

    def _name(self, by: str, group: str | None) -> str:
        """Return how people call a group: a salesperson and a signal by their labels."""
        if by == BY_NAME and (person := self._with.sales.people.get(group or "")) is not None:
            return person.label
        if by == "signal":
            plans = self._with.live.plans.values()
            labels = {one.signal.name: one.signal.label for plan in plans for one in plan.signals}
            return labels.get(group or "", group_text(by, group))
        return called(group_text(by, group)) if by == "reason" else group_text(by, group)

    def _handed(self, one: Handled, person: Person, visit: Visit, zone: Zone) -> Row:
        handoff = one.handoff
        number = f"/queue/{handoff.number}" if visit.who.may("answer") else ""
        called_by = person.named or handoff.lead.value
        lead = Cell(said(called_by), link=Address("/leads/of", {"lead": handoff.lead.value}).link())
        given, stands = Cell(day_text(zone.day(one.first_us))), Cell(called(handoff.state))
        return Row(
            lead,
            [given, Cell(said(self._name(BY_NAME, handoff.owner))), stands, Cell(str(handoff.number), link=number)],
        )
