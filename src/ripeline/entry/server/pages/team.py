"""One team of salespeople: who is in it, and who manages it."""

from collections.abc import Callable
from typing import Final

from starlette.responses import Response

from ripeline.entry.server.pages.page import Page, Visit, form_of
from ripeline.entry.server.pages.sales import PATH as SALES
from ripeline.entry.server.pages.sales_form import changed, named, said_of_team
from ripeline.entry.server.services import Services
from ripeline.handoff.sales_entries import TEAMS
from ripeline.usecases import change_sales
from ripeline.usecases.change_sales import Entries, SaidOfSales
from ripeline.vocabulary.sales import Team

PATH: Final = SALES + "/teams/{name}"


class TeamPages:
    """The page."""

    def __init__(self, services: Services) -> None:
        """Take what it works with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "administer", self.shown),
            Page("POST", PATH, "administer", self.change),
            Page("POST", f"{PATH}/remove", "administer", self.remove),
        ]

    async def shown(self, visit: Visit) -> Response:
        """Who is in it, and the form to change that."""
        return self._page(visit)

    async def change(self, visit: Visit) -> Response:
        """Say who is in it, and who manages it."""
        form, team = await form_of(visit.request), self._wanted(visit)
        fields = said_of_team(self._with.sales, team, form)
        return self._said(visit, lambda said: change_sales.set_team(said, team.name, fields))

    async def remove(self, visit: Visit) -> Response:
        """Remove it, where no route leads to it."""
        name = self._wanted(visit).name
        return self._said(visit, lambda said: change_sales.remove(said, TEAMS, name), SALES)

    def _said(self, visit: Visit, decide: Callable[[SaidOfSales], Entries], then: str = "") -> Response:
        own = PATH.format(name=self._wanted(visit).name)
        return changed(self._with, visit, decide, then or own, lambda wrong: self._page(visit, wrong))

    def _wanted(self, visit: Visit) -> Team:
        return named(visit, self._with.sales.teams, "team")

    def _page(self, visit: Visit, wrong: str = "") -> Response:
        team = self._wanted(visit)
        told = {"title": team.name, "team": team, "people": self._with.sales.people, "wrong": wrong}
        return visit.shown("team.html", told, 400 if wrong else 200)
