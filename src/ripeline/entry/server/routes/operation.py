"""How the server is, and what is due."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ripeline.entry.server.answers import ApiError, answer, time_of
from ripeline.entry.server.services import Services
from ripeline.usecases.score import asked_at
from ripeline.vocabulary.calendar import instant_text


def operation_routes(services: Services) -> list[Route]:
    """Return the routes."""
    routes = _Operation(services)
    return [
        Route("/health", routes.health),
        Route("/ready", routes.ready),
        Route("/metrics", routes.metrics),
        Route("/api/position", services.guarded(routes.position)),
        Route("/api/due", services.guarded(routes.due, "admin"), methods=["POST"]),
    ]


class _Operation:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def health(self, _: Request) -> Response:
        """The server is up."""
        return answer({"status": "ok", "position": self._with.live.position})

    async def ready(self, _: Request) -> Response:
        """What is accepted is applied as well."""
        if not self._with.live.keeps_up:
            raise ApiError(503, "not_ready", "events are taken, but cannot be applied at the moment; the log says why")
        return answer({"status": "ready", "position": self._with.live.position})

    async def metrics(self, _: Request) -> Response:
        """Counters for Prometheus."""
        return Response(self._with.metrics(), media_type="text/plain; version=0.0.4")

    async def position(self, _: Request) -> Response:
        """How far the inbox is filled, and how far it is applied."""
        return answer({"accepted": self._with.book.accepted(), "applied": self._with.live.position})

    async def due(self, request: Request) -> Response:
        """Do everything that is due until an instant: the days between, and what was sent."""
        plan = self._with.live.plans[self._with.name(None)]
        until_us = asked_at(plan, self._with.now_us(), time_of(request, "until"), None).as_of_us
        await self._with.live.catch_up(until_us)
        return answer({"until": instant_text(until_us), "position": self._with.live.position})
