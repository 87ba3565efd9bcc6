"""What the routes work with, and who may use them."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.book import BookOfServer
from ripeline.entry.server.answers import ApiError, Handler, number_of, seconds_of
from ripeline.entry.server.live import Live
from ripeline.entry.workspace import Workspace
from ripeline.handoff.sales import Sales
from ripeline.vocabulary.issues import did_you_mean

USUAL_WAIT_S, LONGEST_WAIT_S = 5.0, 30.0


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes work with."""

    workspace: Workspace
    sales: Sales
    live: Live
    now_us: Callable[[], int]
    book: BookOfServer
    metrics: Callable[[], str]

    def guarded(self, handler: Handler, scope: str = "read") -> Handler:
        """Return the handler for those alone whose token has a scope."""

        async def answer(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            scopes = self.book.scopes_of(token.strip()) if scheme.lower() == "bearer" else frozenset[str]()
            if not scopes:
                raise ApiError(401, "unknown_token", "send an API token: Authorization: Bearer rlt_...")
            if scope not in scopes and "admin" not in scopes:
                raise ApiError(403, "not_allowed", f'this token lacks the scope "{scope}"')
            return await handler(request)

        return answer

    def name(self, named: str | None) -> str:
        """Return a definition's name that is served, the default one where none is named."""
        known = self.live.plans
        name = named or next(iter(known))
        if name not in known:
            raise ApiError(404, "no_such_definition", f'"{name}" is no definition here; {did_you_mean(name, known)}')
        return name

    async def wait(self, request: Request) -> None:
        """Wait as long as a request allows until the position it names is applied."""
        position = number_of(request, "min_position", 0)
        if not await self.live.at(position, seconds_of(request, "wait", USUAL_WAIT_S, LONGEST_WAIT_S)):
            raise ApiError(504, "not_yet", f"position {position} is not applied yet; ask again")
