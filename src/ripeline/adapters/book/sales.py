"""What was said of salespeople and teams, by name."""

import json
import sqlite3

from ripeline.handoff.sales_entries import SalesEntry

_WRITE = "INSERT OR REPLACE INTO sales_entries SELECT ?, ?, ?, ?, ?, ?, coalesce(max(change), 0) + 1 FROM sales_entries"


def sales_entries(db: sqlite3.Connection) -> list[SalesEntry]:
    """Return everything that was said, in the order of the names."""
    rows = db.execute("SELECT kind, name, told, removed FROM sales_entries ORDER BY kind, name")
    return [SalesEntry(kind, name, json.loads(told), bool(removed)) for kind, name, told, removed in rows.fetchall()]


def write_entry(db: sqlite3.Connection, one: SalesEntry, by: str, at_us: int) -> None:
    """Put an entry in the place of the one before, inside a transaction."""
    told = json.dumps(dict(one.told), ensure_ascii=False)
    db.execute(_WRITE, (one.kind, one.name, told, one.removed, at_us, by))


def last_change(db: sqlite3.Connection) -> int:
    """Return a number that grows whenever something is said."""
    return int(db.execute("SELECT coalesce(max(change), 0) FROM sales_entries").fetchone()[0])
