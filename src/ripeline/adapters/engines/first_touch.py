"""How persons first came, as far as the channel of an event tells it."""

from collections.abc import Collection
from pathlib import Path

from ripeline.adapters.columnar.columns import quoted, text_of
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.derived_fields import input_sql
from ripeline.adapters.engines.kin import links_around
from ripeline.adapters.engines.logged import keys_of_names
from ripeline.adapters.engines.whose import load_tied
from ripeline.ports.scores import Asked
from ripeline.vocabulary.channels import ChannelTables
from ripeline.vocabulary.derived_fields import INPUTS, inputs_of, told_by
from ripeline.vocabulary.people import Name

MEDIUM, CAMPAIGN = "channel.medium", "channel.campaign"
_SPANS = {"person": "BIGINT", "who": "BIGINT", "from_us": "BIGINT", "until_us": "BIGINT"}


def first_channels(store: Store, names: Collection[Name], tables: ChannelTables, at_us: int) -> dict[Name, str]:
    """Return the medium of the first event of each person that tells of one; nothing of those that have none.

    names: of anybody's identifiers.
    """
    keys = keys_of_names(store, names)
    known = channels_of_keys(store, keys.values(), tables, at_us)
    return {name: known[key] for name, key in keys.items() if key in known}


def channels_of_keys(
    store: Store, keys: Collection[int], tables: ChannelTables, at_us: int, part: str = MEDIUM
) -> dict[int, str]:
    """Return the same by the keys of anybody's identifiers. part: what of the channel is told, such as its campaign."""
    inputs = _inputs(store, part)
    if not inputs or not keys:
        return {}
    whose = links_around(store, set(keys)).until(at_us)
    people = {key: whose.person(key) for key in keys}
    spans = (
        {"person": person, "who": one.identifier, "from_us": one.from_us, "until_us": one.until_us}
        for person in set(people.values())
        for one in whose.belongings(person)
    )
    load(store.con, "first_touched", _SPANS, spans)
    known = _first(store, inputs, tables, at_us, part)
    return {key: known[person] for key, person in people.items() if person in known}


def write_first_channels(store: Store, tables: ChannelTables, at_us: int, file: Path) -> None:
    """Write everybody's medium, by the name they are shown by; it takes its time, and no person through Python."""
    inputs, con = _inputs(store, MEDIUM), store.con
    if not inputs:
        con.execute(f"COPY (SELECT '' AS lead, '' AS medium WHERE FALSE) TO {text_of(str(file))} (FORMAT parquet)")
        return
    load_tied(store, Asked(at_us))
    names = [quoted(name) for name in inputs]
    came = ", ".join(f"{name} := {sql}" for name, sql in zip(names, inputs.values(), strict=True))
    told = " OR ".join(f"({sql}) IS NOT NULL" for sql in inputs.values())
    con.execute(
        f"CREATE OR REPLACE TABLE first_came AS SELECT coalesce(r.person, e.who) AS person, "
        f"arg_min(struct_pack({came}), (e.ts, e.id)) AS came FROM events e LEFT JOIN tied r ON r.who = e.who "
        f"AND e.ts >= r.from_us AND e.ts < r.until_us WHERE e.ts <= {at_us} AND ({told}) GROUP BY 1"
    )
    different = con.execute(f"SELECT DISTINCT {', '.join(f'came.{name}' for name in names)} FROM first_came").fetchall()
    columns = dict.fromkeys((*inputs, "told medium"), "VARCHAR")
    load(
        con,
        "lookup_came",
        columns,
        (dict(zip(columns, (*row, _part(inputs, row, tables, MEDIUM)), strict=True)) for row in different),
    )
    same = " AND ".join(f"l.{name} IS NOT DISTINCT FROM f.came.{name}" for name in names)
    con.execute(
        f'COPY (SELECT i.value AS lead, l."told medium" AS medium FROM first_came f JOIN lookup_came l ON {same} '
        f"JOIN identifiers i ON i.who = f.person WHERE medium IS NOT NULL) TO {text_of(str(file))} (FORMAT parquet)"
    )


def came_by(table: str, file: Path, channels: Collection[str]) -> str:
    """Return SQL of the rows of leads who came by some channels, of what `write_first_channels` wrote."""
    chosen = ", ".join(map(text_of, sorted(channels)))
    came = f"SELECT lead FROM read_parquet({text_of(str(file))}) WHERE medium IN ({chosen})"
    return f"(SELECT * FROM {table} WHERE lead IN ({came}))"


def _inputs(store: Store, part: str) -> dict[str, str]:
    return {name: sql for name in inputs_of((part,)) if (sql := input_sql(store, "channel", name))}


def _part(inputs: Collection[str], row: Collection[str | None], tables: ChannelTables, part: str) -> str | None:
    told = dict(zip(inputs, row, strict=True))
    found = told_by("channel", tuple(map(told.get, INPUTS["channel"])), tables).get(part)
    return None if found is None else found.text


def _first(store: Store, inputs: dict[str, str], tables: ChannelTables, at_us: int, part: str) -> dict[int, str]:
    selected = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in inputs.items())
    told = " OR ".join(f"{quoted(name)} IS NOT NULL" for name in inputs)
    found = store.con.execute(
        f"SELECT * EXCLUDE (ts, id) FROM (SELECT t.person, e.ts, e.id, {selected} FROM events e JOIN first_touched t "
        f"ON t.who = e.who AND e.ts >= t.from_us AND e.ts < t.until_us AND e.ts <= {at_us}) WHERE {told} "
        "QUALIFY row_number() OVER (PARTITION BY person ORDER BY ts, id) = 1"
    ).fetchall()
    parts = dict[int, str]()
    for person, *row in found:
        if text := _part(inputs, row, tables, part):
            parts[person] = text
    return parts
