"""Promises the outside to be told what happens, in the transaction that makes it true."""

import sqlite3
from collections.abc import Callable, Sequence

from ripeline.adapters.book.outbox import next_sequence, put
from ripeline.adapters.book.tellings import add_telling
from ripeline.entry.bootstrap.sales import Salespeople
from ripeline.entry.workspace import Workspace
from ripeline.handoff.destinations import fan_out
from ripeline.usecases.announce import Outside, about_of, telling, webhooks
from ripeline.vocabulary.happenings import Happening
from ripeline.vocabulary.messages import Message


def announcer_of(workspace: Workspace, people: Salespeople) -> "Announcer":
    """Return what promises the outside of a workspace, and its salespeople as they are by then."""
    return Announcer(lambda: Outside(workspace.outbox, people.now(), workspace.server.url))


class Announcer:
    """Promises the outside of one workspace; people are told by `tell_people.py`, since that needs history.

    promised: how many messages it has put into the outbox since it was made.
    """

    def __init__(self, outside: Callable[[], Outside]) -> None:
        """Take what tells who is told what, and how they are reached."""
        self._outside, self.promised = outside, 0

    @property
    def outside(self) -> Outside:
        """Who is told what by now, and how they are reached."""
        return self._outside()

    def asks_for(self, type: str) -> bool:
        """Say whether any webhook is told of happenings of a type."""
        return bool(fan_out(self.outside.outbox, type))

    def announce(self, db: sqlite3.Connection, happenings: Sequence[Happening]) -> None:
        """Promise that happenings are told, inside the transaction that is under way."""
        outside = self.outside
        for one in happenings:
            # Numbered whoever listens, so that a new listener does not begin anew.
            sequence = next_sequence(db, about_of(one))
            self.put(db, webhooks(outside.outbox, one, sequence))
            later = telling(outside, one, sequence)
            if later is not None:
                add_telling(db, later)

    def put(self, db: sqlite3.Connection, messages: Sequence[Message]) -> None:
        """Put messages into the outbox, inside the transaction that is under way."""
        self.promised += len(put(db, messages))
