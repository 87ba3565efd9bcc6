"""The outbox as people see to it: looked at, sent again, released."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from ripeline.adapters.book import outbox as rows
from ripeline.adapters.book.audit import note
from ripeline.adapters.book.inbox import connected
from ripeline.adapters.book.sqlite import transaction
from ripeline.handoff.destinations import OutboxSettings
from ripeline.handoff.retry import Answer, State
from ripeline.ports.outbox import Attempt, Promised
from ripeline.usecases.outbox_record import given_up
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.messages import Message

DIED = Answer("uncertain", None, "the server ended while the mail was handed over; whether it arrived is not known")


class Outbox:
    """What was promised to the outside by one workspace."""

    def __init__(self, db: sqlite3.Connection, settings: OutboxSettings) -> None:
        """Take the book, and where messages go."""
        self._db, self._settings = db, settings

    def counts(self) -> Mapping[str, int]:
        """Return how many messages there are in each state."""
        return rows.counts(self._db)

    def promised(self, state: State | None, before: int, most: int) -> list[Promised]:
        """Return messages, of one state or all, with smaller numbers than one, the youngest first."""
        return rows.promised(self._db, state, before, most)

    def one(self, message_id: str) -> tuple[Promised, list[Attempt]]:
        """Return a message with its attempts, or raise InputError where there is none."""
        found = rows.promised_one(self._db, message_id)
        return found, rows.attempts(self._db, found.number)

    def resend(self, message_id: str) -> int:
        """Have one message sent again, whatever became of it; return 1. InputError where it cannot be."""
        found = rows.promised_one(self._db, message_id)
        self._must_send()
        self._must_know(found.message)
        rows.resend(self._db, message_id)
        return 1

    def resend_dead(self, destination: str | None) -> int:
        """Have everything sent again that was given up, to one destination or all; return how many messages that are."""
        self._must_send()
        return rows.resend_dead(self._db, destination)

    def give_up(self, message_id: str, by: str, at_us: int) -> None:
        """Try a message no more that is still to be sent, and note who said so; InputError where it cannot be."""
        with transaction(self._db):
            found = rows.give_up_one(self._db, message_id, at_us, Answer("refused", None, f"given up by {by}"))
            note(self._db, given_up(found, by, at_us))

    def release(self, *, held_too: bool) -> int:
        """Let the workspace send from now on; return how many messages that were held back go out now."""
        if not self._settings.send:
            raise InputError(
                "ripeline.toml says send = false in [outbox]; take that out and start the server again first"
            )
        return rows.release(self._db, held_too=held_too)

    def why_not(self) -> str:
        """Return why nothing is sent, "" where it is."""
        if not self._settings.send:
            return "nothing is sent: ripeline.toml says send = false in [outbox]"
        if rows.is_copy(self._db):
            return "nothing is sent: this workspace was restored from a backup; see: ripeline outbox release"
        return ""

    def _must_send(self) -> None:
        if why := self.why_not():
            raise InputError(why)

    def _must_know(self, message: Message) -> None:
        settings, name = self._settings, message.destination
        known, where = {
            "webhook": (name in settings.webhooks, f"outbox.webhooks.{name}"),
            "chat": (name in settings.chats, f"outbox.chats.{name}"),
            "mail": (settings.mail is not None, "outbox.mail"),
        }[message.kind]
        if not known:
            raise InputError(f"ripeline.toml has no [{where}], so this cannot be sent again")


def hold_copy(book: Path, at_us: int) -> None:
    """Let a restored book send nothing that the original sends, until it is released."""
    with closing(connected(book)) as db:
        rows.hold_copy(db, at_us, DIED)
