"""What a salesperson gets with a lead, for programs and for people."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ripeline.entry.server.answers import ApiError, answer
from ripeline.entry.server.operations import TEXT, Content, Operation, written
from ripeline.entry.server.services import Services
from ripeline.usecases.packet import packet_record
from ripeline.usecases.packet_words import headline, sections, verdict
from ripeline.usecases.page import HEADERS, packet_page
from ripeline.vocabulary.issues import InputError

HTML = "text/html"


def packet_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, path = _Packets(services), "/api/handoffs/{number:int}/packet"
    return [
        Operation("GET", path, does.packet, Content(written("packet"))),
        Operation("GET", f"{path}.html", does.page, Content(TEXT, HTML)),
    ]


class _Packets:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def packet(self, request: Request) -> Response:
        """What a salesperson gets with a lead; with `Accept: text/html` as a page."""
        return await self._answered(request, as_page=_wants_page(request.headers.get("accept", "")))

    async def page(self, request: Request) -> Response:
        """The same as a page for people."""
        return await self._answered(request, as_page=True)

    async def _answered(self, request: Request, *, as_page: bool) -> Response:
        number, at_us = request.path_params["number"], self._with.now_us()
        if self._with.book.handoff(number)[0] is None:
            raise ApiError(404, "no_such_handoff", f"there is no handoff {number}")
        try:
            packet, zone = await self._with.live.ask(lambda serving: serving.packet(number, at_us))
        except InputError as error:
            raise ApiError(404, "no_packet", str(error)) from error
        if not as_page:
            return answer(packet_record(packet))
        page = packet_page(headline(packet), [verdict(packet)], sections(packet, zone))
        return HTMLResponse(page, headers=dict(HEADERS))


def _wants_page(accept: str) -> bool:
    """Say whether a page is named before JSON.

    >>> _wants_page("text/html,application/xhtml+xml,*/*;q=0.8"), _wants_page("*/*"), _wants_page("application/json")
    (True, False, False)
    """
    named = [one.partition(";")[0].strip() for one in accept.lower().split(",")]
    return next((one == HTML for one in named if one in {HTML, "application/json"}), False)
