"""How persons first came, as far as the channel of an event tells it."""

from collections.abc import Collection

from ripeline.adapters.columnar.columns import quoted
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.derived_fields import input_sql
from ripeline.adapters.engines.kin import links_around
from ripeline.adapters.engines.logged import keys_of_names
from ripeline.vocabulary.channels import ChannelTables
from ripeline.vocabulary.derived_fields import INPUTS, inputs_of, told_by
from ripeline.vocabulary.people import Name

_MEDIUM = "channel.medium"
_SPANS = {"person": "BIGINT", "who": "BIGINT", "from_us": "BIGINT", "until_us": "BIGINT"}


def first_channels(store: Store, names: Collection[Name], tables: ChannelTables, at_us: int) -> dict[Name, str]:
    """Return the medium of the first event of each person that tells of one; nothing of those that have none.

    names: of anybody's identifiers.
    """
    inputs = {name: sql for name in inputs_of((_MEDIUM,)) if (sql := input_sql(store, "channel", name))}
    keys = keys_of_names(store, names)
    if not inputs or not keys:
        return {}
    whose = links_around(store, set(keys.values())).until(at_us)
    people = {name: whose.person(key) for name, key in keys.items()}
    spans = (
        {"person": person, "who": one.identifier, "from_us": one.from_us, "until_us": one.until_us}
        for person in set(people.values())
        for one in whose.belongings(person)
    )
    load(store.con, "first_touched", _SPANS, spans)
    known = _first(store, inputs, tables, at_us)
    return {name: known[person] for name, person in people.items() if person in known}


def _first(store: Store, inputs: dict[str, str], tables: ChannelTables, at_us: int) -> dict[int, str]:
    selected = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in inputs.items())
    told = " OR ".join(f"{quoted(name)} IS NOT NULL" for name in inputs)
    found = store.con.execute(
        f"SELECT * EXCLUDE (ts, id) FROM (SELECT t.person, e.ts, e.id, {selected} FROM events e JOIN first_touched t "
        f"ON t.who = e.who AND e.ts >= t.from_us AND e.ts < t.until_us AND e.ts <= {at_us}) WHERE {told} "
        "QUALIFY row_number() OVER (PARTITION BY person ORDER BY ts, id) = 1"
    ).fetchall()
    mediums = dict[int, str]()
    for person, *row in found:
        inputs_told = dict(zip(inputs, row, strict=True))
        medium = told_by("channel", tuple(map(inputs_told.get, INPUTS["channel"])), tables).get(_MEDIUM)
        if medium is not None and medium.text is not None:
            mediums[person] = medium.text
    return mediums
