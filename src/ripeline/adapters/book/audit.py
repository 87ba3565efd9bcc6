"""Who changed what: noted where nothing else keeps it, and read together with what is written down elsewhere for good."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from ripeline.vocabulary.changes import Change, ChangesAsked

_SOURCES: Final = (
    "SELECT at_us, by, what, about FROM audit",
    """
    SELECT at_us, by, iif(EXISTS (
        SELECT 1 FROM published e WHERE e.name = p.name AND e.fingerprint = p.fingerprint AND e.number < p.number
    ), 'rolled_back', 'published') AS what, name || ', version ' || number AS about FROM published p
    """,
    # Whose it is by then stands in the assignments: the handoff itself may be somebody else's by now.
    """
    SELECT at_us, by, 'answered' AS what, 'handoff ' || number || ': ' || what AS about FROM handoff_log l
    WHERE by <> 'clock' AND by <> (
        SELECT owner FROM assignments a WHERE a.number = l.number AND a.at_us <= l.at_us ORDER BY a.rowid DESC LIMIT 1
    )
    """,
    "SELECT at_us, by, 'imported' AS what, 'import ' || number || ': ' || what AS about FROM imports",
    "SELECT undone_us AS at_us, undone_by AS by, 'undone' AS what, 'import ' || number AS about FROM imports",
    "SELECT at_us, by, 'erased' AS what, 'erasure ' || number AS about FROM erasures",
)
"""Each of them tells who did what to what, and when."""

_WHERE: Final = "at_us >= :from_us AND at_us < :until_us AND by = coalesce(:by, by) AND what = coalesce(:what, what)"


def note(db: sqlite3.Connection, change: Change) -> None:
    """Note what somebody changed, inside the transaction that changes it."""
    row = (change.at_us, change.by, change.what, change.about)
    db.execute("INSERT INTO audit (at_us, by, what, about) VALUES (?, ?, ?, ?)", row)


def changes(db: sqlite3.Connection, asked: ChangesAsked) -> list[Change]:
    """Return a page of what was changed, the youngest first."""
    # Of each source as many as fill the page: so an index is enough, however much a source holds.
    parts = [
        f"SELECT * FROM (SELECT * FROM ({one}) WHERE {_WHERE} ORDER BY at_us DESC LIMIT :most)" for one in _SOURCES
    ]
    query = f"{' UNION ALL '.join(parts)} ORDER BY at_us DESC, what LIMIT :limit OFFSET :offset"
    told = {"by": asked.by, "what": asked.what, "from_us": asked.from_us, "until_us": asked.until_us}
    page = {"limit": asked.limit, "offset": asked.offset, "most": asked.offset + asked.limit}
    return [Change(*row) for row in db.execute(query, told | page)]


def who_changed(db: sqlite3.Connection) -> Sequence[str]:
    """Return everybody who is noted, in order."""
    found = db.execute("SELECT by FROM audit UNION SELECT by FROM published UNION SELECT by FROM erasures ORDER BY by")
    return [by for (by,) in found if by]
