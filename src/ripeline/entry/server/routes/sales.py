"""How sales is set up, and who is at work."""

from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.server.answers import answer, time_of
from ripeline.entry.server.operations import Content, Operation, Parameter, written
from ripeline.entry.server.services import Services
from ripeline.usecases.moments import instant_of_text
from ripeline.usecases.salespeople import sales_record

AT = Parameter("at", "The moment at which people work or not: a time, or a date (its last microsecond); now.")


def sales_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does = _Sales(services)
    return [Operation("GET", "/api/sales", does.sales, Content(written("sales")), takes=(AT,))]


class _Sales:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def sales(self, request: Request) -> Response:
        """Salespeople and who is at work, teams, and which leads go to which."""
        sales, at = self._with.sales, time_of(request, "at")
        at_us = self._with.now_us() if at is None else instant_of_text(at, sales.hours.zone)
        return answer(sales_record(sales, at_us))
