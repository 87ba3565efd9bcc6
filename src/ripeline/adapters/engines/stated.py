"""What is stated of some leads: a few traits of each, read where they stand, without a plan."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ripeline.adapters.columnar.columns import quoted
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import MOST_NAMED
from ripeline.adapters.engines.timeline import THEIRS, values_of
from ripeline.identity.links import Links
from ripeline.vocabulary.columns import REST, name_of
from ripeline.vocabulary.values import TWINS

Traits = dict[str, object]


def stated_of(
    store: Store, own: Mapping[str, int], links: Links, keys: Collection[str], at_us: int
) -> dict[str, Traits]:
    """Return some traits of leads, as they were said.

    own: the key of an identifier of each lead; links: all those around these.
    """
    whose = links.until(at_us)
    spans = [(lead, one) for lead, key in own.items() for one in whose.belongings(whose.person(key))]
    rows = (
        {"lead": lead, "who": one.identifier, "from_us": one.from_us, "until_us": one.until_us} for lead, one in spans
    )
    load(store.con, "theirs_stated", {"lead": "VARCHAR"} | THEIRS, rows)
    told: dict[str, Traits] = {}
    for row in _rows(store, {one.identifier for _, one in spans}, keys, at_us):
        told.setdefault(row["lead"], {}).update(values_of(row))
    return {lead: {key: value for key, value in found.items() if key in keys} for lead, found in told.items()}


def _rows(store: Store, who: Collection[int], keys: Collection[str], at_us: int) -> Iterator[dict[str, Any]]:
    """Yield what was stated, in the order of the profile: what is later wins, and what is trusted before all else."""
    # Few are named one by one: files are then read only where these stand.
    named = ", ".join(map(str, sorted(who))) if len(who) <= MOST_NAMED else "SELECT who FROM theirs_stated"
    columns = [f"t.{quoted(name)}" for name in (*_twins(store, keys), *({REST} & store.columns["traits"]))]
    found = store.con.execute(
        f"SELECT {', '.join(['h.lead', *columns])} FROM traits t JOIN theirs_stated h ON h.who = t.who AND t.ts >= h.from_us "
        f"AND t.ts < h.until_us WHERE t.who IN ({named}) AND t.ts <= {at_us} ORDER BY t.trusted, t.ts, t.seq"
    )
    names = [name_of(column[0]) for column in found.description or []]
    return (dict(zip(names, row, strict=True)) for row in found.fetchall())


def _twins(store: Store, keys: Collection[str]) -> Iterator[str]:
    kept = {*TWINS, "unset"}
    return (f"{key}:{twin}" for key in keys for twin in store.twins_of("traits", key) if twin in kept)
