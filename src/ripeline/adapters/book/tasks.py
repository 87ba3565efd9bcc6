"""Tasks: one row each, changed in place."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from ripeline.adapters.book.handoffs import load_of
from ripeline.adapters.book.sqlite import MOST_NUMBERED
from ripeline.adapters.book.stage_log import chosen, stretches
from ripeline.handoff.routing import Load
from ripeline.ports.tasks import Tasked, TasksAsked
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.tasks import HELD, NOBODYS, OPEN, UNANSWERED, WAITING, WITHDRAWN, Task

_PLAIN = tuple(one.name for one in fields(Task) if one.name not in {"lead", "number"})
_COLUMNS = ("kind", "lead", *_PLAIN)
_SELECT = f"SELECT {', '.join(_COLUMNS)}, number FROM tasks"
_INSERT = f"INSERT INTO tasks ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_UPDATE = f"UPDATE tasks SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE number = ?"


class SqliteTasks:
    """The tasks of one workspace, over one connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Take the book's connection."""
        self._db = db

    def task(self, number: int) -> Task | None:
        """Return a task by its number."""
        row = self._db.execute(f"{_SELECT} WHERE number = ?", (min(number, MOST_NUMBERED),)).fetchone()
        return None if row is None else _task(row)

    def of(self, definition: str, names: Iterable[Name]) -> list[Task]:
        """Return all tasks that were ever made of some names, the oldest first."""
        wanted = set(names)
        found = list[Task]()
        for values in stretches(wanted):
            places = ", ".join("?" * len(values))
            rows = self._db.execute(f"{_SELECT} WHERE definition = ? AND lead IN ({places})", (definition, *values))
            found += [one for one in map(_task, rows) if one.lead in wanted]
        return sorted(found, key=lambda one: one.number)

    def where(self, asked: TasksAsked, names: Iterable[Name] | None = None) -> tuple[int, list[Task]]:
        """Return how many tasks are asked for, of some names or of everybody, and a page of them.

        Who asked again comes first, then the oldest.
        """
        condition, values = chosen(asked.equal, asked.states, names)
        (total,) = self._db.execute(f"SELECT count(*) FROM tasks WHERE {condition}", values).fetchone()
        query = f"{_SELECT} WHERE {condition} ORDER BY reason <> 'asked_again', number LIMIT ? OFFSET ?"
        return int(total), [_task(row) for row in self._db.execute(query, (*values, asked.limit, asked.offset))]

    def waiting(self, after: int, most: int) -> list[Task]:
        """Return tasks behind a number that nobody could be given yet, the oldest first."""
        query = f"{_SELECT} WHERE state = ? AND number > ? ORDER BY number LIMIT ?"
        return [_task(row) for row in self._db.execute(query, (WAITING, after, most))]

    def held(self, definition: str, after: int, most: int) -> list[Task]:
        """Return tasks of a definition behind a number that are held back, the oldest first."""
        query = f"{_SELECT} WHERE state = ? AND definition = ? AND number > ? ORDER BY number LIMIT ?"
        return [_task(row) for row in self._db.execute(query, (HELD, definition, after, most))]

    def held_count(self, definition: str) -> int:
        """Return how many tasks of a definition are held back."""
        query = "SELECT count(*) FROM tasks WHERE state = ? AND definition = ?"
        return int(self._db.execute(query, (HELD, definition)).fetchone()[0])

    def released_since(self, definition: str, since_us: int) -> int:
        """Return how many held tasks of a definition left since an instant."""
        query = "SELECT count(*) FROM tasks WHERE definition = ? AND released_us >= ?"
        return int(self._db.execute(query, (definition, since_us)).fetchone()[0])

    def owners(self) -> list[str]:
        """Return everybody who has a task to see to."""
        query = f"SELECT DISTINCT owner FROM tasks WHERE state = '{OPEN}' ORDER BY owner"
        return [owner for (owner,) in self._db.execute(query)]

    def owned_by(self, owner: str) -> list[Task]:
        """Return the tasks that somebody has to see to, the oldest first."""
        query = f"{_SELECT} WHERE state = '{OPEN}' AND owner = ? ORDER BY number"
        return [_task(row) for row in self._db.execute(query, (owner,))]

    def lately(self, definition: str, since_us: int) -> list[Tasked]:
        """Return the names with tasks that are not answered, or were made or answered since an instant."""
        nobodys, unanswered = _listed(NOBODYS), _listed(UNANSWERED)
        query = (
            f"SELECT kind, lead, max(state IN {nobodys}), max(state = '{OPEN}'), "
            f"coalesce(max(reason) FILTER (WHERE state IN {unanswered}), '') "
            f"FROM tasks WHERE definition = ? AND (state IN {unanswered} "
            f"OR (state <> '{WITHDRAWN}' AND max(made_us, coalesce(closed_us, 0)) >= ?)) GROUP BY kind, lead"
        )
        rows = self._db.execute(query, (definition, since_us))
        return [Tasked(Name(kind, lead), bool(nobody), bool(held), reason) for kind, lead, nobody, held, reason in rows]

    def given(self, owner: str, teams: Iterable[str], since_us: int) -> Load:
        """Return what somebody was given: since an instant, the last turns in some teams, and when last."""
        return load_of(self._db, "tasks", "assigned_us", (owner, teams, since_us))

    def add(self, new: Task) -> Task:
        """Write a new task down, inside a transaction; return it with its number."""
        return replace(new, number=int(self._db.execute(_INSERT, _row(new)).lastrowid or 0))

    def change(self, changed: Task) -> None:
        """Write down what became of a task, inside a transaction."""
        self._db.execute(_UPDATE, (*_row(changed), changed.number))


def _listed(states: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"


def _row(one: Task) -> tuple[object, ...]:
    return (one.lead.kind, one.lead.value, *(getattr(one, name) for name in _PLAIN))


def _task(row: Sequence[Any]) -> Task:
    kind, lead, *plain, number = row
    return Task(lead=Name(kind, lead), number=number, **dict(zip(_PLAIN, plain, strict=True)))
