"""What somebody decides about history: it goes the way of all events, so that every reader has it at one position."""

from collections.abc import Iterable
from typing import Final

import msgspec

from ripeline.intake.calls import RefusedError
from ripeline.vocabulary.people import Name

LINKINGS: Final = ("merge", "unmerge")
JUDGEMENTS: Final = ("set_aside", "restore")
DECISIONS: Final = (*LINKINGS, *JUDGEMENTS)
"""Kinds of requests that only our own commands and API write; no client can."""

MOST_JUDGED: Final = 1_000
"""Events in one judgement, so that no request becomes large."""

SUPPOSED: Final = 2**62
"""The position of what nobody has decided yet."""


class Pair(msgspec.Struct, frozen=True):
    """What a decision about two identifiers says; of a merge the person is rather called by `one`."""

    one: Name
    other: Name


class Linking(msgspec.Struct, frozen=True):
    """A decision about two identifiers. kind: one of LINKINGS; at_us: when it was made, and known.

    position: where it stands in the inbox; one that is only supposed stands behind all others.
    """

    kind: str
    at_us: int
    pair: Pair
    position: int = SUPPOSED


class Judged(msgspec.Struct, frozen=True):
    """Events by their ids (32 hexadecimal digits each), and why they are judged so. by_hand: by a person."""

    events: tuple[str, ...]
    reason: str
    by_hand: bool


class Judgement(msgspec.Struct, frozen=True):
    """A decision whether events count. kind: one of JUDGEMENTS; at_us and position as in Linking.

    Of several about one event the last holds.
    """

    kind: str
    at_us: int
    judged: Judged
    position: int = SUPPOSED

    @property
    def aside(self) -> bool:
        """Say whether the events count no more."""
        return self.kind == "set_aside"


Decision = Linking | Judgement


def read_decision(kind: str, body: bytes, at_us: int, position: int) -> Decision:
    """Return the decision that a request of ours holds.

    Raises RefusedError where it holds none.
    """
    try:
        if kind in LINKINGS:
            return Linking(kind, at_us, msgspec.json.decode(body, type=Pair), position)
        return Judgement(kind, at_us, msgspec.json.decode(body, type=Judged), position)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RefusedError("not_json", str(error)[:200]) from error


def written(decision: Decision) -> bytes:
    """Return a decision as a request's body."""
    return msgspec.json.encode(decision.pair if isinstance(decision, Linking) else decision.judged)


def last_word(decisions: Iterable[Decision]) -> dict[str, bool]:
    """Return the events that decisions judge, each with whether it is set aside in the end."""
    judgements = (one for one in decisions if isinstance(one, Judgement))
    return {event: one.aside for one in judgements for event in one.judged.events}
