"""The book as tasks need it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ripeline.handoff.routing import Load
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.tasks import Task

USUAL = 100
"""Rows of a page, where nobody says how many."""


@dataclass(frozen=True, slots=True)
class TasksAsked:
    """equal: columns with their values; states: any of these, all where there is none; lead: any identifier of it."""

    equal: Mapping[str, str]
    states: tuple[str, ...] = ()
    limit: int = USUAL
    offset: int = 0
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Tasked:
    """A name with tasks: whether nobody was given one yet, and whether somebody has one; reason: of that one.

    Neither, and no reason, where all were answered, and not long ago.
    """

    lead: Name
    nobodys: bool
    open: bool
    reason: str


class TaskBook(Protocol):
    """Tasks, read and written inside a transaction of the book's."""

    def task(self, number: int) -> Task | None:
        """Return a task by its number."""

    def of(self, definition: str, names: Iterable[Name]) -> Sequence[Task]:
        """Return all tasks of some names, the oldest first."""

    def waiting(self, after: int, most: int) -> Sequence[Task]:
        """Return tasks behind a number that nobody could be given yet, the oldest first."""

    def held(self, definition: str, after: int, most: int) -> Sequence[Task]:
        """Return tasks of a definition behind a number that are held back, the oldest first."""

    def owners(self) -> Sequence[str]:
        """Return everybody who has a task to see to."""

    def owned_by(self, owner: str) -> Sequence[Task]:
        """Return the tasks that somebody has to see to, the oldest first."""

    def lately(self, definition: str, since_us: int) -> Sequence[Tasked]:
        """Return the names with tasks that are not answered, or were made or answered since an instant."""

    def given(self, owner: str, teams: Iterable[str], since_us: int) -> Load:
        """Return what somebody was given: how many since an instant, and the last turns in some teams."""

    def add(self, new: Task) -> Task:
        """Write a new task down; return it with its number."""

    def change(self, changed: Task) -> None:
        """Write down what became of a task."""
