"""Sales: who is at work, in which team, and who gets which leads; what the server can change is changed here."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.pages.sales_form import change
from ripeline.entry.server.pages.settings import SETTINGS
from ripeline.entry.server.services import Services
from ripeline.entry.workspace import text_of
from ripeline.handoff.sales import Sales
from ripeline.handoff.sales_entries import PEOPLE, TEAMS, Kind
from ripeline.usecases import change_sales
from ripeline.usecases.change_sales import IN_WORDS
from ripeline.usecases.sales_words import now_text, routes_in_words, rules_in_words
from ripeline.usecases.salespeople import left_out
from ripeline.vocabulary.sales import Team, week_text

PATH: Final = f"{SETTINGS}/sales"


class SalesPages:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "administer", self.shown),
            Page("POST", f"{PATH}/people", "administer", self.add_person),
            Page("POST", f"{PATH}/teams", "administer", self.add_team),
        ]

    async def shown(self, visit: Visit) -> Response:
        """Everybody, teams, routes, and what holds for all."""
        return self._page(visit)

    async def add_person(self, visit: Visit) -> Response:
        """Say that there is somebody new."""
        form = await form_of(visit.request)
        name = form.get("name", "").strip()
        return await self._add(visit, PEOPLE, name, {"mail": form.get("mail", "").strip()})

    async def add_team(self, visit: Visit) -> Response:
        """Say that there is a new team; it begins with one member."""
        form = await form_of(visit.request)
        return await self._add(visit, TEAMS, form.get("name", "").strip(), {"members": [form.get("member", "")]})

    async def _add(self, visit: Visit, kind: Kind, name: str, fields: Mapping[str, object]) -> Response:
        says = change_sales.set_person if kind == PEOPLE else change_sales.set_team
        known = self._with.sales.people if kind == PEOPLE else self._with.sales.teams
        wrong = f"there is a {IN_WORDS[kind]} {name} already" if name in known else ""
        if not wrong:
            wrong = change(self._with, visit, lambda said: says(said, name, fields))
        if wrong:
            return self._page(visit, wrong, kind, await form_of(visit.request), 400)
        return sent_to(f"{PATH}/{kind}/{name}")

    def _page(
        self,
        visit: Visit,
        wrong: str = "",
        form: str = "",
        said: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        sales, lines = self._with.sales, text_of(self._with.workspace.settings).splitlines()
        record = self._with.salespeople.record(visit.at_us)
        told = {
            "title": _("Sales"),
            "people": [(one, now_text(one, visit.at_us), _teams_of(sales, one.name)) for one in sales.people.values()],
            "hours_of": {one.name: week_text(one.hours.week) for one in sales.people.values()},
            "teams": [_team(sales, one) for one in sales.teams.values()],
            "rules": list(rules_in_words(sales, lines)),
            "routes": list(routes_in_words(sales, lines)),
            "record": record,
            "warnings": list(left_out(sales)),
            "wrong": wrong,
            "form": form,
            "said": said or {},
        }
        return visit.shown("sales.html", told, status)


def _team(sales: Sales, one: Team) -> dict[str, object]:
    members = [sales.label(name) for name in one.members]
    return {"name": one.name, "members": members, "manager": one.manager and sales.label(one.manager)}


def _teams_of(sales: Sales, name: str) -> list[str]:
    return [one.name for one in sales.teams.values() if name in one.members]
