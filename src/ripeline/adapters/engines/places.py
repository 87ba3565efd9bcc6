"""Where everybody is who meets a definition: with sales, waiting, or left alone for a reason."""

from collections.abc import Mapping, Sequence

from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.live_scores import LiveScores
from ripeline.adapters.engines.logged import load_stood, of_persons
from ripeline.scoring.sql.accounts import lower_accounts
from ripeline.vocabulary.handoffs import Handoff
from ripeline.vocabulary.stages import RESTING

NOWHERE = "nowhere"
"""Meets the definition, and nobody is going to see it: a defect."""

MOST_NAMED = 20


def places(
    store: Store, scores: LiveScores, live: Sequence[Handoff], at_us: int
) -> tuple[Mapping[str, int], Sequence[str]]:
    """Return how many leads that meet the definition are where, and the names of some that are nowhere.

    live: the handoffs of the definition that are not over. A place is the state of a handoff; resting, while a lead
    that was sent back cools down; decided, where sales has said what it is; nowhere.
    """
    load_stood(store, scores.plan, at_us)
    day = scores.plan.zone.day(at_us)
    resting = f"n.stage IN {tuple(sorted(RESTING))} AND n.resting_until > {day}"
    load_handed(store, live, at_us)
    place = (
        f"CASE WHEN h.state IS NOT NULL THEN h.state WHEN {resting} THEN 'resting' "
        f"WHEN n.decided THEN 'decided' ELSE '{NOWHERE}' END"
    )
    # Two identifiers may have one text, and one of them is not the lead: what is known of either counts for both.
    store.con.execute(
        f"CREATE OR REPLACE TABLE placed AS SELECT s.unit AS lead, coalesce(min({place}) FILTER (({place}) <> "
        f"'{NOWHERE}'), '{NOWHERE}') AS place FROM ({_units(scores)}) s "
        "JOIN identifiers i ON i.value = s.lead LEFT JOIN handed h ON h.person = i.who "
        "LEFT JOIN standings n ON n.person = i.who GROUP BY s.unit"
    )
    counts = store.con.execute("SELECT place, count(*) FROM placed GROUP BY place ORDER BY place").fetchall()
    query = f"SELECT lead FROM placed WHERE place = '{NOWHERE}' ORDER BY lead LIMIT {MOST_NAMED}"
    return dict(counts), [lead for (lead,) in store.con.execute(query).fetchall()]


def _units(scores: LiveScores) -> str:
    """Return SQL of whoever meets the definition, unit, with all leads that they are: each lead, or account, by itself."""
    if scores.plan.definition.per == "lead":
        return f"SELECT lead AS unit, lead FROM {scores.table} WHERE meets_definition"
    rolled = lower_accounts(scores.plan, scores.table)
    return (
        f"SELECT a.contact AS unit, m.lead FROM ({rolled}) a JOIN {scores.table} m ON m.account = a.account "
        f"WHERE a.meets_definition AND m.rating IS NOT NULL "
        f"UNION ALL SELECT lead, lead FROM {scores.table} WHERE meets_definition AND account IS NULL"
    )


def load_handed(store: Store, live: Sequence[Handoff], at_us: int) -> None:
    """Make `handed`: who has a handoff that is not over, by persons as they are now."""
    handed = of_persons(store, [(one.lead, one.made_us, one) for one in live], at_us)
    rows = ({"person": person, "state": own[0].state} for person, own in handed.items())
    load(store.con, "handed", {"person": "BIGINT", "state": "VARCHAR"}, rows)
