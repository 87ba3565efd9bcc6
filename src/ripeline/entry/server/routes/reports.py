"""Reports on what became of leads: how sales answers them."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.reports import sla_of
from ripeline.entry.server.answers import ApiError, answer, time_of
from ripeline.entry.server.operations import Content, Operation, Parameter, written
from ripeline.entry.server.services import Services
from ripeline.handoff.report import GROUPS
from ripeline.usecases.sla import group_asked, period_asked
from ripeline.vocabulary.issues import did_you_mean

PERIOD = (
    Parameter("from", "The first day, or a time; 29 days before the last."),
    Parameter("to", "The last day, or a time; now."),
)


def report_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does = _Reports(services)
    by = Parameter("by", f"What handoffs are told apart by: {', '.join(GROUPS)}; owner.")
    return [Operation("GET", "/api/sla", does.sla, Content(written("sla")), takes=(by, *PERIOD))]


class _Reports:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def sla(self, request: Request) -> Response:
        """How sales answers: how much is accepted, why not, how soon, and how often as promised."""
        must_be(request, ("by", "from", "to"))
        sales, at_us = self._with.sales, self._with.now_us()
        by = group_asked(request.query_params.get("by"))
        period = period_asked(time_of(request, "from"), time_of(request, "to"), sales.hours.zone, at_us)
        # On a thread and a connection of its own: what comes in meanwhile is not to wait for it.
        return answer(await asyncio.to_thread(sla_of, self._with.workspace, sales, by, period, at_us))


def must_be(request: Request, known: tuple[str, ...]) -> None:
    """Refuse parameters that are not known: a report for the wrong days looks like any other."""
    for name in request.query_params:
        if name not in known:
            raise ApiError(400, "bad_parameter", f'"{name}" is no parameter; {did_you_mean(name, known)}')
