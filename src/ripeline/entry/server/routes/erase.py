"""Erasing a person for good."""

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.erase import find_person, holding_backups
from ripeline.entry.server.answers import answer, body_as
from ripeline.entry.server.operations import TEXT, Content, Operation, written
from ripeline.entry.server.persons import erased
from ripeline.entry.server.services import Services
from ripeline.ports.scores import unwatched
from ripeline.usecases.erase import erased_record, person_record, preview_record

_ASKED = {
    "type": "object",
    "properties": {
        "reason": {**TEXT, "description": "Why; it is kept, so it names nobody."},
        "preview": {"type": "boolean", "description": "Only show what would go."},
    },
    "additionalProperties": False,
}

WANTED = 'send {"reason": "..."}, with "preview": true to look first'


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """The body of an erasure. preview: only show what would go."""

    reason: str = ""
    preview: bool = False


def erase_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, body = _Erase(services), Content(_ASKED, needed=False)
    path, told = "/api/leads/{lead:path}/erase", Content(written("erase"))
    return [Operation("POST", path, does.erase, told, scope="admin", body=body)]


class _Erase:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def erase(self, request: Request) -> Response:
        """Erase the person behind any identifier, with everything that is stored of them."""
        asked = await body_as(request, Asked, WANTED, may_be_empty=True)
        lead, at_us = request.path_params["lead"], self._with.now_us()
        workspace, by = self._with.workspace, self._with.rights(request).by
        found = await run_in_threadpool(find_person, workspace, lead, at_us)
        person = None if found is None else person_record(found.person, found.removes)
        if asked.preview:
            return answer(preview_record(person))
        done, gone = await erased(self._with, lead, asked.reason, by, unwatched)
        return answer(erased_record(done, holding_backups(workspace), gone=gone))
