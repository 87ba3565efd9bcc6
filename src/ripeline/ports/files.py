"""Files that are imported."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

OUTCOME_WORDS: Final = {
    "won": ("won", "win", "true", "1", "yes", "converted", "closed won"),
    "lost": ("lost", "loss", "false", "0", "no", "closed lost"),
}
"""What a column says of leads that were won and lost, in small letters."""


@dataclass(frozen=True, slots=True)
class LeadFile:
    """How a file of leads is read. id: the column of the lead; created, at, known_at: of times."""

    id: str
    created: str | None = None
    at: str | None = None
    known_at: str | None = None
    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rename: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class EventFile:
    """How a file of events is read. type: a column, or one of track, page and screen for all rows.

    event: what all rows are called, instead of a column of names.

    All None: JSON Lines of Segment-shaped calls, which name everything themselves.
    """

    lead: str | None = None
    name: str | None = None
    time: str | None = None
    type: str | None = None
    id: str | None = None
    known_at: str | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomeFile:
    """How a file of outcomes is read: a column with won and lost, or conditions over its columns.

    means: what further words of that column mean, in small letters: won, lost, or open, which is left out.
    """

    lead: str
    time: str | None = None
    outcome: str | None = None
    won_when: str | None = None
    lost_when: str | None = None
    means: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows read, rows that were new, rows refused and the file that lists them.

    first: the first refused rows (line, reason, row), where nothing was stored and no file lists them. leads,
    new_leads: how many lead ids the rows name that say something new, and how many of them nobody has named before.
    number: what the import is known by, 0 where nothing was stored.
    """

    read: int
    added: int
    rejected: int
    rejects: Path | None = None
    what: Mapping[str, int] | None = None
    first: Sequence[tuple[int, str, str]] = ()
    leads: int = 0
    new_leads: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as read: how each column is typed ("cell", "text", "number" or "json"), rows, refused lines.

    rejects: (line, reason, row). lines: the exact line of every row that was read, found when asked for;
    None where a row's number is its line.
    """

    file: str
    kinds: Mapping[str, str]
    rows: int
    rejects: Sequence[tuple[int, str, str]] = ()
    lines: Callable[[], Sequence[int]] | None = None
