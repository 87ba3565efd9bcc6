"""What the routes work with, and who may use them."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.book import BookOfServer
from ripeline.entry.server.answers import ApiError, number_of
from ripeline.entry.server.live import Live
from ripeline.intake.decisions import Decision
from ripeline.plan.nodes import Plan
from ripeline.ports import History
from ripeline.vocabulary.issues import did_you_mean
from ripeline.vocabulary.values import NUMBER

LONGEST_WAIT_S = 30.0
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes work with.

    plans: by the definition's name in the workspace, the default one first. supposing: history, beside the live one,
    as if somebody had decided so.
    """

    live: Live
    plans: dict[str, Plan]
    now_us: Callable[[], int]
    book: BookOfServer
    metrics: Callable[[], str]
    supposing: Callable[[Sequence[Decision]], AbstractContextManager[History]]

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

    def plan(self, named: str | None) -> tuple[str, Plan]:
        """Return a definition's name and plan; of the default one where none is named."""
        name = named or next(iter(self.plans))
        if name not in self.plans:
            raise ApiError(
                404, "no_such_definition", f'"{name}" is no definition here; {did_you_mean(name, self.plans)}'
            )
        return name, self.plans[name]

    async def wait(self, request: Request) -> None:
        """Wait as long as a request allows until the position it names is applied."""
        position = number_of(request, "min_position", 0)
        wait_s = request.query_params.get("wait", "5s").removesuffix("s")
        if not NUMBER.fullmatch(wait_s):
            raise ApiError(400, "bad_parameter", "wait takes seconds, such as 5s")
        if not await self.live.at(position, min(float(wait_s), LONGEST_WAIT_S)):
            raise ApiError(504, "not_yet", f"position {position} is not applied yet; ask again")
