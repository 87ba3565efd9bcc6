"""Tasks: what sales is to see to without urgency; seen, done, dismissed."""

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.server.answers import ApiError, answer, body_as
from ripeline.entry.server.operations import DEFINITION, LIMIT, OFFSET, TEXT, Content, Operation, Parameter, written
from ripeline.entry.server.services import Services
from ripeline.handoff.answers import WrongStateError
from ripeline.usecases.answer import NotYoursError
from ripeline.usecases.answer_task import TaskAnswer, TaskVerb
from ripeline.usecases.task_record import task_record, tasks_asked
from ripeline.vocabulary.tasks import STATES

_BODY: Final = {"type": "object", "properties": {"comment": TEXT}, "additionalProperties": False}
_DOES: Final[dict[TaskVerb, str]] = {
    "done": "Say that a task was seen to; where the lead asked again, that is answered with it.",
    "dismiss": "Say that a task is not worth it; where the lead asked again, that is answered with it.",
}


class Said(msgspec.Struct, forbid_unknown_fields=True):
    """The body of an answer."""

    comment: str | None = None


def task_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does = _Tasks(services)
    chosen = (
        Parameter("state", f"Only those in this state; several with commas between: {', '.join(STATES)}."),
        Parameter("owner", "Only what this person has."),
        Parameter("lead", "Only those of this lead, by any identifier."),
        DEFINITION,
        LIMIT,
        OFFSET,
    )
    body = Content(_BODY, needed=False)
    return [
        Operation("GET", "/api/tasks", does.tasks, Content(written("tasks")), takes=chosen),
        *(
            Operation(
                "POST",
                f"/api/tasks/{{task:int}}/{verb}",
                does.says(verb),
                Content(written("task")),
                scope="answer",
                body=body,
                does=told,
            )
            for verb, told in _DOES.items()
        ),
    ]


class _Tasks:
    def __init__(self, services: Services) -> None:
        self._with = services

    async def tasks(self, request: Request) -> Response:
        """Tasks: who asked again comes first, then the oldest."""
        asked = tasks_asked(request.query_params)
        total, found = self._with.book.tasks(asked, await self._with.names_of(asked.lead))
        return answer({"total": total, "tasks": [task_record(one) for one in found]})

    def says(self, verb: TaskVerb) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers requests of one verb."""

        async def answered(request: Request) -> Response:
            number, comment = request.path_params["task"], await _comment(request)
            said = TaskAnswer(verb, comment, self._with.rights(request), self._with.now_us())
            if self._with.book.task(number) is None:
                raise ApiError(404, "no_such_task", f"there is no task {number}")
            try:
                done = await self._with.live.ask(lambda serving: serving.closes(number, said))
            except NotYoursError as error:
                raise ApiError(403, "not_yours", str(error)) from error
            except WrongStateError as error:
                raise ApiError(409, "wrong_state", str(error)) from error
            self._with.live.wake()
            return answer(done)

        return answered


async def _comment(request: Request) -> str | None:
    return (await body_as(request, Said, 'send nothing, or {"comment": "..."}', may_be_empty=True)).comment
