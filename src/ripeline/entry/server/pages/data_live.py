"""What arrives, as it arrives: each event with what the definition makes of it, or why nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from ripeline.entry.bootstrap.arriving import Came, Chosen, came, event_at, known_of
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.data_row import LIVE, row_of
from ripeline.entry.server.pages.page import Page, Visit
from ripeline.entry.server.pages.payload import payload_lines
from ripeline.entry.server.pages.persons import persons
from ripeline.entry.server.pages.rendering import HEADERS
from ripeline.entry.server.services import Services
from ripeline.usecases.arrived import Place, arrived

ON_A_PAGE: Final = 25
KEPT: Final = ("lead", "event", "source", "definition")
NEWEST: Final = 2**62
LONGEST_PLACE: Final = 30


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at. kept: what was chosen; before: where the page begins, "" at the newest."""

    kept: Mapping[str, str]
    before: str = ""
    paused: bool = False

    @property
    def is_live(self) -> bool:
        """Say whether what arrives is shown by itself."""
        return not self.before and not self.paused

    def link(self, **more: str | int | None) -> str:
        """Return the address of the same choice."""
        told = {name: value for name, value in {**self.kept, **more}.items() if value not in (None, "")}
        return LIVE + (f"?{urlencode(told)}" if told else "")


class LivePages:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", LIVE, "see_leads", self.shown),
            Page("GET", LIVE + "/{position:int}/{place:int}", "see_leads", self.one),
        ]

    async def shown(self, visit: Visit) -> Response:
        """The last events that arrived, or those before them."""
        asked, reached = visit.request.query_params, self._with.live.position
        if asked.get("seen") == str(reached) and visit.request.headers.get("hx-request"):
            return Response(status_code=204, headers=dict(HEADERS))
        view = View({name: value for name in KEPT if (value := asked.get(name, "").strip())}, asked.get("before", ""))
        view = View(view.kept, view.before, "paused" in asked)
        name = self._with.name(view.kept.get("definition"))
        chosen = Chosen(
            _place(view.before),
            reached,
            ON_A_PAGE,
            await self._names(view.kept.get("lead")),
            view.kept.get("event", ""),
            view.kept.get("source", ""),
        )
        found = await asyncio.to_thread(came, self._with.workspace, chosen)
        rows = await self._rows(name, found, visit.at_us)
        sources = sorted({key["source"] for key in self._with.book.access.write_keys()})
        told = {"title": _("Arriving"), "view": view, "rows": rows, "reached": reached, "sources": sources}
        told |= {
            "older": found.older and "{}.{}".format(*found.older),
            "names": list(self._with.live.plans),
            "name": name,
        }
        return visit.shown("data_live.html", told)

    async def _names(self, lead: str | None) -> frozenset[str] | None:
        """Return every name of a lead; of somebody who is not known yet the one that was asked for."""
        if lead is None:
            return None
        try:
            return frozenset(one.value for one in await self._with.names_of(lead) or ())
        except ApiError:
            return frozenset({lead})

    async def _rows(self, name: str, some: Came, at_us: int) -> list[dict[str, object]]:
        """Return events as the page shows them."""
        plan = self._with.live.plans[name]
        known = await self._with.live.ask(lambda serving: known_of(serving.history.store, plan, some, at_us))
        found = await asyncio.to_thread(lambda: list(arrived(plan, some.events, known, at_us)))
        rows = [row_of(one) for one in found]
        people = await persons(self._with, [str(row["asked"]) for row in rows if row["asked"]], at_us)
        return [{**row, "person": people.get(str(row["asked"]))} for row in rows]

    async def one(self, visit: Visit) -> Response:
        """One event with all that was sent."""
        path = visit.request.path_params
        found = await asyncio.to_thread(event_at, self._with.workspace, (path["position"], path["place"]))
        if found is None or found.events[0][0].position > self._with.live.position:
            raise ApiError(404, "no_such_event", "this event is in the files of history by now; its lead shows it")
        name = self._with.name(visit.request.query_params.get("definition"))
        (row,) = await self._rows(name, found, visit.at_us)
        sent = found.events[0][0].event
        lines = payload_lines(sent) if sent else []
        return visit.shown("data_event.html", {"title": row["what"], "row": row, "lines": lines})


def _place(text: str) -> Place:
    position, _, place = text.partition(".")
    if not text:
        return NEWEST, 0
    if not (position.isdecimal() and place.isdecimal()) or len(text) > LONGEST_PLACE:
        raise ApiError(400, "bad_parameter", '"before" takes what the page before told')
    return int(position), int(place)
