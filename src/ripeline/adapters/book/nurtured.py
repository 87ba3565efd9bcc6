"""Who is on the lists of leads to nurture: small rows, of which there may be millions."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from ripeline.adapters.book.stage_log import MOST_NAMED
from ripeline.vocabulary.nurture import Member
from ripeline.vocabulary.stages import LEAD


class SqliteNurtured:
    """The lists of one workspace, over one connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Take the book's connection."""
        self._db = db

    def members(self, definition: str) -> Iterator[Member]:
        """Yield everybody on a definition's list."""
        query = (
            "SELECT key, joined_us, joined_by FROM nurtured "
            "WHERE list = (SELECT list FROM nurture_lists WHERE definition = ?)"
        )
        return (Member(*row) for row in self._db.execute(query, (definition,)))

    def change(self, definition: str, joined: Iterable[Member], left: Iterable[int]) -> None:
        """Write down who joined a list, and who left it, by their keys; inside a transaction."""
        self._db.execute("INSERT OR IGNORE INTO nurture_lists (definition) VALUES (?)", (definition,))
        query = "SELECT list FROM nurture_lists WHERE definition = ?"
        (number,) = self._db.execute(query, (definition,)).fetchone()
        rows = sorted((one.key, number, one.joined_us, one.by) for one in joined)
        self._db.executemany("INSERT OR IGNORE INTO nurtured VALUES (?, ?, ?, ?)", rows)
        self._db.executemany("DELETE FROM nurtured WHERE key = ?", [(key,) for key in left])

    def fallen(self, definition: str, leads: Sequence[str]) -> frozenset[str]:
        """Return which of some leads, by the names they are logged by, were something else before they were leads again."""
        query = (
            "SELECT DISTINCT lead FROM stage_log "
            "WHERE definition = ? AND after = ? AND lead IN (SELECT value FROM json_each(?))"
        )
        return frozenset(lead for (lead,) in self._db.execute(query, (definition, LEAD, json.dumps(list(leads)))))

    def resting(self, definition: str, leads: Sequence[str]) -> dict[str, int]:
        """Return until which day leads rest that were sent back, by the names they are logged by."""
        found = dict[str, int]()
        for at in range(0, len(leads), MOST_NAMED):
            some = leads[at : at + MOST_NAMED]
            places = ", ".join("?" * len(some))
            # Beside max() SQLite tells the columns of the row that it is of.
            query = (
                "SELECT lead, resting_until, max(number) FROM stage_log "
                f"WHERE definition = ? AND lead IN ({places}) GROUP BY lead"
            )
            rows = self._db.execute(query, (definition, *some))
            found |= {lead: until for lead, until, _ in rows if until is not None}
        return found
