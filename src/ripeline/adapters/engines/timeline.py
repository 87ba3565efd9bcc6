"""What is stored of one person, the youngest first: a stretch of each kind of history, read where it stands."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from ripeline.adapters.columnar.columns import quoted, text_of
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import MOST_NAMED, identifiers_of
from ripeline.adapters.engines.python import value_of
from ripeline.identity.persons import Identifier
from ripeline.identity.ties import Belonging
from ripeline.ports.history import TIMELINE_KINDS, Place, TimelineAsked, TimelineEntry
from ripeline.scoring.profile import UNDATED
from ripeline.vocabulary.columns import REST, name_of
from ripeline.vocabulary.values import TWINS

Row = dict[str, Any]

THEIRS = {"who": "BIGINT", "from_us": "BIGINT", "until_us": "BIGINT"}
_THEIRS = "JOIN theirs h ON h.who = {alias}.who AND {alias}.ts >= h.from_us AND {alias}.ts < h.until_us"
_UNLINKED = "NULL AS other, source"
BY_HAND = "by hand"


def entries(store: Store, own: Collection[Belonging], asked: TimelineAsked) -> Sequence[tuple[Place, TimelineEntry]]:
    """Return what is stored under somebody's identifiers while these were theirs, each with its place."""
    rows = ({"who": one.identifier, "from_us": one.from_us, "until_us": one.until_us} for one in own)
    load(store.con, "theirs", THEIRS, rows)
    keys = {one.identifier for one in own}
    # Few are named one by one: files are then read only where these stand.
    whose = ", ".join(map(str, sorted(keys))) if len(keys) <= MOST_NAMED else "SELECT who FROM theirs"
    found = [(kind, row) for kind in asked.kinds for row in _rows(store, kind, whose, asked)]
    ends = {row[end] for _, row in found for end in ("who", "other")} - {None}
    named = identifiers_of(store, ends)
    placed = sorted(((_place(kind, row), _entry(kind, row, named)) for kind, row in found), key=lambda one: one[0])
    return list(islice(reversed(placed), asked.limit))


def _rows(store: Store, kind: str, whose: str, asked: TimelineAsked) -> Iterator[Row]:
    """Yield the youngest rows of a kind that stand before a place."""
    rank, query = TIMELINE_KINDS.index(kind), _QUERIES[kind](store, whose)
    older, parameters = "", list[object]()
    if asked.before is not None:
        ts, before_rank, known, key = asked.before
        older, parameters = f"WHERE (ts, {rank}, known, key) < (?, ?, ?, ?)", [ts, before_rank, known, key]
    limit = "" if asked.limit is None else f"LIMIT {asked.limit}"
    # A connection of its own, since tables are loaded while rows are read.
    found = store.con.cursor().execute(
        f"SELECT * FROM ({query}) {older} ORDER BY ts DESC, known DESC, key DESC {limit}", parameters
    )
    names = [name_of(column[0]) for column in found.description or []]
    while some := found.fetchmany(10_000):
        yield from (dict(zip(names, row, strict=True)) for row in some)


def _twins(store: Store, table: str) -> str:
    """Select the values that somebody said, not those that were made from them."""
    kept = {*TWINS, "unset"}
    there = (name for name in sorted(store.columns[table]) if ":" in name and name.rpartition(":")[2] in kept)
    rest = (REST,) if REST in store.columns[table] else ()
    return "".join(f", {table[0]}.{quoted(name)}" for name in (*there, *rest))


def _events(store: Store, whose: str) -> str:
    return _acts(store, "events", whose)


def _set_aside(store: Store, whose: str) -> str:
    last = "SELECT id, arg_max(reason, coalesce(decided, 0)) AS reason FROM judgements GROUP BY id"
    acts = _acts(store, "set_aside", whose)
    return f"SELECT a.*, j.reason FROM ({acts}) a LEFT JOIN ({last}) j ON CAST(j.id AS VARCHAR) = a.key"


def _acts(store: Store, table: str, whose: str) -> str:
    return (
        f"SELECT e.ts, e.known, CAST(e.id AS VARCHAR) AS key, e.who, {_UNLINKED}, e.trusted, e.type, e.name{_twins(store, 'events')} "
        f"FROM {table} e {_THEIRS.format(alias='e')} WHERE e.who IN ({whose})"
    )


def _traits(store: Store, whose: str) -> str:
    return (
        f"SELECT t.ts, t.known, concat_ws(' ', t.digest, i.kind, i.value) AS key, t.who, {_UNLINKED}, t.trusted"
        f"{_twins(store, 'traits')} "
        f"FROM traits t {_THEIRS.format(alias='t')} JOIN identifiers i ON i.who = t.who WHERE t.who IN ({whose})"
    )


def _links(_: Store, whose: str) -> str:
    """Ties of their own devices, bonds at either end, and what was taken back of both."""
    made = "CASE WHEN decided IS NULL THEN 'linked' ELSE 'merged' END AS link"
    theirs = f"WHERE one IN ({whose}) OR other IN ({whose})"
    ties = (
        f"SELECT ts, known, CAST(id AS VARCHAR) AS key, who, device AS other, source, NULL AS trusted, {made} "
        f"FROM links WHERE who IN ({whose})"
    )
    bonds = (
        "SELECT ts, known, CAST(id AS VARCHAR) || ' ' || source AS key, one AS who, other, source, NULL AS trusted, "
        f"{made} FROM bonds {theirs}"
    )
    taken_back = (
        "SELECT known AS ts, known, 'unmerged ' || CAST(decided AS VARCHAR) AS key, one AS who, other, "
        f"{text_of(BY_HAND)} AS source, NULL AS trusted, 'unmerged' AS link FROM retractions {theirs}"
    )
    return f"{ties} UNION ALL {bonds} UNION ALL {taken_back}"


def _accounts(_: Store, whose: str) -> str:
    return (
        f"SELECT g.ts, g.known, CAST(g.id AS VARCHAR) AS key, g.who, {_UNLINKED}, g.trusted, g.account "
        f"FROM group_links g {_THEIRS.format(alias='g')} WHERE g.who IN ({whose})"
    )


def _outcomes(_: Store, whose: str) -> str:
    return (
        f"SELECT ts, {UNDATED} AS known, CAST(id AS VARCHAR) AS key, who, {_UNLINKED}, NULL AS trusted, outcome "
        f"FROM outcomes WHERE who IN ({whose})"
    )


def _dispositions(_: Store, whose: str) -> str:
    return (
        f"SELECT d.ts, d.known, CAST(d.id AS VARCHAR) AS key, d.who, NULL AS other, {text_of(BY_HAND)} AS source, "
        f'NULL AS trusted, d.answer, d."by", d.reason FROM dispositions d {_THEIRS.format(alias="d")} '
        f"WHERE d.who IN ({whose})"
    )


_QUERIES = {
    "event": _events,
    "set_aside": _set_aside,
    "traits": _traits,
    "link": _links,
    "account": _accounts,
    "outcome": _outcomes,
    "disposition": _dispositions,
}


def _place(kind: str, row: Row) -> Place:
    return row["ts"], TIMELINE_KINDS.index(kind), row["known"], row["key"]


def _entry(kind: str, row: Row, named: Mapping[int, Identifier]) -> TimelineEntry:
    return TimelineEntry(
        kind=kind,
        time_us=_dated(row["ts"]),
        known_us=_dated(row["known"]),
        key=row["key"],
        identifier=named[row["who"]],
        source=row["source"],
        trusted=row["trusted"],
        said=_said(kind, row, named),
    )


def _said(kind: str, row: Row, named: Mapping[int, Identifier]) -> Row:
    match kind:
        case "event" | "set_aside":
            act = {"type": row["type"], "name": row["name"] or None, "fields": values_of(row)}
            return act if kind == "event" else {**act, "reason": row["reason"]}
        case "traits":
            return {"traits": values_of(row)}
        case "link":
            return {"link": row["link"], "other": named[row["other"]]}
        case "disposition":
            return {"answer": row["answer"], "by": row["by"], "reason": row["reason"]}
        case _:
            return {kind: row[kind]}


def values_of(row: Row) -> Row:
    """Put the twins of each value of a row together again, as it was said; None for what is unset."""
    found = dict[str, Row]()
    for name, cell in row.items():
        key, _, twin = name.rpartition(":")
        if key and cell is not None:
            found.setdefault(key, {})[twin] = cell
    told = {key: None if "unset" in twins else value_of(twins).said for key, twins in found.items()}
    return told | (msgspec.json.decode(row[REST]) if row.get(REST) else {})


def _dated(ts: int) -> int | None:
    return None if ts == UNDATED else ts
