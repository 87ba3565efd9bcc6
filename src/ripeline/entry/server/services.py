"""What the routes work with, and who may use them."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.book import BookOfServer
from ripeline.entry.bootstrap.sales import Salespeople
from ripeline.entry.server.answers import ApiError, Handler, lead_wanted, number_of, seconds_of
from ripeline.entry.server.came import EverybodyCame
from ripeline.entry.server.delivery import Delivery
from ripeline.entry.server.live import Live
from ripeline.entry.server.publishing import Publishing
from ripeline.entry.server.work import Works
from ripeline.entry.workspace import Workspace
from ripeline.handoff.sales import Sales
from ripeline.ports.intake import Token
from ripeline.usecases.answer import Rights
from ripeline.vocabulary.issues import did_you_mean
from ripeline.vocabulary.people import Name

USUAL_WAIT_S, LONGEST_WAIT_S = 5.0, 30.0


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes work with. set_up_code: whoever knows it may make the first login."""

    workspace: Workspace
    salespeople: Salespeople
    live: Live
    delivery: Delivery
    now_us: Callable[[], int]
    book: BookOfServer
    metrics: Callable[[], str]
    set_up_code: str
    publishing: Publishing
    works: Works
    came: EverybodyCame

    @property
    def sales(self) -> Sales:
        """How sales is set up by now."""
        return self.salespeople.now()

    def guarded(self, handler: Handler, scope: str = "read") -> Handler:
        """Return the handler for those alone whose token has a scope."""

        async def answer(request: Request) -> Response:
            token = self._token(request)
            if not token.scopes:
                raise ApiError(401, "unknown_token", "send an API token: Authorization: Bearer rlt_...")
            if not token.scopes & {scope, "admin"}:
                raise ApiError(403, "not_allowed", f'this token lacks the scope "{scope}"')
            return await handler(request)

        return answer

    def _token(self, request: Request) -> Token:
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        return self.book.token(shown.strip()) if scheme.lower() == "bearer" else Token()

    def rights(self, request: Request) -> Rights:
        """Return whose handoffs a request may answer: its person's, and those of teams that person manages.

        A token that is nobody's answers for everybody, under its own name; whose person is gone, for nobody.
        """
        token = self._token(request)
        if token.person is None or "admin" in token.scopes:
            return Rights(token.person or token.name or "api")
        return self.rights_of(token.person)

    def rights_of(self, person: str) -> Rights:
        """Return whose handoffs a salesperson may answer: their own, and those of teams that they manage."""
        sales = self.sales
        if person not in sales.people:
            return Rights(person, frozenset())
        managed = (team.members for team in sales.teams.values() if team.manager == person)
        return Rights(person, frozenset([person, *(name for members in managed for name in members)]))

    def name(self, named: str | None) -> str:
        """Return a definition's name that is served, the default one where none is named."""
        known = self.live.plans
        name = named or next(iter(known))
        if name not in known:
            raise ApiError(404, "no_such_definition", f'"{name}" is no definition here; {did_you_mean(name, known)}')
        return name

    async def names_of(self, lead: str | None) -> list[Name] | None:
        """Return all names of a lead by any identifier, None where none is asked for; 404 where nobody is it."""
        if lead is None:
            return None
        with lead_wanted():
            return await self.live.ask(lambda serving: serving.names_of(lead))

    async def wait(self, request: Request) -> None:
        """Wait as long as a request allows until the position it names is applied."""
        position = number_of(request, "min_position", 0)
        if not await self.live.at(position, seconds_of(request, "wait", USUAL_WAIT_S, LONGEST_WAIT_S)):
            raise ApiError(504, "not_yet", f"position {position} is not applied yet; ask again")
