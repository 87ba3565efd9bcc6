"""What is scored, and how scores are handed out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from ripeline.plan.nodes import Plan
from ripeline.vocabulary.people import Name

How = Literal["is", "at_least", "at_most", "has"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to score: everybody at one instant, or given (lead, instant) rows, each at its own.

    known_us: only what was known by then; None for all that is known now. accounts: also whose company they are.
    """

    as_of_us: int
    known_us: int | None = None
    rows: tuple[tuple[str, int], ...] | None = None
    accounts: bool = False


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A lead whose level of fit or of engagement is another one than before: each (before, now)."""

    lead: Name
    fit: tuple[str, str]
    engagement: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a row: that one of its columns is a value, is at least or at most a value, or has it in it.

    What is unknown meets no condition. Text is had without regard to case.
    """

    columns: tuple[str, ...]
    values: tuple[object, ...]
    how: How = "is"


Group = tuple[Condition, ...]
"""Conditions that all hold."""


@dataclass(frozen=True, slots=True)
class LeadsAsked:
    """Which rows of current scores, or of their accounts.

    groups: at least one of them holds of each row; none at all is everybody. order: columns to sort by, and whether
    downwards.
    """

    groups: tuple[Group, ...]
    order: tuple[tuple[str, bool], ...]
    limit: int = 100
    offset: int = 0


Progress = Callable[[str, float | None], None]
"""Told what is being done and, where it is known, how much of it (0 to 1) is finished."""


def unwatched(_: str, __: float | None) -> None:
    """Progress that nobody watches."""


class Accounts(Protocol):
    """Accounts rolled up from their persons' scores, sorted by name."""

    def write(self, file: Path) -> int:
        """Write all of them as .csv, .json or .parquet; return how many."""

    def rows(self) -> Sequence[Mapping[str, object]]:
        """Return all of them as records of plain values, points in micro-points."""


class Scores(Protocol):
    """Scored leads, held by the engine that made them, sorted by lead."""

    def write(self, file: Path) -> int:
        """Write all of them as .csv, .json or .parquet; return how many."""

    def rows(self) -> Sequence[Mapping[str, object]]:
        """Return all of them as records of plain values, points in micro-points."""

    def accounts(self) -> Accounts:
        """Return the accounts of these leads, where they were scored with them, all at one instant."""

    def keep_known(self) -> None:
        """Leave out anonymous visitors: those with neither a user id nor an e-mail address."""


class Engine(Protocol):
    """Scores leads from the history of one cut."""

    def score(self, plan: Plan, asked: Asked, progress: Progress) -> Scores:
        """Score everybody, or the rows asked for."""

    def contributions(self, plan: Plan, asked: Asked) -> Sequence[tuple[str, str, str, int]]:
        """Return every line (lead, part, name, micro-points), leads in order, lines in order."""
