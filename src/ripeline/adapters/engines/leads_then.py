"""Everybody of whom something was known by an instant, and the deals known by then."""

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.prepare import frame_of_everybody
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked
from ripeline.scoring.profile import UNDATED
from ripeline.scoring.sql.frame import Frame
from ripeline.vocabulary.calendar import EVER, NEVER


def load_leads_then(store: Store, plan: Plan, as_of_us: int) -> None:
    """Make `leads_then` and `deals_then`.

    leads_then: place in the order of the texts that leads are shown by, subject, when they came to be known (EVER where
    nothing of them is dated), and their place among what was imported. deals_then: place, ended (when, EVER where undated), won.
    """
    frame, con = frame_of_everybody(store, plan, Asked(as_of_us, as_of_us)), store.con
    con.execute(
        "CREATE OR REPLACE TABLE leads_then AS SELECT row_number() OVER (ORDER BY i.value, i.kind) - 1 AS place, s.* "
        f"FROM (SELECT subject, coalesce(min(seen), {EVER}) AS seen, coalesce(min(seq), {NEVER}) AS arrived "
        f"FROM ({_seen(frame)}) GROUP BY subject) s JOIN identifiers i ON i.who = s.subject"
    )
    con.execute(
        f"CREATE OR REPLACE TABLE deals_then AS SELECT l.place, CASE WHEN o.ts = {UNDATED} THEN {EVER} ELSE o.ts END AS ended, "
        "o.outcome = 'won' AS won FROM outcomes o LEFT JOIN tied r ON r.who = o.who AND o.ts >= r.from_us "
        f"AND o.ts < r.until_us JOIN leads_then l ON l.subject = coalesce(r.person, o.who) WHERE o.ts <= {as_of_us}"
    )


def _seen(frame: Frame) -> str:
    """Select subject, when something of it came to be known, NULL where it is undated, and its place among imports."""
    found = []
    for table in ("events", "traits", "links", "group_links"):
        alias = table[0]
        seen = f"CASE WHEN {alias}.ts > {UNDATED} THEN greatest({alias}.ts, {alias}.known) END AS seen"
        sequence = "t.seq" if table == "traits" else "NULL"
        found.append(f"SELECT {frame.subject(table)}, {seen}, {sequence} AS seq {frame.of(table)}")
    return " UNION ALL ".join(found)
