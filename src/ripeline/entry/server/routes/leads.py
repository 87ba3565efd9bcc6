"""Leads: many by their current scores, one with the reason for every point."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.bootstrap.live import LiveHistory
from ripeline.entry.server.answers import ApiError, answer, time_of
from ripeline.entry.server.services import Services
from ripeline.usecases.explain import explain, explanation_record
from ripeline.usecases.leads_asked import leads_asked, score_record
from ripeline.usecases.score import asked_at
from ripeline.vocabulary.issues import InputError


def lead_routes(services: Services) -> list[Route]:
    """Return the routes."""
    routes = _Leads(services)
    return [
        Route("/api/leads", services.guarded(routes.leads)),
        Route("/api/leads/{lead:path}", services.guarded(routes.lead)),
    ]


class _Leads:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def leads(self, request: Request) -> Response:
        """Leads by their current scores: filtered, sorted, a page at a time."""
        name, _ = self._with.plan(request.query_params.get("definition"))
        asked = leads_asked(request.query_params)
        await self._with.wait(request)
        scores = self._with.live.scores[name]
        total, rows = await self._with.live.ask(lambda history: scores.page(history.store, asked))
        return answer({"total": total, "leads": [score_record(row) for row in rows]})

    async def lead(self, request: Request) -> Response:
        """One lead by any identifier, with the reason for every point."""
        _, plan = self._with.plan(request.query_params.get("definition"))
        asked = asked_at(plan, self._with.now_us(), time_of(request, "as_of"), None)
        await self._with.wait(request)
        lead = request.path_params["lead"]

        def ask(history: LiveHistory) -> dict[str, object]:
            return explanation_record(explain(plan, history_of(history.store), lead, asked.as_of_us))

        try:
            record = await self._with.live.ask(ask)
        except InputError as error:
            raise ApiError(404, "no_such_lead", str(error)) from error
        return answer({**record, "position": self._with.live.position})
