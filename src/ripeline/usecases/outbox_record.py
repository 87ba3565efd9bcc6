"""A message of the outbox as the API and the command line tell it: never what it says, which may hold signed links."""

from collections.abc import Iterable, Sequence
from typing import Any

from ripeline.handoff.retry import Answer
from ripeline.ports.outbox import Attempt, Promised
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.changes import Change, What
from ripeline.vocabulary.messages import Message

Record = dict[str, Any]


def outbox_record(found: Sequence[Promised], most: int) -> Record:
    """Return a page of messages as plain values. found: one more than there is room for, where there are more."""
    page = found[:most]
    following = page[-1].number if page and len(found) > most else None
    return {"messages": [_plain(one) for one in page], "next": following}


def message_record(one: Promised, attempts: Iterable[Attempt]) -> Record:
    """Return a message with its attempts as plain values."""
    return {**_plain(one), "attempts": [_attempt(each) for each in attempts]}


def tested_record(message: Message, answer: Answer) -> Record:
    """Return what a test message came to as plain values."""
    return {
        "id": message.id,
        "kind": message.kind,
        "destination": message.destination,
        "outcome": answer.outcome,
        "status": answer.status,
        "error": answer.error,
    }


def resent(count: int, by: str, at_us: int, what: What = "sent_again") -> Change:
    """Return what is noted of messages that somebody had sent again, or released."""
    return Change(at_us, by, what, f"{count:,} message" if count == 1 else f"{count:,} messages")


def given_up(one: Promised, by: str, at_us: int) -> Change:
    """Return what is noted of a message that somebody gave up: where to and after how many tries, not about whom."""
    tries = "1 try" if one.tried == 1 else f"{one.tried:,} tries"
    return Change(at_us, by, "given_up", f"{one.message.type} to {one.message.destination}, after {tries}")


def _plain(one: Promised) -> Record:
    message = one.message
    return {
        "id": message.id,
        "kind": message.kind,
        "destination": message.destination,
        "about": message.about or None,
        "sequence": message.sequence,
        "type": message.type,
        "made_at": instant_text(message.made_us),
        "state": one.state,
        "tried": one.tried,
        "next_at": None if one.due_us is None else instant_text(one.due_us),
        "last": None if one.last is None else _attempt(one.last),
    }


def _attempt(one: Attempt) -> Record:
    return {"at": instant_text(one.at_us), "status": one.status, "error": one.error}
