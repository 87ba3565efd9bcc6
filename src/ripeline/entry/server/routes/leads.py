"""Leads: many by their current scores, one with the reason for every point."""

from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.server.answers import answer, lead_wanted, time_of
from ripeline.entry.server.operations import (
    AS_OF,
    DEFINITION,
    WAITING,
    WHOLE,
    Content,
    Operation,
    page_of,
    record,
    written,
)
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.usecases.explain import explain, explanation_record
from ripeline.usecases.leads_asked import LEADS, leads_asked, score_record
from ripeline.usecases.score import asked_at


def lead_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does = _Leads(services)
    return [
        Operation(
            "GET",
            "/api/leads",
            does.leads,
            Content(record(total=WHOLE, leads=written("scores"))),
            takes=(*page_of(LEADS), DEFINITION, *WAITING),
        ),
        Operation(
            "GET",
            "/api/leads/{lead:path}",
            does.lead,
            Content(written("explain")),
            takes=(AS_OF, DEFINITION, *WAITING),
        ),
    ]


class _Leads:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def leads(self, request: Request) -> Response:
        """Leads by their current scores: filtered, sorted, a page at a time."""
        name = self._with.name(request.query_params.get("definition"))
        asked = leads_asked(request.query_params.multi_items())
        await self._with.wait(request)
        total, rows = await self._with.live.ask(lambda serving: serving.scores[name].page(serving.history.store, asked))
        return answer({"total": total, "leads": [score_record(row) for row in rows]})

    async def lead(self, request: Request) -> Response:
        """One lead by any identifier, with the reason for every point."""
        name = self._with.name(request.query_params.get("definition"))
        lead, as_of = request.path_params["lead"], time_of(request, "as_of")
        await self._with.wait(request)

        def ask(serving: Serving) -> dict[str, object]:
            plan, history = serving.plans[name], serving.history
            asked = asked_at(plan, self._with.now_us(), as_of, None)
            with lead_wanted():
                explanation = explain(plan, history_of(history.store), lead, asked.as_of_us)
            return {**explanation_record(explanation), "position": history.position}

        return answer(await self._with.live.ask(ask))
