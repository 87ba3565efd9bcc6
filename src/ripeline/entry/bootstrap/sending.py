"""Sends what was promised: who takes it, and the outbox as the one sender sees it."""

import logging
import os
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from ripeline.adapters.book import outbox as rows
from ripeline.adapters.book.inbox import connected
from ripeline.adapters.book.sqlite import transaction
from ripeline.adapters.destinations.chat import ChatReceiver
from ripeline.adapters.destinations.mail import MailReceiver, mailbox
from ripeline.adapters.destinations.webhook import WebhookReceiver
from ripeline.entry.bootstrap.outbox import DIED
from ripeline.entry.log import note
from ripeline.entry.outbox_settings import key_at, url
from ripeline.entry.workspace import Workspace
from ripeline.handoff.chat_text import chat_text
from ripeline.handoff.destinations import MAIL_LANE, OutboxSettings, lane
from ripeline.handoff.retry import Answer, following
from ripeline.ports.outbox import Destination, Taken
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.messages import Message, MessageKind

AT_ONCE: Final[Mapping[MessageKind, int]] = {"webhook": 8, "mail": 2, "chat": 1}
"""How many messages are under way to one destination at most."""

TEST: Final = "outbox.test"
LOCK: Final = "sending.lock"
_UNKNOWN = Answer("refused", None, "the settings name no such destination; name it there, then send this again")


@dataclass(frozen=True, slots=True)
class Done:
    """An attempt that was made, and what it came to."""

    taken: Taken
    at_us: int
    answer: Answer


def destinations_of(settings: OutboxSettings) -> dict[str, Destination]:
    """Return who takes messages, by lane; secrets are read from the environment. InputError where one is missing."""
    found: dict[str, Destination] = {}
    for name, hook in settings.webhooks.items():
        keys = [key_at(hook.secret.setting, one) for one in hook.secret.told(os.environ)]
        found[lane("webhook", name)] = WebhookReceiver(
            hook.url, keys, allow_private=hook.allow_private, kept=AT_ONCE["webhook"]
        )
    for name, chat in settings.chats.items():
        address = url(chat.url.setting, chat.url.told(os.environ)[0], allow_private=chat.allow_private)
        found[lane("chat", name)] = ChatReceiver(chat.kind, address, allow_private=chat.allow_private)
    if (server := settings.mail) is not None:
        password = None if server.password is None else server.password.told(os.environ)[0]
        found[MAIL_LANE] = MailReceiver(server, password)
    return found


def must_have_secrets(settings: OutboxSettings) -> None:
    """Raise InputError where a secret that is needed to send is missing, or is none."""
    if settings.send:
        destinations_of(settings)


def most_at_once(way: str) -> int:
    """Return how many messages are under way in a lane at most."""
    kind = way.partition(" ")[0]
    return next(most for known, most in AT_ONCE.items() if known == kind)


class SendingBook:
    """The book as the one sender uses it, on a thread of its own.

    One process sends at a time, and holds a lock as long as it lives: whatever is being sent when it takes the lock
    was somebody's who is no more.
    """

    def __init__(self, workspace: Workspace, lanes: Sequence[str]) -> None:
        """Open the book; lanes: those that the settings know."""
        self._db = connected(workspace.book)
        self._lock = sqlite3.connect(workspace.root / LOCK, isolation_level=None, timeout=0)
        self._lanes, self._sends, self._holds = frozenset(lanes), workspace.outbox.send, False

    def turn(self, done: Sequence[Done], room: Mapping[str, int], at_us: int) -> list[Taken]:
        """Write down what attempts came to, and take what is due by lane, as many as there is room for."""
        if not self._is_sender(at_us):
            return []
        waiting = rows.waiting_lanes(self._db)
        if not done and not waiting:
            return []
        if not done and self._may_send and not self._is_due(waiting, room, at_us):
            return []
        with transaction(self._db):
            for one in done:
                then = following(one.answer, one.taken.tried + 1, one.at_us)
                rows.settle(self._db, one.taken.message.id, one.at_us, one.answer, then)
            if not self._may_send:
                rows.hold(self._db)
                return []
            return self._take(waiting, room, at_us)

    @property
    def _may_send(self) -> bool:
        return self._sends and not rows.is_copy(self._db)

    def _is_due(self, waiting: Mapping[str, int], room: Mapping[str, int], at_us: int) -> bool:
        return any(first_us <= at_us and (way not in self._lanes or room[way]) for way, first_us in waiting.items())

    def _take(self, waiting: Mapping[str, int], room: Mapping[str, int], at_us: int) -> list[Taken]:
        taken = []
        for way in waiting:
            if way in self._lanes:
                taken += rows.due(self._db, way, at_us, room[way])
            else:
                rows.give_up(self._db, way, at_us, _UNKNOWN)
        return taken

    def _is_sender(self, at_us: int) -> bool:
        if not self._holds:
            try:
                self._lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                return False
            self._holds = True
            for message_id in rows.take_over(self._db, at_us, DIED):
                note("a message is uncertain", logging.WARNING, message=message_id, lane=MAIL_LANE)
        return True

    def begin(self, message_id: str) -> None:
        """Write down that a message may arrive from here on."""
        rows.begin(self._db, message_id)

    def close(self) -> None:
        """Let somebody else send."""
        self._db.close()
        self._lock.close()


# ---- a test message --------------------------------------------------------------------------------------------------


async def send_test(settings: OutboxSettings, name: str, at_us: int) -> tuple[Message, Answer]:
    """Send a test message to a webhook or chat by its name, or to a mail address; it does not stand in the outbox."""
    message = _test_message(settings, name, at_us)
    chosen = _alone(settings, message)
    destination = next(iter(destinations_of(chosen).values()))
    try:
        return message, await destination.send(message, at_us, _nothing)
    finally:
        await destination.close()


async def send_mail(settings: OutboxSettings, to: str, subject: str, text: str, at_us: int) -> Answer:
    """Send a mail once, beside the outbox: what holds a secret is kept nowhere."""
    body = msgspec.json.encode({"to": to, "subject": subject, "text": text, "html": ""})
    destination = destinations_of(OutboxSettings(mail=settings.mail))[MAIL_LANE]
    try:
        return await destination.send(_message("mail", to, body, at_us), at_us, _nothing)
    finally:
        await destination.close()


async def _nothing() -> None:
    """A test is not tried again, whatever becomes of it."""


def _alone(settings: OutboxSettings, message: Message) -> OutboxSettings:
    name = message.destination
    match message.kind:
        case "mail":
            return OutboxSettings(mail=settings.mail)
        case "webhook":
            return OutboxSettings(webhooks={name: settings.webhooks[name]})
        case "chat":
            return OutboxSettings(chats={name: settings.chats[name]})


def _test_message(settings: OutboxSettings, name: str, at_us: int) -> Message:
    said = "A test message of Ripeline: messages arrive here."
    if name in settings.webhooks:
        body: object = {"type": TEST, "timestamp": instant_text(at_us), "sequence": 0, "data": {"message": said}}
        return _message("webhook", name, msgspec.json.encode(body), at_us)
    if name in settings.chats:
        return _message("chat", name, chat_text(settings.chats[name].kind, said), at_us)
    if "@" in name:
        if settings.mail is None:
            raise InputError("ripeline.toml has no [outbox.mail]")
        if mailbox(name) is None:
            raise InputError(f"{name!a} is no address that mail can be sent to")
        body = {"to": name, "subject": "A test message of Ripeline", "text": said, "html": ""}
        return _message("mail", name, msgspec.json.encode(body), at_us)
    known = did_you_mean(name, [*settings.webhooks, *settings.chats])
    raise InputError(f'"{name}" is no webhook or chat of ripeline.toml, and no mail address; {known}'.rstrip("; "))


def _message(kind: MessageKind, name: str, body: bytes, at_us: int) -> Message:
    return Message(rows.new_id(), kind, name, "", 0, TEST, body, at_us)
