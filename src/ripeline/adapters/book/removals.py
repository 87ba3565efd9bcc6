"""The removal list and holds: a row for each name."""

import json
import sqlite3
from collections.abc import Iterable

from ripeline.adapters.book.stage_log import stretches
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.removals import Hold, Proposed

_PROPOSED = "SELECT kind, lead, since, proposed_us FROM removals"
_HELD = "SELECT kind, lead, reason, held_by, held_us FROM removal_holds"

_CHANGED = "UPDATE removal_hold_changes SET changes = changes + 1"


class SqliteRemovals:
    """The removal list of one workspace, over one connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Take the book's connection."""
        self._db = db

    def everybody(self) -> list[Proposed]:
        """Return the whole list."""
        return [_proposed(row) for row in self._db.execute(f"{_PROPOSED} ORDER BY proposed_us, lead, kind")]

    def page(self, most: int | None, offset: int) -> tuple[int, list[Proposed]]:
        """Return how many are on the list, and a page of it: who was proposed first comes first. most: None for all."""
        (total,) = self._db.execute("SELECT count(*) FROM removals").fetchone()
        query = f"{_PROPOSED} ORDER BY proposed_us, lead, kind LIMIT ? OFFSET ?"
        rows = self._db.execute(query, (-1 if most is None else most, offset))
        return int(total), [_proposed(row) for row in rows]

    def among(self, values: Iterable[str]) -> list[Proposed]:
        """Return those on the list who are shown by some texts."""
        found = self._db.execute(
            f"{_PROPOSED} WHERE lead IN (SELECT value FROM json_each(?))", (json.dumps([*values]),)
        )
        return [*map(_proposed, found)]

    def proposed_until(self, at_us: int, most: int | None = None) -> list[Proposed]:
        """Return those on the list who were proposed by an instant, the first first. most: None for all."""
        query = f"{_PROPOSED} WHERE proposed_us <= ? ORDER BY proposed_us, lead, kind LIMIT ?"
        return [_proposed(row) for row in self._db.execute(query, (at_us, -1 if most is None else most))]

    def propose(self, new: Iterable[Proposed]) -> None:
        """Put leads on the list, inside a transaction; who is on it stays as it is."""
        rows = [(one.lead.kind, one.lead.value, one.since, one.at_us) for one in new]
        self._db.executemany("INSERT OR IGNORE INTO removals VALUES (?, ?, ?, ?)", rows)

    def withdraw(self, names: Iterable[Name]) -> None:
        """Take leads off the list, inside a transaction."""
        self._remove("removals", names)

    def hold(self, new: Hold) -> None:
        """Write down that somebody is not to be removed, inside a transaction."""
        row = (new.lead.kind, new.lead.value, new.reason, new.by, new.at_us)
        self._db.execute("INSERT INTO removal_holds VALUES (?, ?, ?, ?, ?)", row)
        self._db.execute(_CHANGED)

    def lift(self, names: Iterable[Name]) -> None:
        """Forget that names are on hold, inside a transaction."""
        self._remove("removal_holds", names)
        self._db.execute(_CHANGED)

    def holds(self) -> list[Hold]:
        """Return everybody on hold, the oldest first."""
        return [_hold(row) for row in self._db.execute(f"{_HELD} ORDER BY held_us, lead, kind")]

    def holds_of(self, names: Iterable[Name]) -> list[Hold]:
        """Return holds of some names, the oldest first."""
        wanted = set(names)
        found = list[Hold]()
        for some in stretches(wanted):
            places = ", ".join("?" * len(some))
            found += map(_hold, self._db.execute(f"{_HELD} WHERE lead IN ({places})", some))
        return sorted((one for one in found if one.lead in wanted), key=lambda one: one.at_us)

    def hold_changes(self) -> int:
        """Return a number that is another one once somebody was put on hold, or a hold was lifted."""
        (found,) = self._db.execute("SELECT changes FROM removal_hold_changes").fetchone()
        return int(found)

    def _remove(self, table: str, names: Iterable[Name]) -> None:
        rows = [(one.value, one.kind) for one in names]
        self._db.executemany(f"DELETE FROM {table} WHERE lead = ? AND kind = ?", rows)


def _proposed(row: sqlite3.Row) -> Proposed:
    kind, lead, since, at_us = row
    return Proposed(Name(kind, lead), since, at_us)


def _hold(row: sqlite3.Row) -> Hold:
    kind, lead, reason, by, at_us = row
    return Hold(Name(kind, lead), reason, by, at_us)
