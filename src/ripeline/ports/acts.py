"""Single events as they are judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ripeline.intake.patterns import Act, Patterns


@dataclass(frozen=True, slots=True)
class SetAside:
    """An event that does not count: the identifier it came with, why, by whom and when it was judged so."""

    id: str
    identifier: str
    type: str
    name: str
    time_us: int
    source: str
    reason: str
    by_hand: bool
    judged_us: int


@dataclass(frozen=True, slots=True)
class SetAsideOf:
    """What is set aside of one identifier for one reason: how many events, and the last of them."""

    reason: str
    by_hand: bool
    identifier: str
    kind: str
    events: int
    type: str
    name: str
    last_us: int


@dataclass(frozen=True, slots=True)
class SetAsideFor:
    """What is set aside for one reason. of: those with most events, at most a few of all identifiers."""

    reason: str
    by_hand: bool
    events: int
    identifiers: int
    of: Sequence[SetAsideOf] = ()


@dataclass(frozen=True, slots=True)
class ActsAsked:
    """Which events: all that meet everything that is said.

    lead: any identifier of whom they are; user_agent: a part of what the client calls itself.
    """

    events: tuple[str, ...] | None = None
    lead: str | None = None
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class Touched:
    """Who took part in something since a look. since_us: the earliest of it."""

    identifiers: frozenset[str]
    since_us: int


class Acts(Protocol):
    """Single events, those too that are set aside."""

    def set_aside(self, limit: int, offset: int) -> tuple[int, Sequence[SetAside]]:
        """Return how many are set aside, and a page of them, the last judged first."""

    def chosen(self, asked: ActsAsked, at_us: int, *, aside: bool) -> Mapping[str, str]:
        """Return the events asked for that are set aside, or that are not, each with the identifier it came with.

        Raises InputError where a lead is not in the history.
        """

    def on_mails(self, patterns: Patterns, touched: Touched | None, at_us: int) -> Iterable[Sequence[Act]]:
        """Yield what each person did with mails, of everybody or of those who were touched."""

    def in_numbers(self, patterns: Patterns, touched: Touched | None) -> Iterable[Sequence[Act]]:
        """Yield what came untrusted from each identifier of which there is much."""

    def of_staff(self, patterns: Patterns, touched: Touched | None, at_us: int) -> Iterable[str]:
        """Yield all that the company's own people did."""

    def judged(self, events: Iterable[str]) -> set[str]:
        """Return those of some events of which there is a judgement already."""
