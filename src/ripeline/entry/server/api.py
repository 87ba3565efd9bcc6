"""The HTTP API: every route of the server but the intake's."""

from starlette.applications import Starlette

from ripeline.entry.server.answers import ERRORS
from ripeline.entry.server.routes.accounts import account_routes
from ripeline.entry.server.routes.definitions import definition_routes
from ripeline.entry.server.routes.failed import failed_routes
from ripeline.entry.server.routes.identity import identity_routes
from ripeline.entry.server.routes.leads import lead_routes
from ripeline.entry.server.routes.operation import operation_routes
from ripeline.entry.server.routes.set_aside import set_aside_routes
from ripeline.entry.server.services import Services
from ripeline.entry.server.tag import tag_routes


def api(services: Services) -> Starlette:
    """Return the application of all routes but the intake's."""
    routes = [
        *operation_routes(services),
        *identity_routes(services),
        *lead_routes(services),
        *definition_routes(services),
        *account_routes(services),
        *failed_routes(services),
        *set_aside_routes(services),
        *tag_routes(),
    ]
    return Starlette(routes=routes, exception_handlers=ERRORS)
