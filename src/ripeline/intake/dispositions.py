"""What sales answers to a handoff: it goes the way of all events, so that every reader has it at one position."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from ripeline.intake.calls import RefusedError
from ripeline.vocabulary.people import Name

DISPOSITIONS: Final = "dispositions"
"""The kind of requests that only our own commands and API write; no client can."""


class Disposition(msgspec.Struct, frozen=True, omit_defaults=True):
    """Sales answered a handoff of a lead, or, with the last two answers, a task.

    at_us: when; by: who; reason: why, as far as it was said.
    known_us: when it was received; the request tells it, so of one that is to be written it is not asked.
    """

    lead: Name
    answer: Literal[
        "accepted", "rejected", "recycled", "disqualified", "qualified", "won", "lost", "followed_up", "dismissed"
    ]
    at_us: int
    by: str
    reason: str = ""
    known_us: int = 0


def read_dispositions(body: bytes, received_us: int) -> list[Disposition]:
    """Return the dispositions that a request of ours holds; none was later than it was received.

    Raises RefusedError where it holds none.
    """
    try:
        found = msgspec.json.decode(body, type=list[Disposition])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RefusedError("not_json", str(error)[:200]) from error
    return [replace(one, at_us=min(one.at_us, received_us), known_us=received_us) for one in found]


def written_dispositions(dispositions: Sequence[Disposition]) -> bytes:
    """Return dispositions as a request's body."""
    return msgspec.json.encode(dispositions)
