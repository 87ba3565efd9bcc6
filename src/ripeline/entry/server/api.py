"""Every route of the server but the intake's: the HTTP API, and the app."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ripeline.entry.server.answers import ERRORS, no_such_route, told_of_defect
from ripeline.entry.server.operations import Operation
from ripeline.entry.server.pages.app import defect_page, no_such_page, page_routes
from ripeline.entry.server.routes.accounts import account_operations
from ripeline.entry.server.routes.answer import answer_operations
from ripeline.entry.server.routes.definitions import definition_operations
from ripeline.entry.server.routes.erase import erase_operations
from ripeline.entry.server.routes.failed import failed_operations
from ripeline.entry.server.routes.handoffs import handoff_operations
from ripeline.entry.server.routes.identity import identity_operations
from ripeline.entry.server.routes.imports import import_operations
from ripeline.entry.server.routes.intake import intake_operations
from ripeline.entry.server.routes.leads import lead_operations
from ripeline.entry.server.routes.nurture import nurture_operations
from ripeline.entry.server.routes.openapi import openapi_operation
from ripeline.entry.server.routes.operation import server_operations
from ripeline.entry.server.routes.outbox import outbox_operations
from ripeline.entry.server.routes.packet import packet_operations
from ripeline.entry.server.routes.removals import removal_operations
from ripeline.entry.server.routes.reports import report_operations
from ripeline.entry.server.routes.sales import sales_operations
from ripeline.entry.server.routes.set_aside import set_aside_operations
from ripeline.entry.server.routes.stored import stored_operations
from ripeline.entry.server.routes.tasks import task_operations
from ripeline.entry.server.services import Services
from ripeline.entry.server.tag import tag_operations


def api(services: Services) -> Starlette:
    """Return the application of all routes but the intake's."""
    pages = page_routes(services, services.book.logins, services.set_up_code)
    return Starlette(
        routes=[*_routes(services), *pages], exception_handlers={**ERRORS, 404: nothing_here, Exception: defect}
    )


async def nothing_here(request: Request, error: Exception) -> Response:
    """Answer where there is nothing: people with a page, programs with JSON."""
    if "text/html" in request.headers.get("accept", ""):
        return no_such_page(request)
    return await no_such_route(request, error)


async def defect(request: Request, error: Exception) -> Response:
    """Answer where something of ours went wrong, in the same two ways; the log says what."""
    if "text/html" in request.headers.get("accept", ""):
        return defect_page(request)
    return await told_of_defect(request, error)


def operations(services: Services) -> list[Operation]:
    """Return everything that a server can be asked, its own description last."""
    told = [
        *intake_operations(),
        *server_operations(services),
        *identity_operations(services),
        *handoff_operations(services),
        *packet_operations(services),
        *answer_operations(services),
        *task_operations(services),
        *nurture_operations(services),
        *removal_operations(services),
        *erase_operations(services),
        *stored_operations(services),
        *lead_operations(services),
        *definition_operations(services),
        *account_operations(services),
        *failed_operations(services),
        *import_operations(services),
        *set_aside_operations(services),
        *sales_operations(services),
        *report_operations(services),
        *outbox_operations(services),
        *tag_operations(),
    ]
    told.append(openapi_operation(told))
    return told


def _routes(services: Services) -> list[Route]:
    """Return the routes, each for those alone whose token has its scope; the intake has its own."""
    return [
        Route(
            one.path,
            one.handler if one.scope is None else services.guarded(one.handler, one.scope),
            methods=[one.method],
        )
        for one in operations(services)
        if one.handler is not None
    ]
