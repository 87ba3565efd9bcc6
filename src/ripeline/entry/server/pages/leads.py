"""Leads by their current scores: chosen, sorted, a page at a time, or as a file; the address holds all of that."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response, StreamingResponse

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.leads_address import (
    COLUMNS,
    PATH,
    WORKED_OUT,
    address_in,
    address_of,
    filter_text,
    ticked_of,
)
from ripeline.entry.server.pages.leads_file import MOST_NAMED, file_told
from ripeline.entry.server.pages.leads_told import ON_A_PAGE, bounds_of, choices_of, columns_told, page_told
from ripeline.entry.server.pages.page import Page, Visit, sent_to
from ripeline.entry.server.pages.rendering import HEADERS
from ripeline.entry.server.pages.together import MOST as MOST_TOGETHER
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.ports.scores import Group
from ripeline.usecases.ahead import MOST_DAYS
from ripeline.usecases.who import MOST, SHORTEST, Namesake, called_so
from ripeline.vocabulary.calendar import day_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.saved_views import SavedView

MOST_COUNTED: Final = 12
"""Saved views that are counted."""


MOST_CALLED, LONGEST = 50, 120
"""Leads that are shown of those who are called so, and letters of what is looked for."""


class Leads:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "see_leads", self.shown),
            Page("GET", PATH + ".csv", "see_leads", self.file),
            Page("GET", "/find", "see_leads", self.found),
        ]

    async def shown(self, visit: Visit) -> Response:
        """A page of leads."""
        parameters = visit.request.query_params.multi_items()
        address = address_of(parameters)
        if len(parameters) != len(address.pairs()):
            # A form also says what nobody chose; the address is for people.
            return sent_to(address.link())
        name = self._with.name(address.definition or None)
        plan, views = self._with.live.plans[name], self._with.book.views.of(visit.who)
        counted = {one.number: asked for one in views[:MOST_COUNTED] if (asked := self._asked(one)) is not None}
        found = await self._with.live.ask(lambda serving: page_told(serving, name, address, visit.at_us, counted))
        told: dict[str, object] = {"title": _("Leads"), "address": address, "found": found, "most": ON_A_PAGE}
        told |= {"columns": columns_told(plan.definition, address.columns), "titles": COLUMNS, "views": views}
        told |= {"worked_out": WORKED_OUT, "fall_days": MOST_DAYS}
        told |= {"all_columns": columns_told(plan.definition), "choices": choices_of(plan.definition)}
        told |= {"bounds": bounds_of(plan.definition), "filter_text": filter_text, "traits": plan.traits}
        return visit.shown("leads.html", told | {"most_named": MOST_NAMED, "most_together": MOST_TOGETHER})

    async def file(self, visit: Visit) -> Response:
        """All leads that are chosen, as CSV."""
        address = ticked_of(visit.request.query_params.multi_items())
        name = self._with.name(address.definition or None)
        plan = self._with.live.plans[name]
        columns = [one for one in columns_told(plan.definition, address.columns) if one not in WORKED_OUT]
        parts = await self._with.live.ask(lambda serving: file_told(serving, name, address, columns, visit.at_us))
        day = day_text(plan.zone.day(visit.at_us))
        kept = {**HEADERS, "content-disposition": f'attachment; filename="leads-{day}.csv"'}
        return StreamingResponse(parts, headers=kept, media_type="text/csv")

    async def found(self, visit: Visit) -> Response:
        """Go to the lead of any identifier; else show who is called so, where it is not one alone."""
        text = visit.request.query_params.get("lead", "").strip()
        if not text:
            return sent_to(PATH)

        def ask(serving: Serving) -> Mapping[str, Namesake]:
            history = history_of(serving.history.store)
            is_searched = len(text) >= SHORTEST and not history.is_known(text)
            return called_so(history, text[:LONGEST], visit.at_us) if is_searched else {}

        found = await self._with.live.ask(ask)
        if len(found) < 2:  # noqa: PLR2004 - there is nothing to choose from
            return sent_to(f"{PATH}/of?{urlencode({'lead': next(iter(found), text)})}")
        told = {
            "title": _("Leads called so"),
            "text": text,
            "found": found,
            "most": MOST_CALLED,
            "are_all": len(found) < MOST,
        }
        return visit.shown("find.html", told)

    def _asked(self, view: SavedView) -> tuple[str, tuple[Group, ...]] | None:
        """Return by which definition a view's leads are counted, and which; None for what cannot be asked any more."""
        try:
            address = address_in(view.address)
            return self._with.name(address.definition or None), address.asked(1).groups
        except (InputError, ApiError):
            return None
