"""The HTTP API: leads with their reasons, failed events, and how the server is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ripeline.entry.bootstrap import BookOfServer, LiveHistory, history_of
from ripeline.entry.server.live import Live
from ripeline.entry.server.tag import tag_routes
from ripeline.plan.nodes import Plan
from ripeline.usecases.explain import explain, explanation_record
from ripeline.usecases.failed_record import failed_record
from ripeline.usecases.leads_asked import leads_asked, score_record
from ripeline.usecases.score import asked_at
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.values import NUMBER

LONGEST_WAIT_S = 30.0
Handler = Callable[[Request], Awaitable[Response]]


class ApiError(Exception):
    """An answer that is an error, in the one shape that all have."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Take HTTP's number, a stable word, and a sentence."""
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes work with.

    plans: by the definition's name in the workspace.
    """

    live: Live
    plans: dict[str, Plan]
    now_us: Callable[[], int]
    book: BookOfServer
    metrics: Callable[[], str]


def api(services: Services) -> Starlette:
    """Return the application of all routes but the intake's."""
    routes = Routes(services)
    return Starlette(
        routes=[
            Route("/health", routes.health),
            Route("/ready", routes.ready),
            Route("/metrics", routes.metrics),
            *tag_routes(),
            Route("/api/position", routes.guarded(routes.position)),
            Route("/api/leads", routes.guarded(routes.leads)),
            Route("/api/due", routes.guarded(routes.due, "admin"), methods=["POST"]),
            Route("/api/leads/{lead:path}", routes.guarded(routes.lead)),
            Route("/api/failed-events", routes.guarded(routes.failed_events)),
            Route("/api/failed-events/{id:int}/replay", routes.guarded(routes.replay, "write"), methods=["POST"]),
            Route("/api/failed-events/{id:int}/dismiss", routes.guarded(routes.dismiss, "write"), methods=["POST"]),
        ],
        exception_handlers={
            ApiError: _told,
            InputError: _input_error,
            404: _not_found,
            405: _wrong_method,
            Exception: _defect,
        },
    )


class Routes:
    """What each route answers."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def guarded(self, handler: Handler, scope: str = "read") -> Handler:
        """Return the handler for those alone whose token has a scope."""

        async def answer(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            scopes = self._with.book.scopes_of(token.strip()) if scheme.lower() == "bearer" else frozenset[str]()
            if not scopes:
                raise ApiError(401, "unknown_token", "send an API token: Authorization: Bearer rlt_...")
            if scope not in scopes and "admin" not in scopes:
                raise ApiError(403, "not_allowed", f'this token lacks the scope "{scope}"')
            return await handler(request)

        return answer

    async def health(self, _: Request) -> Response:
        """The server is up."""
        return _json({"status": "ok", "position": self._with.live.position})

    async def ready(self, _: Request) -> Response:
        """What is accepted is applied as well."""
        if not self._with.live.keeps_up:
            raise ApiError(503, "not_ready", "events are taken, but cannot be applied at the moment; the log says why")
        return _json({"status": "ready", "position": self._with.live.position})

    async def metrics(self, _: Request) -> Response:
        """Counters for Prometheus."""
        return Response(self._with.metrics(), media_type="text/plain; version=0.0.4")

    async def position(self, _: Request) -> Response:
        """How far the inbox is filled, and how far it is applied."""
        return _json({"accepted": self._with.book.accepted(), "applied": self._with.live.position})

    async def leads(self, request: Request) -> Response:
        """Leads by their current scores: filtered, sorted, a page at a time."""
        name = request.query_params.get("definition") or next(iter(self._with.plans))
        self._plan(name)
        asked = leads_asked(request.query_params)
        await self._wait(request)
        scores = self._with.live.scores[name]
        total, rows = await self._with.live.ask(lambda history: scores.page(history.store, asked))
        return _json({"total": total, "leads": [score_record(row) for row in rows]})

    async def due(self, request: Request) -> Response:
        """Do everything that is due until an instant: the days between, and what was sent."""
        plan = next(iter(self._with.plans.values()))
        until_us = asked_at(plan, self._with.now_us(), _time(request, "until"), None).as_of_us
        await self._with.live.catch_up(until_us)
        return _json({"until": instant_text(until_us), "position": self._with.live.position})

    async def lead(self, request: Request) -> Response:
        """One lead by any identifier, with the reason for every point."""
        plan = self._plan(request.query_params.get("definition"))
        asked = asked_at(plan, self._with.now_us(), _time(request, "as_of"), None)
        await self._wait(request)
        lead = request.path_params["lead"]

        def ask(history: LiveHistory) -> dict[str, object]:
            return explanation_record(explain(plan, history_of(history.store), lead, asked.as_of_us))

        try:
            record = await self._with.live.ask(ask)
        except InputError as error:
            raise ApiError(404, "no_such_lead", str(error)) from error
        return _json({**record, "position": self._with.live.position})

    async def failed_events(self, request: Request) -> Response:
        """Events that do not count, the youngest first, each with its reason."""
        before, most = _number(request, "before", 2**63 - 1), min(_number(request, "limit", 100), 1_000)
        found = self._with.book.failed_events(before, most)
        return _json({"failed_events": [failed_record(one) for one in found]})

    async def replay(self, request: Request) -> Response:
        """Send a failed event again: as it was, or as the body has it."""
        body = await request.body()
        try:
            repaired = msgspec.json.decode(body, type=dict[str, Any]) if body.strip() else None
        except (msgspec.DecodeError, RecursionError) as error:
            raise ApiError(400, "not_json", f"the repaired event is no JSON object: {error}") from error
        position = self._with.book.replay(request.path_params["id"], repaired, self._with.now_us())
        self._with.live.wake()
        return _json({"position": position})

    async def dismiss(self, request: Request) -> Response:
        """Leave a failed event out for good; it is kept."""
        self._with.book.dismiss(request.path_params["id"])
        return _json({"state": "dismissed"})

    def _plan(self, named: str | None) -> Plan:
        plans = self._with.plans
        name = named or next(iter(plans))
        if name not in plans:
            raise ApiError(404, "no_such_definition", f'"{name}" is no definition here; {did_you_mean(name, plans)}')
        return plans[name]

    async def _wait(self, request: Request) -> None:
        position = _number(request, "min_position", 0)
        wait_s = request.query_params.get("wait", "5s").removesuffix("s")
        if not NUMBER.fullmatch(wait_s):
            raise ApiError(400, "bad_parameter", "wait takes seconds, such as 5s")
        if not await self._with.live.at(position, min(float(wait_s), LONGEST_WAIT_S)):
            raise ApiError(504, "not_yet", f"position {position} is not applied yet; ask again")


def _number(request: Request, name: str, usual: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004 - digits of 64 bits
        raise ApiError(400, "bad_parameter", f"{name} takes a whole number")
    return int(text)


def _time(request: Request, name: str) -> str | None:
    """Return a time as it was meant: the plus of its zone is a blank in a query."""
    text = request.query_params.get(name)
    return text.replace(" ", "+") if text is not None and "T" in text else text


def _json(record: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(record, enc_hook=_plain), status, media_type="application/json")


def _plain(value: object) -> object:
    return str(value)


async def _told(_: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return _json({"code": error.code, "message": error.message}, error.status)


async def _input_error(_: Request, error: Exception) -> Response:
    return _json({"code": "bad_input", "message": str(error)}, 400)


async def _not_found(_: Request, __: Exception) -> Response:
    return _json({"code": "no_such_route", "message": "there is nothing here; routes are listed in the docs"}, 404)


async def _defect(_: Request, __: Exception) -> Response:
    return _json(
        {"code": "defect", "message": "this is a defect of Ripeline or of its machine; its log says more"}, 500
    )


async def _wrong_method(_: Request, __: Exception) -> Response:
    return _json({"code": "wrong_method", "message": "this route takes another method"}, 405)
