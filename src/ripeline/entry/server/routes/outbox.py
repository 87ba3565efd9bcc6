"""What was promised to the outside."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.server.answers import ApiError, answer, body_as, number_of
from ripeline.entry.server.operations import LIMIT, WHOLE, Content, Operation, Parameter, written
from ripeline.entry.server.services import Services
from ripeline.handoff.retry import STATES
from ripeline.usecases.outbox_record import message_record, outbox_record, resent
from ripeline.vocabulary.changes import What
from ripeline.vocabulary.issues import InputError, did_you_mean

YOUNGEST = 2**63 - 1
MOST_LISTED = 1_000


class Releasing(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a release. only_new: what was held back so far stays so."""

    only_new: bool = False


RELEASING = {"type": "object", "properties": {"only_new": {"type": "boolean"}}, "additionalProperties": False}
"""The schema of that body."""


def outbox_operations(services: Services) -> list[Operation]:
    """Return the operations."""
    does, one, resent = _Outbox(services), "/api/outbox/{message}", Content(written("resent"))
    state = Parameter("state", "Only messages in this state.", {"type": "string", "enum": list(STATES)})
    before = Parameter("before", "What `next` of the page before says.", WHOLE)
    to = Parameter("destination", "Only those to this webhook, chat or mail address.")
    releasing = Content(RELEASING, needed=False)
    return [
        Operation("GET", "/api/outbox", does.listed, Content(written("outbox")), takes=(state, before, LIMIT)),
        Operation("POST", "/api/outbox/resend", does.resend_dead, resent, scope="write", takes=(to,)),
        Operation("POST", "/api/outbox/release", does.release, resent, scope="admin", body=releasing),
        Operation("GET", one, does.shown, Content(written("message"))),
        Operation("POST", f"{one}/resend", does.resend, resent, scope="write"),
        Operation("POST", f"{one}/give-up", does.give_up, Content(written("message")), scope="write"),
    ]


class _Outbox:
    def __init__(self, services: Services) -> None:
        self._with, self._outbox = services, services.book.outbox

    async def listed(self, request: Request) -> Response:
        """What was promised to webhooks, chats and mail addresses, the youngest first."""
        state = request.query_params.get("state")
        if state is not None and state not in STATES:
            raise ApiError(400, "bad_parameter", f'state: "{state}" is none; {did_you_mean(state, STATES)}')
        before, most = number_of(request, "before", YOUNGEST), min(number_of(request, "limit", 100), MOST_LISTED)
        chosen = next((one for one in STATES if one == state), None)
        return answer(outbox_record(self._outbox.promised(chosen, before, most + 1), most))

    async def shown(self, request: Request) -> Response:
        """One message with every attempt to deliver it."""
        return answer(message_record(*self._outbox.one(self._known(request))))

    async def resend(self, request: Request) -> Response:
        """Send a message again, whatever became of it."""
        known = self._known(request)
        return self._resent(request, self._outbox.resend(known))

    async def give_up(self, request: Request) -> Response:
        """Try a message no more that is still to be sent."""
        known = self._known(request)
        self._outbox.give_up(known, self._with.rights(request).by, self._with.now_us())
        return answer(message_record(*self._outbox.one(known)))

    async def resend_dead(self, request: Request) -> Response:
        """Send everything again that was given up."""
        return self._resent(request, self._outbox.resend_dead(request.query_params.get("destination")))

    async def release(self, request: Request) -> Response:
        """Let a workspace that was restored send, and send what was held back."""
        asked = await body_as(request, Releasing, 'send {"only_new": true}, or nothing', may_be_empty=True)
        return self._resent(request, self._outbox.release(held_too=not asked.only_new), "sending_released")

    def _known(self, request: Request) -> str:
        asked = str(request.path_params["message"])
        try:
            self._outbox.one(asked)
        except InputError as error:
            raise ApiError(404, "no_such_message", "there is no such message") from error
        return asked

    def _resent(self, request: Request, count: int, what: What = "sent_again") -> Response:
        self._with.book.note_changes(resent(count, self._with.rights(request).by, self._with.now_us(), what))
        self._with.delivery.wake()
        return answer({"resent": count})
