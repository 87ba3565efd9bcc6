"""What somebody says of deals: it goes the way of all events, so that every reader has it at one position."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from ripeline.intake.calls import RefusedError
from ripeline.vocabulary.people import Name

OUTCOMES: Final = "outcomes"
"""The kind of requests that only our own commands and API write; no client can."""


class Outcome(msgspec.Struct, frozen=True):
    """A lead was won or lost. at_us: when that was; dated: somebody said when, else it is the moment of telling."""

    lead: Name
    outcome: Literal["won", "lost"]
    at_us: int
    dated: bool


def read_outcomes(body: bytes) -> list[Outcome]:
    """Return the outcomes that a request of ours holds.

    Raises RefusedError where it holds none.
    """
    try:
        return msgspec.json.decode(body, type=list[Outcome])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RefusedError("not_json", str(error)[:200]) from error


def written_outcomes(outcomes: Sequence[Outcome]) -> bytes:
    """Return outcomes as a request's body."""
    return msgspec.json.encode(outcomes)
