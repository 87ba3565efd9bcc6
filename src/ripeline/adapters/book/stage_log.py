"""The log of stages: lines are added, and read by whose they are."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ripeline.ports.lifecycle import STAGE_LINES
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.scores import Contribution
from ripeline.vocabulary.stages import StageChange

_COLUMNS = (
    "definition, kind, lead, before, after, at_us, cause, by, why, fingerprint, resting_until, follows, fit, engagement"
)
_INSERT = f"INSERT INTO stage_log ({_COLUMNS}) VALUES ({', '.join('?' * 14)})"
MOST_NAMED = 500
"""Names in one query."""


def add_line(db: sqlite3.Connection, line: StageChange) -> StageChange:
    """Add a line, inside a transaction; return it with its number."""
    told = (
        line.definition,
        line.lead.kind,
        line.lead.value,
        line.before,
        line.after,
        line.at_us,
        line.cause,
        line.by,
        line.why,
        line.fingerprint,
        line.resting_until,
        json.dumps(line.follows),
        _written(line.fit),
        _written(line.engagement),
    )
    return replace(line, number=int(db.execute(_INSERT, told).lastrowid or 0))


def lines_of(db: sqlite3.Connection, definition: str, names: Iterable[Name]) -> list[StageChange]:
    """Return the lines of a definition that are some names', in the order of their numbers."""
    wanted = set(names)
    found = (line for values in stretches(wanted) for line in _selected(db, definition, values))
    return sorted((line for line in found if line.lead in wanted), key=lambda line: line.number)


def _selected(db: sqlite3.Connection, definition: str, values: Sequence[str]) -> Iterator[StageChange]:
    places = ", ".join("?" * len(values))
    query = f"SELECT {_COLUMNS}, number FROM stage_log WHERE definition = ? AND lead IN ({places})"
    return map(_line, db.execute(query, (definition, *values)))


def stretches(names: Iterable[Name]) -> Iterator[list[str]]:
    """Yield the texts of names, not too many for one query."""
    values = sorted({name.value for name in names})
    return (values[at : at + MOST_NAMED] for at in range(0, len(values), MOST_NAMED))


def log_after(
    db: sqlite3.Connection, after: int, most: int, definition: str | None = None, lead: Iterable[Name] | None = None
) -> list[StageChange]:
    """Return lines behind a number in their order, of one definition, or of some names of a lead; not more than so many."""
    condition, values = _asked(definition, lead)
    query = f"SELECT {_COLUMNS}, number FROM stage_log WHERE {condition} AND number > ? ORDER BY number LIMIT ?"
    return [_line(row) for row in db.execute(query, (*values, after, most))]


def count_after(
    db: sqlite3.Connection, after: int, definition: str | None = None, lead: Iterable[Name] | None = None
) -> int:
    """Return how many such lines there are."""
    condition, values = _asked(definition, lead)
    query = f"SELECT count(*) FROM stage_log WHERE {condition} AND number > ?"
    return int(db.execute(query, (*values, after)).fetchone()[0])


def _asked(definition: str | None, lead: Iterable[Name] | None) -> tuple[str, tuple[str, ...]]:
    return chosen({} if definition is None else {"definition": definition}, (), lead)


def chosen(
    equal: Mapping[str, str], states: Sequence[str], names: Iterable[Name] | None
) -> tuple[str, tuple[str, ...]]:
    """Return the condition that columns are equal to values, the state is one of some, and the lead one of some names.

    No states are all of them, and None is everybody. Its values come with it.
    """
    where, values = [f"{name} = ?" for name in equal], [*equal.values(), *states]
    if states:
        where.append(f"state IN ({', '.join('?' * len(states))})")
    if names is not None:
        pairs = [(name.kind, name.value) for name in names]
        where.append(f"(kind, lead) IN (VALUES {', '.join(['(?, ?)'] * len(pairs))})")
        values += [part for pair in pairs for part in pair]
    return " AND ".join(["TRUE", *where]), tuple(values)


class SqliteStageLog:
    """The log as scores are shown by it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Take the book's connection."""
        self._db = db

    def lines(self, fingerprint: str, until_us: int) -> list[StageChange]:
        """Return all lines up to an instant, in order, without the lines of scores."""
        columns = _COLUMNS.replace("fit, engagement", "'[]', '[]'")
        query = f"SELECT {columns}, number FROM stage_log WHERE definition = ? AND at_us <= ? ORDER BY number"
        return [_line(row) for name in self._named(fingerprint) for row in self._db.execute(query, (name, until_us))]

    def rows(self, fingerprint: str, until_us: int) -> Iterator[dict[str, object]]:
        """Yield all lines up to an instant as plain values."""
        query = (
            "SELECT kind, lead, number, after, at_us, cause, by, resting_until FROM stage_log "
            "WHERE definition = ? AND at_us <= ?"
        )
        for name in self._named(fingerprint):
            for row in self._db.execute(query, (name, until_us)):
                yield dict(zip(STAGE_LINES, row, strict=True))

    def lines_of(self, fingerprint: str, names: Iterable[Name], until_us: int) -> list[StageChange]:
        """Return those of some names."""
        wanted = set(names)
        found = (line for name in self._named(fingerprint) for line in lines_of(self._db, name, wanted))
        return [line for line in found if line.at_us <= until_us]

    def _named(self, fingerprint: str) -> list[str]:
        """Return the name of the definition that a version belongs to; none where it was never published."""
        query = "SELECT name FROM published WHERE fingerprint = ? ORDER BY number DESC LIMIT 1"
        return [name for (name,) in self._db.execute(query, (fingerprint,))]


def _line(row: Sequence[Any]) -> StageChange:
    definition, kind, lead, *told, resting_until, follows, fit, engagement, number = row
    before, after, at_us, cause, by, why, fingerprint = told
    return StageChange(
        definition=definition,
        lead=Name(kind, lead),
        before=before,
        after=after,
        at_us=at_us,
        cause=cause,
        why=why,
        fingerprint=fingerprint,
        by=by,
        resting_until=resting_until,
        fit=_read(fit),
        engagement=_read(engagement),
        follows=tuple(json.loads(follows)),
        number=number,
    )


def _written(lines: Sequence[Contribution]) -> str:
    return json.dumps([(line.name, line.micro) for line in lines])


def _read(text: str) -> tuple[Contribution, ...]:
    return tuple(Contribution(name, micro) for name, micro in json.loads(text))
