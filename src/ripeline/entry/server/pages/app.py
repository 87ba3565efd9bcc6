"""The app: all its pages, and the files that they load."""

import mimetypes

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ripeline.entry.bootstrap.logins import Logins
from ripeline.entry.server.language.manner import manner_of
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.account import AccountPage
from ripeline.entry.server.pages.backtest import BacktestPages
from ripeline.entry.server.pages.data import DataPages
from ripeline.entry.server.pages.data_aside import AsidePages
from ripeline.entry.server.pages.data_failed import FailedPages
from ripeline.entry.server.pages.data_live import LivePages
from ripeline.entry.server.pages.data_sources import SourcePages
from ripeline.entry.server.pages.definition import DefinitionPages
from ripeline.entry.server.pages.draft import DraftPages
from ripeline.entry.server.pages.funnel import Funnel
from ripeline.entry.server.pages.happened import HappenedPage
from ripeline.entry.server.pages.home import Home
from ripeline.entry.server.pages.identity import Identity
from ripeline.entry.server.pages.lead import Lead
from ripeline.entry.server.pages.leads import Leads
from ripeline.entry.server.pages.log import LogPages
from ripeline.entry.server.pages.notes import Notes
from ripeline.entry.server.pages.now import Now
from ripeline.entry.server.pages.outbox import OutboxPages
from ripeline.entry.server.pages.page import Door, Page
from ripeline.entry.server.pages.people import People
from ripeline.entry.server.pages.privacy import PrivacyPages
from ripeline.entry.server.pages.queue import Queue
from ripeline.entry.server.pages.rendering import FILES, HEADERS, File, files, rendered
from ripeline.entry.server.pages.response import Answering
from ripeline.entry.server.pages.review import ReviewPages
from ripeline.entry.server.pages.sales import SalesPages
from ripeline.entry.server.pages.salesperson import SalespersonPages
from ripeline.entry.server.pages.settings import SettingsPages
from ripeline.entry.server.pages.sign_in import SignIn
from ripeline.entry.server.pages.team import TeamPages
from ripeline.entry.server.pages.thresholds import ThresholdPages
from ripeline.entry.server.pages.together import Together
from ripeline.entry.server.pages.together_aside import TogetherAside
from ripeline.entry.server.pages.tokens import TokenPages
from ripeline.entry.server.pages.views import SavedViews
from ripeline.entry.server.pages.wizard import WizardPages
from ripeline.entry.server.services import Services


def all_pages(services: Services, logins: Logins, set_up_code: str) -> list[Page]:
    """Return every page with who may see it."""
    made = (
        SignIn(services, logins, set_up_code),
        Home(services),
        Now(services),
        Leads(services),
        SavedViews(services),
        Together(services),
        TogetherAside(services),
        Lead(services),
        HappenedPage(services),
        AccountPage(services),
        Notes(services, logins),
        Identity(services),
        Queue(services),
        DefinitionPages(services),
        DraftPages(services),
        ReviewPages(services),
        BacktestPages(services),
        ThresholdPages(services),
        Funnel(services),
        Answering(services),
        LivePages(services),
        FailedPages(services),
        AsidePages(services),
        SourcePages(services),
        DataPages(services),
        WizardPages(services),
        SettingsPages(),
        People(services, logins),
        SalesPages(services),
        SalespersonPages(services),
        TeamPages(services),
        TokenPages(services),
        OutboxPages(services),
        PrivacyPages(services),
        LogPages(services),
    )
    return [page for one in made for page in one.pages()]


def page_routes(services: Services, logins: Logins, set_up_code: str) -> list[Route]:
    """Return the routes of the app."""
    door = Door(services, logins)
    pages = [
        Route(one.path, door.handler(one), methods=[one.method]) for one in all_pages(services, logins, set_up_code)
    ]
    return [*pages, Route(FILES + "{digest}/{name}", _file)]


def no_such_page(request: Request) -> Response:
    """Return what is shown where there is nothing."""
    return _alone(request, _("There is nothing here"), _("The address may be wrong, or what stood here is gone."), 404)


def defect_page(request: Request) -> Response:
    """Return what is shown where something of ours went wrong."""
    return _alone(
        request, _("That is our fault"), _("This is a defect of Ripeline or of its machine; its log says more."), 500
    )


def _alone(request: Request, title: str, why: str, status: int) -> Response:
    told = {"title": title, "why": why, "login": None, "seal": "", "path": "", "banner": ""}
    html = rendered("wrong.html", told, manner_of(request.headers.get("accept-language", "")))
    return HTMLResponse(html, status, headers=dict(HEADERS))


async def _file(request: Request) -> Response:
    one = files().get(request.path_params["name"])
    if one is None or request.url.path != one.path:
        return no_such_page(request)
    return _sent(one, packed="gzip" in request.headers.get("accept-encoding", ""))


def _sent(one: File, *, packed: bool) -> Response:
    headers = {
        "cache-control": "public, max-age=31536000, immutable",
        "vary": "accept-encoding",
        "x-content-type-options": "nosniff",
    }
    kind = mimetypes.guess_type(one.name)[0] or "application/octet-stream"
    if not packed:
        return Response(one.body, headers=headers, media_type=kind)
    return Response(one.packed, headers=headers | {"content-encoding": "gzip"}, media_type=kind)
