"""Handoffs: seen, answered, given to somebody else; and the log of stages."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.server.answers import ApiError, answer, body_as, lead_wanted, number_of
from ripeline.entry.server.operations import (
    DEFINITION,
    LIMIT,
    OFFSET,
    WAITING,
    WHOLE,
    Content,
    Operation,
    Parameter,
    written,
)
from ripeline.entry.server.services import Services
from ripeline.handoff.answers import WrongStateError
from ripeline.usecases.answer import NotYoursError
from ripeline.usecases.handoffs_asked import handoffs_asked, stages_asked
from ripeline.usecases.lead_record import handoff_record, stage_record
from ripeline.usecases.said import Said, routed_record
from ripeline.vocabulary.handoffs import STATES

_WORDS = {"type": ["string", "null"]}
_SAID = {
    "accept": (),
    "touch": ("comment",),
    "reject": ("reason", "comment"),
    "recycle": ("until", "reason", "comment"),
    "disqualify": ("reason", "comment"),
    "qualify": ("budget", "need", "fit", "timing"),
    "won": ("comment",),
    "lost": ("reason", "competitor", "comment"),
    "reassign": ("to",),
}
"""What comes with each verb."""

DOES = {
    "accept": "Take a lead on: somebody works it from now on, and the clock to the first contact runs.",
    "touch": "Say that somebody was in touch with the lead.",
    "reject": "Send a lead back with a reason of the definition's list; it cools down.",
    "recycle": "Send a lead back until a day.",
    "disqualify": "Say that a lead will never be a customer.",
    "qualify": "Say that budget, need, fit and timing are known: the lead is sales qualified.",
    "won": "Say that a deal was won.",
    "lost": "Say that a deal was lost, and why.",
    "reassign": "Give a handoff to somebody else: to a person, or to whom it is routed.",
}
"""Every verb in a sentence."""


def handoff_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does = _Handoffs(services)
    chosen = (
        Parameter("state", f"Only those in this state; several with commas between: {', '.join(STATES)}."),
        Parameter("owner", "Only what this person has."),
        Parameter("lead", "Only those of this lead, by any identifier."),
        DEFINITION,
        LIMIT,
        OFFSET,
    )
    one = Content(written("handoff"))
    return [
        Operation("GET", "/api/handoffs", does.handoffs, Content(written("handoffs")), takes=chosen),
        Operation("GET", "/api/handoffs/{number:int}", does.handoff, one),
        *(
            Operation(
                "POST",
                f"/api/handoffs/{{number:int}}/{verb}",
                does.says(verb),
                one,
                scope="answer",
                body=Content(_body(names), needed=False),
                does=DOES[verb],
            )
            for verb, names in _SAID.items()
        ),
        Operation("GET", "/api/queues", does.queues, Content(written("queues")), takes=(DEFINITION, *WAITING)),
        Operation("GET", "/api/release", does.released, Content(written("release")), takes=(DEFINITION,)),
        Operation(
            "POST",
            "/api/release",
            does.release,
            Content(written("release")),
            scope="publish",
            takes=(
                Parameter("per_day", "How many held handoffs leave a day; 0 for none.", WHOLE, needed=True),
                DEFINITION,
            ),
        ),
        Operation(
            "GET",
            "/api/stages",
            does.stages,
            Content(written("stages")),
            takes=(
                Parameter("after", "Only lines with a greater number; what the page before told as next.", WHOLE),
                Parameter("lead", "Only those of this lead, by any identifier."),
                DEFINITION,
                LIMIT,
            ),
        ),
        Operation(
            "GET",
            "/api/leads/{lead:path}/route",
            does.route,
            Content(written("route")),
            takes=(DEFINITION, *WAITING),
        ),
    ]


def _body(names: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "object", "properties": dict.fromkeys(names, _WORDS), "additionalProperties": False}


class _Handoffs:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def handoffs(self, request: Request) -> Response:
        """Handoffs: what is to be answered first comes first."""
        asked = handoffs_asked(request.query_params)
        total, found = self._with.book.handoffs(asked, await self._with.names_of(asked.lead))
        return answer({"total": total, "handoffs": [handoff_record(one) for one in found]})

    async def handoff(self, request: Request) -> Response:
        """One handoff with everything that happened to it."""
        one, steps = self._with.book.handoff(request.path_params["number"])
        if one is None:
            raise _no_such(request.path_params["number"])
        return answer(handoff_record(one, steps))

    async def stages(self, request: Request) -> Response:
        """The log of stages: every move of every lead, the oldest first."""
        asked = stages_asked(request.query_params)
        lines = self._with.book.stage_log(asked, await self._with.names_of(asked.lead))
        following = lines[-1].number if len(lines) == asked.limit else None
        return answer({"stages": [stage_record(line) for line in lines], "next": following})

    async def route(self, request: Request) -> Response:
        """Who would get this lead if it were handed over now, and why; nothing is given."""
        name, lead = self._with.name(request.query_params.get("definition")), request.path_params["lead"]
        await self._with.wait(request)
        at_us = self._with.now_us()
        with lead_wanted():
            found = await self._with.live.ask(
                lambda serving: serving.lifecycle.desk.would_go_to(serving.history.store, lead, name, at_us)
            )
        return answer(routed_record(*found))

    async def queues(self, request: Request) -> Response:
        """Where everybody is who meets the definition: with sales, waiting, or left alone for a reason."""
        name, at_us = self._with.name(request.query_params.get("definition")), self._with.now_us()
        await self._with.wait(request)
        return answer(await self._with.live.ask(lambda serving: serving.queues(name, at_us)))

    async def released(self, request: Request) -> Response:
        """How many handoffs are held back, and how many of them leave a day."""
        return answer(self._with.book.released(self._with.name(request.query_params.get("definition"))))

    async def release(self, request: Request) -> Response:
        """Let so many held handoffs a day go to sales from now on, the best first, as long as there is room for them."""
        name = self._with.name(request.query_params.get("definition"))
        if "per_day" not in request.query_params:
            raise ApiError(400, "bad_parameter", "say how many leave a day: per_day=20; 0 for none")
        per_day, by = number_of(request, "per_day", 0), self._with.rights(request).by
        done = self._with.book.release(name, per_day, by, self._with.now_us())
        self._with.live.wake()
        return answer(done)

    def says(self, verb: str) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers requests of one verb."""

        async def answered(request: Request) -> Response:
            number, at_us = request.path_params["number"], self._with.now_us()
            said, rights = await _said(request, verb), self._with.rights(request)
            if self._with.book.handoff(number)[0] is None:
                raise _no_such(number)
            try:
                done = await self._with.live.ask(lambda serving: serving.says(number, said, rights, at_us))
            except NotYoursError as error:
                raise ApiError(403, "not_yours", str(error)) from error
            except WrongStateError as error:
                raise ApiError(409, "wrong_state", str(error)) from error
            self._with.live.wake()
            return answer(done)

        return answered


def _no_such(number: int) -> ApiError:
    return ApiError(404, "no_such_handoff", f"there is no handoff {number}")


async def _said(request: Request, verb: str) -> Said:
    told = await body_as(request, Said, f"{verb} takes {_takes(verb)}", may_be_empty=True)
    unknown = [name for name in Said.__struct_fields__ if name not in _SAID[verb] and getattr(told, name)]
    if unknown:
        raise ApiError(400, "bad_body", f'"{unknown[0]}" says nothing here; {verb} takes {_takes(verb)}')
    return msgspec.structs.replace(told, verb=verb)


def _takes(verb: str) -> str:
    names = _SAID[verb]
    return "{" + ", ".join(f'"{name}": "..."' for name in names) + "}" if names else "no body"
