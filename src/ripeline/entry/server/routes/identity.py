"""Who is who: a lead's names and links, merging and taking apart."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.server.answers import answer, body_as, lead_wanted, time_of
from ripeline.entry.server.deciding import MERGE, UNMERGE, Asked, Deciding
from ripeline.entry.server.operations import AS_OF, TEXT, WAITING, Content, Operation, written
from ripeline.entry.server.services import Services
from ripeline.plan.nodes import Plan
from ripeline.usecases.identity import change_record, identity_record
from ripeline.usecases.score import asked_at


class Named(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a decision. preview: only show what it would change."""

    identifier: str
    preview: bool = False


_OTHER = Content(
    {
        "type": "object",
        "properties": {
            "identifier": {**TEXT, "description": "The other lead, or the name that is taken out."},
            "preview": {"type": "boolean", "description": "Only show what it would change."},
        },
        "required": ["identifier"],
        "additionalProperties": False,
    }
)


def identity_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, lead, change = _Identity(services), "/api/leads/{lead:path}", Content(written("merge"))
    return [
        Operation("GET", f"{lead}/identity", does.identity, Content(written("identity")), takes=(AS_OF, *WAITING)),
        Operation("POST", f"{lead}/merge", does.merge, change, scope="write", body=_OTHER),
        Operation("POST", f"{lead}/unmerge", does.unmerge, change, scope="write", body=_OTHER),
    ]


class _Identity:
    def __init__(self, services: Services) -> None:
        self._with, self._deciding = services, Deciding(services)

    @property
    def _plan(self) -> Plan:
        """The default definition's."""
        return self._with.live.plans[self._with.name(None)]

    async def identity(self, request: Request) -> Response:
        """All names of a lead, and what links them."""
        lead, as_of = request.path_params["lead"], time_of(request, "as_of")
        asked = asked_at(self._plan, self._with.now_us(), as_of, None)
        await self._with.wait(request)
        with lead_wanted():
            record = await self._with.live.ask(
                lambda serving: identity_record(history_of(serving.history.store), lead, asked.as_of_us)
            )
        return answer({**record, "position": self._with.live.position})

    async def merge(self, request: Request) -> Response:
        """Say that the lead and another are one person."""
        return await self._decide(request, MERGE)

    async def unmerge(self, request: Request) -> Response:
        """Take a name out of the lead."""
        return await self._decide(request, UNMERGE)

    async def _decide(self, request: Request, kind: str) -> Response:
        body = await _named(request)
        asked = Asked(kind, request.path_params["lead"], body.identifier)
        decisions = await self._deciding.decisions(asked, self._with.now_us())
        looked = await self._deciding.look(asked, decisions)
        position = None if body.preview else self._deciding.make(decisions)
        return answer({**change_record(looked.change), "position": position})


async def _named(request: Request) -> Named:
    return await body_as(request, Named, 'send {"identifier": "..."}, with "preview": true to look first')
