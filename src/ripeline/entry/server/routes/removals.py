"""Removals: who is proposed, who is removed, who is kept."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap import removal_desk as desk
from ripeline.entry.bootstrap.erase import finish, holding_backups
from ripeline.entry.bootstrap.remove import NotRemovableError, confirm
from ripeline.entry.log import note
from ripeline.entry.server.answers import ApiError, answer, body_as, lead_wanted
from ripeline.entry.server.operations import (
    DEFINITION,
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
from ripeline.entry.server.serving import Serving
from ripeline.handoff.answers import WrongStateError
from ripeline.ports.scores import unwatched
from ripeline.usecases.removal_record import (
    COLUMNS,
    MOST,
    Record,
    reason_of,
    removal_cells,
    removals_asked,
    removed_record,
)

WANTED = f'send {{"leads": ["..."]}}, at most {MOST:,}, or {{"all": true}}'

_CONFIRMED = {
    "type": "object",
    "properties": {
        "leads": {
            **listed(
                {**TEXT, "description": "Any identifier of a lead on the list, its e-mail address, or kind:value."}
            ),
            "minItems": 1,
            "maxItems": MOST,
        },
        "all": {"const": True, "description": "Everybody who is on the list."},
    },
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
}
_HELD = {
    "type": "object",
    "properties": {"reason": {**TEXT, "description": "Why; it is kept until the hold is lifted."}},
    "required": ["reason"],
    "additionalProperties": False,
}


class Confirmed(msgspec.Struct, forbid_unknown_fields=True):
    """The body that removes leads: some, or all who are on the list."""

    leads: list[str] | None = None
    all: bool = False


class Held(msgspec.Struct, forbid_unknown_fields=True):
    """The body that keeps a lead."""

    reason: str


def removal_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, lead = _Removals(services), "/api/leads/{lead:path}"
    hold, page = Content(written("hold")), (DEFINITION, LIMIT, OFFSET, *WAITING)
    return [
        Operation("GET", "/api/removals", does.removals, Content(written("removals")), takes=page),
        Operation("GET", "/api/removals/holds", does.holds, Content(written("holds"))),
        Operation(
            "POST",
            "/api/removals/confirm",
            does.confirm,
            Content(written("removed")),
            scope="admin",
            body=Content(_CONFIRMED),
        ),
        Operation("GET", f"{lead}/removal", does.why, Content(written("removal")), takes=WAITING),
        Operation("POST", f"{lead}/hold", does.hold, hold, scope="admin", body=Content(_HELD)),
        Operation("DELETE", f"{lead}/hold", does.lift, hold, scope="admin"),
    ]


class _Removals:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def removals(self, request: Request) -> Response:
        """Who is proposed for removal, who was proposed first comes first; as CSV where text/csv is accepted."""
        name, parameters = self._with.name(request.query_params.get("definition")), dict(request.query_params)
        asked = removals_asked({key: text for key, text in parameters.items() if key not in {"min_position", "wait"}})
        await self._with.wait(request)
        at_us = self._with.now_us()
        record = await self._ask(lambda serving: desk.page(serving.check, serving.history.store, name, asked, at_us))
        if "text/csv" in request.headers.get("accept", ""):
            return Response(_csv(record), media_type="text/csv")
        return answer(record)

    async def holds(self, _: Request) -> Response:
        """Who is on hold, the oldest first."""
        return answer(await self._ask(lambda serving: desk.holds(serving.check.board)))

    async def confirm(self, request: Request) -> Response:
        """Remove leads of the list for good; all of these, or nobody. Each is looked at once more."""
        said, workspace = await body_as(request, Confirmed, WANTED), self._with.workspace
        if said.all == bool(said.leads) or len(said.leads or ()) > MOST:
            raise ApiError(400, "bad_body", WANTED)
        leads = None if said.all else said.leads
        try:
            done = await run_in_threadpool(confirm, workspace, leads, self._with.now_us, unwatched)
        except NotRemovableError as error:
            raise ApiError(409, "not_removable", str(error)) from error
        if done.erasure is None:
            return answer(removed_record([], None, [], gone=True))
        note("removed", leads=len(done.people), position=done.erasure.position)
        # The files go when this server reads others: it has to notice.
        self._with.live.wake()
        gone = await run_in_threadpool(finish, workspace, unwatched)
        leads = [one.lead for one in done.people]
        return answer(removed_record(leads, done.erasure, holding_backups(workspace), gone=gone))

    async def why(self, request: Request) -> Response:
        """Whether a lead is on the removal list, and what keeps it off."""
        lead, at_us = request.path_params["lead"], self._with.now_us()
        await self._with.wait(request)
        with lead_wanted():
            return answer(await self._ask(lambda serving: desk.why(serving.check, serving.history.store, lead, at_us)))

    async def hold(self, request: Request) -> Response:
        """Keep a lead from being removed, whatever its scores, until that is lifted."""
        lead, said = request.path_params["lead"], await body_as(request, Held, 'send {"reason": "..."}')
        by, at_us, reason = self._with.rights(request).by, self._with.now_us(), reason_of(said.reason)
        with _held():
            record = await self._ask(
                lambda serving: desk.hold(serving.check.board, serving.history.store, lead, reason, by, at_us)
            )
        return answer(record)

    async def lift(self, request: Request) -> Response:
        """Let a lead be removed again that was on hold, where its scores say so."""
        lead, at_us = request.path_params["lead"], self._with.now_us()
        by = self._with.rights(request).by
        with _held():
            record = await self._ask(
                lambda serving: desk.lift(serving.check.board, serving.history.store, lead, by, at_us)
            )
        return answer(record)

    async def _ask(self, question: Callable[[Serving], Record]) -> Record:
        return await self._with.live.ask(question)


@contextmanager
def _held() -> Iterator[None]:
    """Answer 409 where a lead is on hold already, or is not; 404 where there is no such lead."""
    with lead_wanted():
        try:
            yield
        except WrongStateError as error:
            raise ApiError(409, "wrong_state", str(error)) from error


def _csv(record: Record) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *map(removal_cells, record["leads"])])
    return text.getvalue()
