"""Events that do not count."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ripeline.entry.server.answers import ApiError, answer, number_of
from ripeline.entry.server.services import Services
from ripeline.usecases.failed_record import failed_record


def failed_routes(services: Services) -> list[Route]:
    """Return the routes."""
    routes = _Failed(services)
    return [
        Route("/api/failed-events", services.guarded(routes.failed_events)),
        Route("/api/failed-events/{id:int}/replay", services.guarded(routes.replay, "write"), methods=["POST"]),
        Route("/api/failed-events/{id:int}/dismiss", services.guarded(routes.dismiss, "write"), methods=["POST"]),
    ]


class _Failed:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def failed_events(self, request: Request) -> Response:
        """Events that do not count, the youngest first, each with its reason."""
        before, most = number_of(request, "before", 2**63 - 1), min(number_of(request, "limit", 100), 1_000)
        found = self._with.book.failed_events(before, most)
        return answer({"failed_events": [failed_record(one) for one in found]})

    async def replay(self, request: Request) -> Response:
        """Send a failed event again: as it was, or as the body has it."""
        body = await request.body()
        try:
            repaired = msgspec.json.decode(body, type=dict[str, Any]) if body.strip() else None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ApiError(400, "not_json", f"the repaired event is no JSON object: {error}") from error
        position = self._with.book.replay(request.path_params["id"], repaired, self._with.now_us())
        self._with.live.wake()
        return answer({"position": position})

    async def dismiss(self, request: Request) -> Response:
        """Leave a failed event out for good; it is kept."""
        self._with.book.dismiss(request.path_params["id"])
        return answer({"state": "dismissed"})
