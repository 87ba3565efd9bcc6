"""What somebody decides about history: it goes the way of all events, so that every reader has it at one position."""

from typing import Final

import msgspec

from ripeline.intake.calls import RefusedError
from ripeline.vocabulary.people import IdentifierKind

DECISIONS: Final = ("merge", "unmerge")
"""Kinds of requests that only our own commands and API write; no client can."""


SUPPOSED: Final = 2**62
"""The position of what nobody has decided yet."""


class Name(msgspec.Struct, frozen=True):
    """An identifier by its text."""

    kind: IdentifierKind
    value: str


class Pair(msgspec.Struct, frozen=True):
    """What a decision about two identifiers says; of a merge the person is rather called by `one`."""

    one: Name
    other: Name


class Decision(msgspec.Struct, frozen=True):
    """A decision about two identifiers. kind: one of DECISIONS; at_us: when it was made, and known.

    position: where it stands in the inbox; one that is only supposed stands behind all others.
    """

    kind: str
    at_us: int
    pair: Pair
    position: int = SUPPOSED


def read_decision(kind: str, body: bytes, at_us: int, position: int) -> Decision:
    """Return the decision that a request of ours holds.

    Raises RefusedError where it holds none.
    """
    try:
        return Decision(kind, at_us, msgspec.json.decode(body, type=Pair), position)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RefusedError("not_json", str(error)[:200]) from error


def written(pair: Pair) -> bytes:
    """Return a decision as a request's body."""
    return msgspec.json.encode(pair)
