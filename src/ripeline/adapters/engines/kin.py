"""Links that stand, as SQL and as records: all of them, or those around some identifiers."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.identity.links import Links
from ripeline.identity.persons import Bond, Identifier
from ripeline.identity.ties import Tie
from ripeline.ports.history import LinkTold
from ripeline.scoring.profile import UNDATED
from ripeline.vocabulary.addresses import address_of
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.values import storable

MOST_NAMED = 200
"""More identifiers than this are joined rather than written into the query."""

MOST_LISTED = 5
"""How many leads an error names."""

_ENDS = {"links": ("l.who", "l.device"), "bonds": ("l.one", "l.other")}
_EDGES = "SELECT one AS a, other AS b FROM {bonds} UNION ALL SELECT other, one FROM {bonds}"


def standing(store: Store, table: str, known_us: int | None = None, as_of_us: int | None = None) -> str:
    """Return SQL of the links or bonds that stand: nothing that was taken back, or came later than was known."""
    known = "TRUE" if known_us is None else f"l.known <= {known_us}"
    dated = "TRUE" if as_of_us is None else f"l.ts <= {as_of_us}"
    return f"(SELECT * FROM {table} l WHERE {known} AND {dated} AND {_stands(store, table, known_us)})"


def _stands(store: Store, table: str, known_us: int | None = None) -> str:
    """Return the condition that nobody has taken a link or bond `l` back."""
    if not store.has("retractions"):
        return "TRUE"
    one, other = _ENDS[table]
    noticed = "TRUE" if known_us is None else f"r.known <= {known_us}"
    return (
        f"NOT EXISTS (SELECT 1 FROM retractions r WHERE r.one = least({one}, {other}) AND "
        f"r.other = greatest({one}, {other}) AND {noticed} AND (l.decided IS NULL OR l.decided < r.decided))"
    )


def keys_of_leads(store: Store, leads: Collection[str]) -> dict[str, int]:
    """Return the key of each lead by any identifier, its e-mail address, or `kind:value` where two have one text.

    Of identifiers of one text a user's comes first, a device's last. Raises InputError where a lead has none.
    """
    return all_known(leads, known_keys_of_leads(store, leads))


def all_known(leads: Collection[str], keys: dict[str, int]) -> dict[str, int]:
    """Return the keys of leads. Raises InputError where a lead has none."""
    missing = sorted(set(leads) - keys.keys())
    if missing:
        raise InputError(f"{_listed(missing)} no identifier and no e-mail address of a lead in this workspace")
    return keys


def known_keys_of_leads(store: Store, leads: Collection[str]) -> dict[str, int]:
    """Return the same of those leads that have one."""
    texts = {text for lead in leads for text in _texts(lead)}
    load(store.con, "wanted_leads", {"value": "VARCHAR"}, ({"value": text} for text in texts))
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for value, kind, who in store.con.execute(
        "SELECT i.value, i.kind, i.who FROM identifiers i JOIN wanted_leads w ON w.value = i.value"
    ).fetchall():
        found[value][kind] = who
    keys = {lead: _key_among(lead, found) for lead in leads}
    return {lead: key for lead, key in keys.items() if key is not None}


def _listed(leads: Sequence[str]) -> str:
    """Return the first few of some leads, and the verb that goes with them."""
    more = f" and {len(leads) - MOST_LISTED} more" if len(leads) > MOST_LISTED else ""
    return ", ".join(f'"{lead}"' for lead in leads[:MOST_LISTED]) + more + (" is" if len(leads) == 1 else " are")


def _texts(lead: str) -> tuple[str, ...]:
    """Return what identifiers may read that a lead is asked for by: the value behind its kind, itself, its address."""
    text = storable(lead)
    return text.partition(":")[2], text, address_of(text) or text


def _key_among(lead: str, found: Mapping[str, Mapping[str, int]]) -> int | None:
    value, *whole = _texts(lead)
    kind = lead.partition(":")[0]
    if kind in found.get(value, ()):
        return found[value][kind]
    kinds = next((found[text] for text in whole if text in found), None)
    return None if kinds is None else kinds[max(kinds)]


def links_around(
    store: Store, keys: Collection[int], known_us: int | None = None, *, when_known: bool = False
) -> Links:
    """Return all links that can say whose some identifiers are, and what else is these persons'.

    when_known: each from the instant when it was known, where that is later.
    """
    con = store.con
    load(con, "kin", {"who": "BIGINT"}, ({"who": key} for key in keys))
    bonds, ties = standing(store, "bonds", known_us), standing(store, "links", known_us)
    if store.has("links"):
        _grow(store, bonds)
        con.execute(f"INSERT INTO kin SELECT DISTINCT who FROM {ties} WHERE device IN (SELECT who FROM kin)")
        _grow(store, bonds)
        con.execute(f"INSERT INTO kin SELECT DISTINCT device FROM {ties} WHERE who IN (SELECT who FROM kin)")
    _grow(store, bonds)
    at = "greatest(ts, known)" if when_known else "ts"
    bound = con.execute(
        f"SELECT {at}, CAST(id AS VARCHAR), one, other, decided IS NOT NULL FROM {bonds} WHERE one IN (SELECT who FROM kin)"
    ).fetchall()
    about = frozenset(key for (key,) in con.execute("SELECT who FROM kin").fetchall())
    return Links(_identifiers(store, bound), [Bond(*row) for row in bound], _ties(store, ties, at), about)


def _grow(store: Store, bonds: str) -> None:
    """Add whoever is bound to somebody in `kin`, and whoever is bound to these."""
    if not store.has("bonds"):
        return
    found = {key for (key,) in store.con.execute("SELECT who FROM kin").fetchall()}
    known, new = set(found), set(found)
    while 0 < len(new) <= MOST_NAMED:
        new = _bound_to(store, bonds, new) - known
        known |= new
    if new:
        store.con.execute(
            "CREATE OR REPLACE TABLE kin AS WITH RECURSIVE found(who) AS (SELECT who FROM kin UNION "
            f"SELECT e.b FROM found f JOIN ({_EDGES.format(bonds=bonds)}) e ON e.a = f.who) SELECT who FROM found"
        )
    elif added := known - found:
        store.con.execute(f"INSERT INTO kin VALUES {', '.join(f'({key})' for key in added)}")


def _bound_to(store: Store, bonds: str, keys: Collection[int]) -> set[int]:
    """Return both ends of every bond of a few identifiers: read once, which is far quicker than to join."""
    named = ", ".join(map(str, keys))
    query = f"SELECT one, other FROM {bonds} WHERE one IN ({named}) OR other IN ({named})"
    return {end for pair in store.con.execute(query).fetchall() for end in pair}


def _ties(store: Store, ties: str, at: str) -> list[Tie]:
    """Every tie of the devices in `kin`, and of whoever has one of them: how many these have decides what counts.

    at: SQL of when a tie is.
    """
    if not store.has("links"):
        return []
    owners = f"SELECT who FROM {ties} WHERE device IN (SELECT who FROM kin)"
    found = store.con.execute(
        f"SELECT {at}, CAST(id AS VARCHAR), device, who FROM {ties} "
        f"WHERE device IN (SELECT who FROM kin) OR who IN ({owners})"
    ).fetchall()
    return [Tie(*row) for row in found]


def _identifiers(store: Store, bound: Collection[tuple[int, str, int, int, bool]]) -> Mapping[int, Identifier]:
    """Return the identifiers that bonds name."""
    return identifiers_of(store, {end for _, _, *ends, _ in bound for end in ends})


def identifiers_of(store: Store, keys: Collection[int]) -> Mapping[int, Identifier]:
    """Return identifiers by their keys."""
    if not keys:
        return {}
    load(store.con, "named_keys", {"who": "BIGINT"}, ({"who": key} for key in keys))
    found = store.con.execute(
        "SELECT who, kind, value FROM identifiers WHERE who IN (SELECT who FROM named_keys)"
    ).fetchall()
    return {row[0]: Identifier(*row) for row in found}


def told_of(store: Store, keys: Collection[int]) -> list[LinkTold]:
    """Return everything that was ever said of identifiers together, those among some keys."""
    load(store.con, "told_keys", {"who": "BIGINT"}, ({"who": key} for key in keys))
    told = (
        f"SELECT one, other, min(ts), max(ts), count(*), source, bool_or(stands) FROM (SELECT {one} AS one, "
        f"{other} AS other, ts, source, {_stands(store, table)} AS stands FROM {table} l) "
        "WHERE one IN (SELECT who FROM told_keys) OR other IN (SELECT who FROM told_keys) GROUP BY one, other, source"
        for table, (one, other) in _ENDS.items()
    )
    rows = store.con.execute(f"{' UNION ALL '.join(told)} ORDER BY 3, 1, 2, 6").fetchall()
    return [LinkTold(one, other, _dated(first), _dated(last), *rest) for one, other, first, last, *rest in rows]


def _dated(ts: int) -> int | None:
    return None if ts == UNDATED else ts
