"""Events that do not count."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.server.answers import ApiError, answer, number_of
from ripeline.entry.server.operations import LIMIT, WHOLE, Content, Operation, Parameter, written
from ripeline.entry.server.services import Services
from ripeline.usecases.failed_record import failed_record


def failed_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, one = _Failed(services), "/api/failed-events/{id:int}"
    before = Parameter("before", "Only those with a smaller number.", WHOLE)
    repaired = Content({"type": "object", "description": "The event, repaired."}, needed=False)
    return [
        Operation("GET", "/api/failed-events", does.failed_events, Content(written("failed")), takes=(before, LIMIT)),
        Operation("POST", f"{one}/replay", does.replay, Content(written("replayed")), scope="write", body=repaired),
        Operation("POST", f"{one}/dismiss", does.dismiss, Content(written("dismissed")), scope="write"),
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
        by, at_us = self._with.rights(request).by, self._with.now_us()
        position = self._with.book.replay(request.path_params["id"], repaired, by, at_us)
        self._with.live.wake()
        return answer({"position": position})

    async def dismiss(self, request: Request) -> Response:
        """Leave a failed event out for good; it is kept."""
        self._with.book.dismiss(request.path_params["id"], self._with.rights(request).by, self._with.now_us())
        return answer({"state": "dismissed"})
