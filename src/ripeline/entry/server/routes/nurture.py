"""The list of leads to nurture, for mail tools: as JSON, or as CSV."""

import csv
import io
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.server.answers import answer, time_of
from ripeline.entry.server.operations import DEFINITION, LIMIT, OFFSET, WAITING, Content, Operation, Parameter, written
from ripeline.entry.server.services import Services
from ripeline.usecases.nurture import COLUMNS, Record, nurture_asked, nurtured_record, safe_cells, since_of

SINCE = Parameter("since", "Only who joined then or later: a time, or a date (from its first microsecond on).")


def nurture_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, taken = _Nurture(services), (SINCE, DEFINITION, LIMIT, OFFSET, *WAITING)
    return [Operation("GET", "/api/nurture", does.nurture, Content(written("nurture")), takes=taken)]


class _Nurture:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def nurture(self, request: Request) -> Response:
        """Leads to nurture, who joined first comes first; as CSV where text/csv is accepted."""
        name, since = self._with.name(request.query_params.get("definition")), time_of(request, "since")
        zone = self._with.live.plans[name].zone
        asked = nurture_asked(request.query_params, None if since is None else since_of(since, zone))
        await self._with.wait(request)
        at_us = self._with.now_us()
        total, found = await self._with.live.ask(lambda serving: serving.to_nurture(name, asked, at_us))
        records = [nurtured_record(one) for one in found]
        if "text/csv" in request.headers.get("accept", ""):
            return Response(_csv(records), media_type="text/csv")
        return answer({"total": total, "leads": records})


def _csv(records: Sequence[Record]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(map(safe_cells, records))
    return text.getvalue()
