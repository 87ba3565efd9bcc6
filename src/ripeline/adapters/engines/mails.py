"""Mails that were sent to people, as trusted calls tell of them: anybody can forge what a page sends."""

from collections.abc import Collection

from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.vocabulary.people import Name


def mails_to(
    store: Store, names: Collection[Name], calls: Collection[str], span_us: tuple[int, int]
) -> list[tuple[Name, int]]:
    """Return to which of some names a mail was sent, and when, in a span of time. calls: names of track calls that tell so."""
    store.know(None)
    load(
        store.con,
        "mailed",
        {"kind": "VARCHAR", "value": "VARCHAR"},
        ({"kind": o.kind, "value": o.value} for o in names),
    )
    load(store.con, "mail_calls", {"name": "VARCHAR"}, ({"name": one} for one in calls))
    found = store.con.execute(
        "SELECT i.kind, i.value, e.ts FROM events e JOIN identifiers i ON i.who = e.who "
        "JOIN mailed m ON m.kind = i.kind AND m.value = i.value "
        "WHERE e.type = 'track' AND e.trusted AND e.ts > ? AND e.ts <= ? AND e.name IN (SELECT name FROM mail_calls)",
        span_us,
    ).fetchall()
    return [(Name(kind, value), at_us) for kind, value, at_us in found]
