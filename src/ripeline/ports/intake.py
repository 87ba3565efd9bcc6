"""What clients send, until it is history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

BY_HAND: Final = 0
"""The key under which decisions, told outcomes, dispositions and erasures stand in the inbox; nobody can show it."""


@dataclass(frozen=True, slots=True)
class WriteKey:
    """What a client shows when it sends. kind: web or server; origins: pages it may be used on, () for all.

    Events of one source are counted once by their message id.
    """

    id: int
    kind: str
    source: str
    origins: tuple[str, ...] = ()

    @property
    def trusted(self) -> bool:
        """Say whether what comes with it is trusted."""
        return self.kind == "server"


@dataclass(frozen=True, slots=True)
class Token:
    """What an API token allows. person: the salesperson whose it is, None for nobody's."""

    name: str = ""
    scopes: frozenset[str] = frozenset()
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a client as it came; see the table inbox. body: as sent, packed or not."""

    received_us: int
    key_id: int
    body: bytes
    kind: str | None = None
    retried: bool = False
    sent_at: str | None = None


@dataclass(frozen=True, slots=True)
class FailedEvent:
    """An event that does not count, where it came from and why; see the table failed_events.

    id, source, state: as the book tells them.
    """

    position: int
    place: int
    received_us: int
    key_id: int
    kind: str | None
    reason: str
    detail: str
    event: bytes
    id: int = 0
    source: str = ""
    state: str = "failed"


class UnavailableError(Exception):
    """Nothing can be stored at the moment; later it may be."""


class Inbox(Protocol):
    """Requests that are safe and wait to become history."""

    def waiting(self, after: int, until: int) -> Sequence[tuple[int, Request]]:
        """Return (position, request) behind a position, up to another, in order: not all, where they are many."""

    def keys(self) -> Mapping[int, WriteKey]:
        """Return all write keys there ever were, by their number."""

    def note_applied(self, position: int, failed: Sequence[FailedEvent]) -> None:
        """Remember how far was read, and the events up to there that do not count."""
