"""How the server is, and what is due."""

from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.server.answers import ApiError, answer, time_of
from ripeline.entry.server.operations import INSTANT, TEXT, WHOLE, Content, Operation, Parameter, record
from ripeline.entry.server.services import Services
from ripeline.usecases.score import asked_at
from ripeline.vocabulary.calendar import instant_text


def server_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does = _Server(services)
    is_well = Content(record(status=TEXT, position=WHOLE))
    until = Parameter("until", "The instant; now.")
    return [
        Operation("GET", "/health", does.health, is_well, scope=None),
        Operation("GET", "/ready", does.ready, is_well, scope=None),
        Operation("GET", "/metrics", does.metrics, Content(TEXT, "text/plain"), scope=None),
        Operation("GET", "/api/position", does.position, Content(record(accepted=WHOLE, applied=WHOLE))),
        Operation(
            "POST",
            "/api/due",
            does.due,
            Content(record(until=INSTANT, position=WHOLE)),
            scope="admin",
            takes=(until,),
        ),
    ]


class _Server:
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
        """Do everything that is due until an instant: the days between, what was sent, what is to be delivered."""
        plan = self._with.live.plans[self._with.name(None)]
        until_us = asked_at(plan, self._with.now_us(), time_of(request, "until"), None).as_of_us
        await self._with.live.catch_up(until_us)
        await self._with.live.catch_up_removals(until_us)
        await self._with.delivery.catch_up(until_us)
        return answer({"until": instant_text(until_us), "position": self._with.live.position})
