"""Derived fields of events for SQL: each different set of inputs worked out once, in Python, and looked up."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ripeline.adapters.columnar.columns import TWIN_TYPES, quoted, text_of
from ripeline.adapters.columnar.spool import Row, load
from ripeline.adapters.columnar.store import Store
from ripeline.scoring.sql.frame import Frame
from ripeline.vocabulary.channels import CLICK_IDS, LONGEST_ADDRESS, TAGS
from ripeline.vocabulary.derived import Tables
from ripeline.vocabulary.derived_fields import INPUTS, inputs_of, root_of, told_by, twins_of

_TOLD = f"(?i)[?&]({'|'.join((*TAGS, *CLICK_IDS))})="

_CLICKED = f"(?i)([?&](?:{'|'.join(CLICK_IDS)})=)[^&]+"


def load_derived_fields(store: Store, frame: Frame) -> None:
    """Make the view `derived_events` of events with the derived fields that a plan reads."""
    roots = dict.fromkeys(map(root_of, frame.plan.derived_fields))
    joins = [join for root in roots if (join := _load_lookup(store, frame, root))]
    columns = (
        f"{root_of(field)}.{quoted(f'{field}:{twin}')}"
        for field in frame.plan.derived_fields
        for twin in twins_of(field)
    )
    if roots:
        rows = "near_events" if "events" in frame.facts.near else "events"
        store.con.execute(
            f"CREATE OR REPLACE VIEW derived_events AS SELECT {', '.join(['e.*', *columns])} FROM {rows} e {' '.join(joins)}"
        )


def _load_lookup(store: Store, frame: Frame, root: str) -> str:
    """Make the table `lookup_<root>`; return the join that finds an event's row in it."""
    fields = [field for field in frame.plan.derived_fields if root_of(field) == root]
    inputs = {name: sql for name in inputs_of(fields) if (sql := input_sql(store, root, name))}
    columns = dict.fromkeys(inputs, "VARCHAR") | {
        f"{field}:{twin}": TWIN_TYPES[twin] for field in fields for twin in twins_of(field)
    }
    rows = _rows(root, fields, _different(store, frame, inputs), frame.plan.tables)
    load(store.con, f"lookup_{root}", columns, rows)
    same = " AND ".join(f"{root}.{quoted(name)} IS NOT DISTINCT FROM {sql}" for name, sql in inputs.items())
    return f"LEFT JOIN lookup_{root} {root} ON {same or 'FALSE'}"


def input_sql(store: Store, root: str, name: str) -> str | None:
    """Return the SQL of an input, None where no event has it."""
    stored = [key for key in INPUTS[root][name] if f"{key}:text" in store.columns["events"]]
    if not stored:
        return None
    columns = ", ".join(f"e.{quoted(f'{key}:text')}" for key in stored)
    text = f"coalesce({columns})"
    return shortened(text, name) if name in {"url", "referrer", "search"} else text


def shortened(address: str, name: str) -> str:
    """Return an address without what is not read of it: there are far fewer different ones then.

    Of a referrer its host alone is read, of the search part nothing unless it holds something known, and of a click id
    whether it is there.
    """
    told = f"CASE WHEN contains({address}, '?') THEN regexp_matches({address}, {text_of(_TOLD)}) ELSE FALSE END"
    if name == "search":
        return f"CASE WHEN {told} THEN {address} END"
    host = f"split_part({address}, '/', 3)"
    # DuckDB 2.0 cannot compare what split_part returns with a text where all addresses are NULL.
    known = f"length({host}) > 0"
    short = f"CASE WHEN starts_with({address}, 'https://') AND {known} THEN 'https://' || {host} ELSE {address} END"
    if name == "referrer":
        return short
    asked = f"substr({address}, position('?' IN {address}))"
    plain = (
        f"starts_with({address}, 'https://') AND {known} AND NOT contains({host}, '?') "
        f"AND NOT contains({address}, '#') AND length({address}) <= {LONGEST_ADDRESS}"
    )
    long = f"CASE WHEN {plain} THEN 'https://' || {host} || '/' || regexp_replace({asked}, {text_of(_CLICKED)}, '\\1x', 'g') ELSE {address} END"
    return f"CASE WHEN {told} THEN {long} ELSE {short} END"


def _different(store: Store, frame: Frame, inputs: Mapping[str, str]) -> Iterator[dict[str, str | None]]:
    if not inputs:
        return
    selected = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in inputs.items())
    found = store.con.cursor().execute(f"SELECT DISTINCT {selected} {frame.of('events')}")
    while rows := found.fetchmany(10_000):
        yield from (dict(zip(inputs, row, strict=True)) for row in rows)


def _rows(
    root: str, fields: Sequence[str], different: Iterable[dict[str, str | None]], tables: Tables
) -> Iterator[Row]:
    for told in different:
        values = told_by(root, tuple(map(told.get, INPUTS[root])), tables.channels)
        known = [(field, values[field]) for field in fields if field in values]
        yield told | {f"{field}:{twin}": getattr(value, twin) for field, value in known for twin in twins_of(field)}
