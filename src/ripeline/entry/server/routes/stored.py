"""What is stored of a lead, and what is said of it."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.bootstrap.removal_desk import hold_of, notes_about
from ripeline.entry.server.answers import answer, body_as, lead_wanted, number_of
from ripeline.entry.server.operations import LIMIT, TEXT, WAITING, Content, Operation, Parameter, listed, written
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.usecases.export import export_record
from ripeline.usecases.outcomes import OutcomeTold, outcomes_of, outcomes_record
from ripeline.usecases.timeline import USUAL_LIMIT, timeline_asked, timeline_record

MOST_OUTCOMES = 1_000
"""Outcomes in one request."""

_OUTCOME = {
    "type": "object",
    "properties": {
        "lead": {**TEXT, "description": "Any identifier of the lead, its e-mail address, or kind:value."},
        "outcome": {"enum": ["won", "lost"]},
        "time": {"type": ["string", "null"], "description": "A date or a time; now, where it is left out or later."},
    },
    "required": ["lead", "outcome"],
    "additionalProperties": False,
}
_TOLD = {
    "type": "object",
    "properties": {"outcomes": {**listed(_OUTCOME), "minItems": 1, "maxItems": MOST_OUTCOMES}},
    "required": ["outcomes"],
    "additionalProperties": False,
}


def stored_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, lead = _Stored(services), "/api/leads/{lead:path}"
    return [
        Operation(
            "GET",
            f"{lead}/timeline",
            does.timeline,
            Content(written("timeline")),
            takes=(
                Parameter(
                    "kind",
                    "Only event, set_aside, traits, link, account, outcome or disposition; several with commas between.",
                ),
                Parameter("before", "What the page before told as next."),
                LIMIT,
                *WAITING,
            ),
        ),
        Operation("GET", f"{lead}/export", does.export, Content(written("export")), takes=WAITING),
        Operation(
            "POST", "/api/outcomes", does.outcomes, Content(written("outcomes")), scope="write", body=Content(_TOLD)
        ),
    ]


class Told(msgspec.Struct, forbid_unknown_fields=True):
    """The body that tells outcomes."""

    outcomes: Annotated[list[OutcomeTold], msgspec.Meta(min_length=1, max_length=MOST_OUTCOMES)]


class _Stored:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def timeline(self, request: Request) -> Response:
        """What is stored of a lead, the youngest first, a page at a time."""
        lead, asked_for = request.path_params["lead"], request.query_params
        limit = number_of(request, "limit", USUAL_LIMIT)
        asked = timeline_asked(asked_for.get("kind"), asked_for.get("before"), limit)
        await self._with.wait(request)
        now_us = self._with.now_us()

        def ask(serving: Serving) -> dict[str, object]:
            record = timeline_record(history_of(serving.history.store), lead, now_us, asked)
            return {**record, "position": serving.history.position}

        with lead_wanted():
            return answer(await self._with.live.ask(ask))

    async def export(self, request: Request) -> Response:
        """Everything that is stored of a lead: names, links, all entries, scores by each definition with reasons."""
        lead, now_us = request.path_params["lead"], self._with.now_us()
        await self._with.wait(request)

        def ask(serving: Serving) -> dict[str, object]:
            history = history_of(serving.history.store)
            board, store = serving.check.board, serving.history.store
            hold, notes = hold_of(board, store, lead, now_us), notes_about(board, store, lead)
            record = export_record(history, serving.plans.values(), hold, notes, lead, now_us)
            return {**record, "position": serving.history.position}

        with lead_wanted():
            return answer(await self._with.live.ask(ask))

    async def outcomes(self, request: Request) -> Response:
        """Say which leads were won and lost: all of them, or none where one cannot be; said again it changes nothing."""
        told, at_us = await _told(request), self._with.now_us()
        zone = self._with.live.plans[self._with.name(None)].zone
        outcomes = await self._with.live.ask(
            lambda serving: outcomes_of(history_of(serving.history.store), told, zone, at_us)
        )
        position = self._with.book.tell_outcomes(outcomes, at_us)
        self._with.live.wake()
        return answer(outcomes_record(outcomes, position))


async def _told(request: Request) -> list[OutcomeTold]:
    wanted = 'send {"outcomes": [{"lead": "...", "outcome": "won", "time": "..."}]}'
    return (await body_as(request, Told, wanted)).outcomes
