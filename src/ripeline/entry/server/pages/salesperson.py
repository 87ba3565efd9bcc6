"""One salesperson: called how, at work when, in which teams, and away on which days."""

from collections.abc import Callable
from typing import Final

from starlette.responses import Response

from ripeline.entry.server.pages.page import Page, Visit, form_of
from ripeline.entry.server.pages.sales import PATH as SALES
from ripeline.entry.server.pages.sales_form import changed, named, said_of_person, values_of
from ripeline.entry.server.services import Services
from ripeline.handoff.sales_entries import PEOPLE
from ripeline.usecases import change_sales
from ripeline.usecases.change_sales import Entries, SaidOfSales
from ripeline.usecases.sales_words import now_text
from ripeline.vocabulary.calendar import day_text
from ripeline.vocabulary.sales import Salesperson

PATH: Final = SALES + "/people/{name}"


class SalespersonPages:
    """The page."""

    def __init__(self, services: Services) -> None:
        """Take what it works with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "administer", self.shown),
            Page("POST", PATH, "administer", self.change),
            Page("POST", f"{PATH}/absent", "administer", self.absent),
            Page("POST", f"{PATH}/back", "administer", self.back),
            Page("POST", f"{PATH}/remove", "administer", self.remove),
        ]

    async def shown(self, visit: Visit) -> Response:
        """What is known of them, and the forms to change it."""
        return self._page(visit)

    async def change(self, visit: Visit) -> Response:
        """Say what is another than before."""
        form, person, sales = await form_of(visit.request), self._wanted(visit), self._with.sales

        def decide(said: SaidOfSales) -> Entries:
            return change_sales.set_person(said, person.name, said_of_person(sales, person, form))

        return self._said(visit, decide)

    async def absent(self, visit: Visit) -> Response:
        """Say that they are away on some days."""
        form, name = await form_of(visit.request), self._wanted(visit).name
        first, last = form.get("first", ""), form.get("last") or None
        return self._said(visit, lambda said: change_sales.absent(said, name, first, last))

    async def back(self, visit: Visit) -> Response:
        """Say that they are here after all on some days."""
        form, name = await form_of(visit.request), self._wanted(visit).name
        days = form.get("first") or None, form.get("last") or None
        return self._said(visit, lambda said: change_sales.back(said, name, days, visit.at_us))

    async def remove(self, visit: Visit) -> Response:
        """Remove them; what they have to answer goes to somebody else."""
        name = self._wanted(visit).name
        return self._said(visit, lambda said: change_sales.remove(said, PEOPLE, name), SALES)

    def _said(self, visit: Visit, decide: Callable[[SaidOfSales], Entries], then: str = "") -> Response:
        own = PATH.format(name=self._wanted(visit).name)
        return changed(self._with, visit, decide, then or own, lambda wrong: self._page(visit, wrong))

    def _wanted(self, visit: Visit) -> Salesperson:
        return named(visit, self._with.sales.people, "salesperson")

    def _page(self, visit: Visit, wrong: str = "") -> Response:
        person, teams = self._wanted(visit), self._with.sales.teams
        people = self._with.salespeople.record(visit.at_us)["people"]
        told = {
            "title": person.label,
            "person": person,
            "now": now_text(person, visit.at_us),
            "values": values_of(person),
            "absences": [(day_text(one.first), day_text(one.last)) for one in person.absences],
            "teams": [(name, person.name in one.members) for name, one in teams.items()],
            "told": next(one["told"] for one in people if one["name"] == person.name),
            "wrong": wrong,
        }
        return visit.shown("salesperson.html", told, 400 if wrong else 200)
