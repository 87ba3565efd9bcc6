"""Who is who: a lead's names and links, merging and taking apart."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.bootstrap.live import opened_history
from ripeline.entry.server.answers import answer, body_as, lead_wanted, time_of
from ripeline.entry.server.operations import AS_OF, TEXT, WAITING, Content, Operation, written
from ripeline.entry.server.services import Services
from ripeline.intake.decisions import Linking
from ripeline.plan.nodes import Plan
from ripeline.ports.history import History
from ripeline.usecases.identity import change_of, change_record, identity_record, merge_of, unmerge_of
from ripeline.usecases.score import asked_at

Decide = Callable[[History, str, str, int], list[Linking]]


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
        self._with = services

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
        return await self._decide(request, merge_of, lambda lead, other: ((lead, other), (lead,)))

    async def unmerge(self, request: Request) -> Response:
        """Take a name out of the lead."""
        return await self._decide(request, unmerge_of, lambda lead, other: ((lead,), (lead, other)))

    async def _decide(
        self, request: Request, decide: Decide, leads: Callable[[str, str], tuple[Sequence[str], Sequence[str]]]
    ) -> Response:
        lead, body, at_us = request.path_params["lead"], await _named(request), self._with.now_us()
        decisions = await self._with.live.ask(
            lambda serving: decide(history_of(serving.history.store), lead, body.identifier, at_us)
        )
        record = await run_in_threadpool(self._change, leads(lead, body.identifier), decisions)
        if body.preview:
            return answer({**record, "position": None})
        position = self._with.book.decide(decisions, self._with.rights(request).by)
        self._with.live.wake()
        return answer({**record, "position": position})

    def _change(self, leads: tuple[Sequence[str], Sequence[str]], decisions: list[Linking]) -> dict[str, Any]:
        """See what decisions change beside the live history, which nobody but its thread may touch."""
        with opened_history(self._with.workspace) as before, opened_history(self._with.workspace, decisions) as after:
            change = change_of(self._plan, before, after, leads, decisions, decisions[0].at_us)
        return change_record(change)


async def _named(request: Request) -> Named:
    return await body_as(request, Named, 'send {"identifier": "..."}, with "preview": true to look first')
