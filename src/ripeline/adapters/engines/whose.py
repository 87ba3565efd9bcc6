"""Whose history is whose: devices that belong to users, for everybody at once or lead by lead."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.identity.ties import EVER, NEVER, Belonging, Tie, belongings
from ripeline.plan.nodes import Plan
from ripeline.ports import Asked
from ripeline.vocabulary.issues import InputError

MOST_LISTED = 5
"""How many leads an error names."""

MOST_NAMED = 200
"""More identifiers than this are joined rather than written into the query."""

REACH = {
    "subject": "BIGINT",
    "who": "BIGINT",
    "from_us": "BIGINT",
    "until_us": "BIGINT",
    "as_of_us": "BIGINT",
    "today": "BIGINT",
}


def load_tied(store: Store, asked: Asked) -> frozenset[str]:
    """Make `tied`: for every tied device whose it is, and when; identity.ties.belongings for all at once.

    Returns the tables of history that have rows of such devices.
    """
    known = "" if asked.known_us is None else f" AND known <= {asked.known_us}"
    window = "PARTITION BY device ORDER BY ts, id"
    runs = f"SELECT *, lead(who) OVER ({window}) AS following FROM links WHERE ts <= {asked.as_of_us}{known}"
    spans = (
        f"SELECT device AS who, coalesce(lag(ts) OVER ({window}) + 1, {EVER}) AS from_us, "
        f"CASE WHEN following IS NULL THEN {NEVER} ELSE ts + 1 END AS until_us, who AS person "
        f"FROM ({runs}) WHERE following IS NULL OR following <> who"
    )
    store.con.execute(f"CREATE OR REPLACE TABLE tied AS SELECT * FROM ({spans}) WHERE from_us < until_us")
    return store.tied()


def load_reach(store: Store, plan: Plan, asked: Asked, rows: Sequence[tuple[str, int]]) -> tuple[int, ...]:
    """Make `reach`: for every (lead, instant) which identifiers were that person's, and when; and `asked_for`.

    Returns these identifiers where they are few enough to be named one by one, else none.

    Raises InputError where a lead is not in the history at all.
    """
    leads = _keys_of_leads(store, {lead for lead, _ in rows})
    ties = store.ties_around(set(leads.values()), asked.known_us)
    by_device, by_user = defaultdict(list), defaultdict(set)
    for tie in sorted(ties):
        by_device[tie.device].append(tie)
        by_user[tie.user].add(tie.device)

    def reach() -> Iterator[dict[str, int]]:
        for subject, (lead, as_of_us) in enumerate(rows):
            for one in _belonging_to(leads[lead], as_of_us, by_device, by_user):
                yield {
                    "subject": subject,
                    "who": one.identifier,
                    "from_us": one.from_us,
                    "until_us": one.until_us,
                    "as_of_us": as_of_us,
                    "today": plan.zone.day(as_of_us),
                }

    load(store.con, "reach", REACH, reach())
    shown = (
        {
            "subject": subject,
            "person": _person(leads[lead], as_of_us, by_device),
            "as_of_us": as_of_us,
            "today": plan.zone.day(as_of_us),
        }
        for subject, (lead, as_of_us) in enumerate(rows)
    )
    kinds = {"subject": "BIGINT", "person": "BIGINT", "as_of_us": "BIGINT", "today": "BIGINT"}
    load(store.con, "asked_for", kinds, shown)
    found = store.con.execute("SELECT DISTINCT who FROM reach ORDER BY who").fetchall()
    return tuple(who for (who,) in found) if len(found) <= MOST_NAMED else ()


def _keys_of_leads(store: Store, leads: set[str]) -> dict[str, int]:
    """Return each lead's identifier; a user's comes before a device's of the same text."""
    load(store.con, "wanted_leads", {"value": "VARCHAR"}, ({"value": lead} for lead in leads))
    found = store.con.execute(
        "SELECT i.value, i.who FROM identifiers i JOIN wanted_leads w ON w.value = i.value ORDER BY i.kind"
    ).fetchall()
    keys = dict(found)
    missing = sorted(leads - keys.keys())
    if missing:
        more = f" and {len(missing) - MOST_LISTED} more" if len(missing) > MOST_LISTED else ""
        listed = ", ".join(missing[:MOST_LISTED]) + more
        raise InputError(f"not in the history: {listed}")
    return keys


def _person(key: int, as_of_us: int, by_device: dict[int, list[Tie]]) -> int:
    """Return the person an identifier stands for at an instant: the user a device was last tied to."""
    ties = [tie for tie in by_device.get(key, ()) if tie.time_us <= as_of_us]
    return ties[-1].user if ties else key


def _belonging_to(
    key: int, as_of_us: int, by_device: dict[int, list[Tie]], by_user: dict[int, set[int]]
) -> Iterator[Belonging]:
    person = _person(key, as_of_us, by_device)
    yield Belonging(person, EVER, NEVER, person)
    for device in sorted(by_user.get(person, ())):
        ties = [tie for tie in by_device[device] if tie.time_us <= as_of_us]
        yield from (one for one in belongings(ties) if one.person == person)
