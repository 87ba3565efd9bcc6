"""Saved views of the list of leads: kept under a name, shared, renamed, deleted."""

from starlette.responses import Response

from ripeline.entry.bootstrap.views import LONGEST_NAME, NoSuchViewError, may_delete
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.leads_address import PATH as LEADS
from ripeline.entry.server.pages.leads_address import address_in
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.services import Services
from ripeline.vocabulary.issues import InputError

PATH = LEADS + "/views"


class SavedViews:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "see_leads", self.shown),
            Page("POST", PATH, "see_leads", self.save),
            Page("POST", PATH + "/{number:int}", "see_leads", self.change),
            Page("POST", PATH + "/{number:int}/delete", "see_leads", self.delete),
        ]

    async def shown(self, visit: Visit) -> Response:
        """The views that somebody may use."""
        return self._page(visit)

    async def save(self, visit: Visit) -> Response:
        """Keep what is looked at under a name, and go back to it."""
        form = await form_of(visit.request)
        address = address_in(form.get("address", "")).at(0)
        try:
            self._with.book.views.save(
                visit.who, form.get("name", ""), address.query, visit.at_us, shared="shared" in form
            )
        except InputError as error:
            return self._page(visit, str(error))
        return sent_to(address.link(LEADS))

    async def change(self, visit: Visit) -> Response:
        """Give a view another name, and share it or no more."""
        form, number = await form_of(visit.request), visit.request.path_params["number"]
        try:
            self._with.book.views.change(visit.who, number, form.get("name", ""), shared="shared" in form)
        except NoSuchViewError as error:
            raise ApiError(404, "no_such_view", str(error)) from error
        except InputError as error:
            return self._page(visit, str(error))
        return sent_to(PATH)

    async def delete(self, visit: Visit) -> Response:
        """Delete a view."""
        try:
            self._with.book.views.delete(visit.who, visit.request.path_params["number"])
        except NoSuchViewError as error:
            raise ApiError(404, "no_such_view", str(error)) from error
        return sent_to(PATH)

    def _page(self, visit: Visit, wrong: str = "") -> Response:
        views = [(one, may_delete(visit.who, one)) for one in self._with.book.views.of(visit.who)]
        told = {"title": _("Saved views"), "views": views, "wrong": wrong, "longest": LONGEST_NAME}
        return visit.shown("views.html", told, 400 if wrong else 200)
