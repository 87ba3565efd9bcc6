"""Events that people did not do themselves: seen, set aside and restored."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.live import acts_of
from ripeline.entry.server.answers import answer, body_as, number_of
from ripeline.entry.server.operations import (
    LIMIT,
    OFFSET,
    TEXT,
    WAITING,
    Content,
    Operation,
    listed,
    written,
)
from ripeline.entry.server.services import Services
from ripeline.ports.acts import ActsAsked
from ripeline.usecases.set_aside import acts_asked, choice_record, chosen_by_hand, set_aside_record

MOST_LISTED = 1_000


class Chosen(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a judgement. preview: only tell how much it would concern."""

    events: tuple[str, ...] | None = None
    messages: tuple[str, ...] | None = None
    source: str | None = None
    lead: str | None = None
    user_agent: str | None = None
    reason: str = ""
    preview: bool = False

    def asked(self) -> ActsAsked:
        """Return which events it is about."""
        return acts_asked(self.events, self.source, self.messages, self.lead, self.user_agent)


CHOSEN = {
    "type": "object",
    "properties": {
        "events": listed(TEXT),
        "source": TEXT,
        "messages": listed(TEXT),
        "lead": TEXT,
        "user_agent": TEXT,
        "reason": TEXT,
        "preview": {"type": "boolean"},
    },
    "additionalProperties": False,
}
"""The schema of that body."""


def set_aside_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, judged, body = _SetAside(services), Content(written("judged")), Content(CHOSEN)
    page = (LIMIT, OFFSET, *WAITING)
    return [
        Operation("GET", "/api/set-aside", does.listed, Content(written("set-aside")), takes=page),
        Operation("POST", "/api/set-aside", does.set_aside, judged, scope="write", body=body),
        Operation("POST", "/api/set-aside/restore", does.restore, judged, scope="write", body=body),
        Operation(
            "POST",
            "/api/set-aside/{event}/restore",
            does.restore_one,
            judged,
            scope="write",
            body=Content(CHOSEN, needed=False),
        ),
    ]


class _SetAside:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def listed(self, request: Request) -> Response:
        """Events that do not count, the last judged first, each with its reason."""
        limit, offset = min(number_of(request, "limit", 100), MOST_LISTED), number_of(request, "offset", 0)
        await self._with.wait(request)
        total, found = await self._with.live.ask(
            lambda serving: acts_of(serving.history.store).set_aside(limit, offset)
        )
        return answer(set_aside_record(total, found))

    async def set_aside(self, request: Request) -> Response:
        """Let events count no more."""
        return await self._judge(request, "set_aside", await _chosen(request))

    async def restore(self, request: Request) -> Response:
        """Let events count again."""
        return await self._judge(request, "restore", await _chosen(request))

    async def restore_one(self, request: Request) -> Response:
        """Let one event count again."""
        chosen = await _chosen(request)
        one = msgspec.structs.replace(chosen, events=(request.path_params["event"],))
        return await self._judge(request, "restore", one)

    async def _judge(self, request: Request, kind: str, chosen: Chosen) -> Response:
        asked, at_us = chosen.asked(), self._with.now_us()
        choice = await self._with.live.ask(
            lambda serving: chosen_by_hand(acts_of(serving.history.store), asked, kind, chosen.reason, at_us)
        )
        if chosen.preview:
            return answer(choice_record(choice, None))
        position = self._with.book.decide(choice.judgements, self._with.rights(request).by)
        self._with.live.wake()
        return answer(choice_record(choice, position))


async def _chosen(request: Request) -> Chosen:
    ways = 'send {"lead": "...", "reason": "..."}, or events, source and messages, or user_agent'
    return await body_as(request, Chosen, f'{ways}; with "preview": true to look first', may_be_empty=True)
