"""What was promised to the outside, and who delivers it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from ripeline.handoff.retry import Answer, State
from ripeline.vocabulary.messages import Message

Begun = Callable[[], Awaitable[None]]
"""Writes down that a message may have arrived from here on, whatever happens."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver a message. status: of HTTP or SMTP; error: "" where it went well."""

    at_us: int
    status: int | None
    error: str


@dataclass(frozen=True, slots=True)
class Promised:
    """A message and how it stands, as the book has it. due_us: of one that waits, when it is tried next.

    number: in which order messages were written. tried: attempts since it was made, or sent again by hand.
    last: the last attempt of all.
    """

    number: int
    message: Message
    state: State
    due_us: int | None
    tried: int
    last: Attempt | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that is being sent. tried: attempts before this one."""

    message: Message
    lane: str
    tried: int


class Destination(Protocol):
    """Somebody who takes messages."""

    async def send(self, message: Message, at_us: int, begun: Begun) -> Answer:
        """Make one attempt, and return what it came to; it takes a bounded time.

        begun: awaited before something is done that must not be done twice.
        """

    async def close(self) -> None:
        """Let go of connections."""
