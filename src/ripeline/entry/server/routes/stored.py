"""What is stored of a lead."""

from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.server.answers import answer, lead_wanted, number_of
from ripeline.entry.server.operations import LIMIT, WAITING, Content, Operation, Parameter, written
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.usecases.timeline import USUAL_LIMIT, timeline_asked, timeline_record


def stored_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, lead = _Stored(services), "/api/leads/{lead:path}"
    return [
        Operation(
            "GET",
            f"{lead}/timeline",
            does.timeline,
            Content(written("timeline")),
            takes=(
                Parameter("kind", "Only event, traits, link or outcome; several with commas between."),
                Parameter("before", "What the page before told as next."),
                LIMIT,
                *WAITING,
            ),
        ),
    ]


class _Stored:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def timeline(self, request: Request) -> Response:
        """What is stored of a lead, the youngest first, a page at a time."""
        lead, asked_for = request.path_params["lead"], request.query_params
        limit = number_of(request, "limit", USUAL_LIMIT)
        asked = timeline_asked(asked_for.get("kind"), asked_for.get("before"), limit)
        await self._with.wait(request)
        now_us = self._with.now_us()

        def ask(serving: Serving) -> dict[str, object]:
            record = timeline_record(history_of(serving.history.store), lead, now_us, asked)
            return {**record, "position": serving.history.position}

        with lead_wanted():
            return answer(await self._with.live.ask(ask))
