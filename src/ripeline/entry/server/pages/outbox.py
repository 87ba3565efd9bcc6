"""What is promised to webhooks, chats and mail addresses: where to, what became of it, sent again, and tried."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.responses import Response

from ripeline.entry.bootstrap.sending import send_test
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.figures import ON_A_PAGE, Address, address_of
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.pages.persons import persons
from ripeline.entry.server.pages.settings import SETTINGS
from ripeline.entry.server.services import Services
from ripeline.handoff.destinations import OutboxSettings, Secret
from ripeline.handoff.packet import Person
from ripeline.handoff.retry import STATES, State
from ripeline.usecases.outbox_record import Record, message_record, outbox_record, resent, tested_record
from ripeline.vocabulary.issues import InputError, did_you_mean

PATH: Final = f"{SETTINGS}/outbox"
KNOWN: Final = ("state", "before")
YOUNGEST: Final = 2**63 - 1

MEANS: Final[dict[State, str]] = {
    "waiting": _("is sent when its time comes"),
    "sending": _("is under way"),
    "delivered": _("was taken"),
    "dead": _("was given up"),
    "uncertain": _("a mail that may have arrived or not; sent again it may come twice"),
    "held": _("is kept back"),
}
"""What each state means."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Where messages go. where: its address, as far as that is no secret; secret: where that is read from."""

    name: str
    kind: str
    where: str
    told: str
    secret: str


class OutboxPages:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "administer", self.shown),
            Page("GET", PATH + "/{message}", "administer", self.one),
            Page("POST", f"{PATH}/test", "administer", self.test),
            Page("POST", f"{PATH}/resend", "administer", self.resend_dead),
            Page("POST", PATH + "/{message}/resend", "administer", self.resend),
            Page("POST", PATH + "/{message}/give-up", "administer", self.give_up),
        ]

    async def shown(self, visit: Visit) -> Response:
        """Where messages go, and a page of them."""
        return await self._page(visit, address_of(visit, KNOWN))

    async def one(self, visit: Visit) -> Response:
        """One message with every attempt."""
        record = message_record(*self._with.book.outbox.one(self._known(visit)))
        told = {"title": _("A message"), "one": record, "means": MEANS, "people": await self._people(visit, [record])}
        return visit.shown("message.html", told)

    async def _people(self, visit: Visit, messages: Iterable[Record]) -> Mapping[str, Person]:
        return await persons(self._with, [one["about"] for one in messages if one["about"]], visit.at_us)

    async def test(self, visit: Visit) -> Response:
        """Send a test message to a destination, or to one's own address, and say what was answered."""
        name, settings = (await form_of(visit.request)).get("name", ""), self._with.workspace.outbox
        address = Address(PATH, {})
        if name not in {*settings.webhooks, *settings.chats, visit.who.mail}:
            raise ApiError(404, "no_such_destination", "there is no such destination")
        if why := self._with.book.outbox.why_not():
            return await self._page(visit, address, wrong=why, status=409)
        try:
            record = tested_record(*await send_test(settings, name, visit.at_us))
        except InputError as error:
            return await self._page(visit, address, wrong=str(error), status=400)
        return await self._page(visit, address, tested=record)

    async def resend(self, visit: Visit) -> Response:
        """Send one message again."""
        number = self._known(visit)
        self._note(visit, self._with.book.outbox.resend(number))
        return sent_to(f"{PATH}/{number}")

    async def give_up(self, visit: Visit) -> Response:
        """Try one message no more."""
        number = self._known(visit)
        self._with.book.outbox.give_up(number, visit.who.name, visit.at_us)
        return sent_to(f"{PATH}/{number}")

    async def resend_dead(self, visit: Visit) -> Response:
        """Send everything again that was given up."""
        self._note(visit, self._with.book.outbox.resend_dead(None))
        return sent_to(PATH)

    def _note(self, visit: Visit, count: int) -> None:
        self._with.book.note_changes(resent(count, visit.who.name, visit.at_us))
        self._with.delivery.wake()

    def _known(self, visit: Visit) -> str:
        asked = str(visit.request.path_params["message"])
        try:
            self._with.book.outbox.one(asked)
        except InputError as error:
            raise ApiError(404, "no_such_message", "there is no such message") from error
        return asked

    async def _page(
        self,
        visit: Visit,
        address: Address,
        *,
        wrong: str = "",
        tested: dict[str, Any] | None = None,
        status: int = 200,
    ) -> Response:
        state, outbox = _state(address), self._with.book.outbox
        found = outbox.promised(state, _before(address), ON_A_PAGE + 1)
        settings = self._with.workspace.outbox
        told: Record = {
            "title": _("Webhooks and mail"),
            "goals": list(_goals(settings)),
            "has_mail": settings.mail is not None,
            "why_not": outbox.why_not(),
            "counts": outbox.counts(),
            "means": MEANS,
            "state": state,
            "address": address,
            "wrong": wrong,
            "tested": tested,
        }
        told |= outbox_record(found, ON_A_PAGE)
        return visit.shown("outbox.html", told | {"people": await self._people(visit, told["messages"])}, status)


def _state(address: Address) -> State | None:
    asked = address.kept.get("state")
    found = next((one for one in STATES if one == asked), None)
    if asked is not None and found is None:
        raise InputError(f'state: "{asked}" is none; {did_you_mean(asked, STATES)}')
    return found


def _before(address: Address) -> int:
    text = address.kept.get("before", str(YOUNGEST))
    if not text.isdecimal() or int(text) > YOUNGEST:
        raise InputError(f'before takes a whole number, not "{text}"')
    return int(text)


def _goals(settings: OutboxSettings) -> Iterator[Goal]:
    """Yield where messages go. The path of a webhook may be a secret, and the address of a chat is one."""
    for name, hook in settings.webhooks.items():
        told = _("everything") if hook.types is None else ", ".join(sorted(hook.types))
        parts = urlsplit(hook.url)
        yield Goal(name, "webhook", f"{parts.scheme}://{parts.netloc}/…", told, _from(hook.secret))
    for name, chat in settings.chats.items():
        yield Goal(name, _("{kind} chat", kind=chat.kind), "", _("new and overdue leads"), _from(chat.url))
    if (mail := settings.mail) is not None:
        way = {"starttls": "STARTTLS", "tls": "TLS", "none": _("not encrypted")}[mail.security]
        secret = (
            _("no login")
            if mail.password is None
            else _("as {user}, {secret}", user=mail.user, secret=_from(mail.password))
        )
        yield Goal(
            mail.sender,
            "mail",
            _("{host}:{port}, {way}", host=mail.host, port=str(mail.port), way=way),
            _("packets, warnings"),
            secret,
        )


def _from(secret: Secret) -> str:
    """Return where a secret is read from, and never what it is."""
    if not secret.variable:
        return _("secret in ripeline.toml")
    if os.environ.get(secret.variable):
        return _("secret in {place}", place=secret.variable)
    return _("secret in {place}, which is not set", place=secret.variable)
