"""The columns of history files. A value has one column for each of its twins, named `key:twin`."""

from collections.abc import Iterable, Mapping

import duckdb

from ripeline.vocabulary.columns import column_of, name_of

TWIN_TYPES = {
    "text": "VARCHAR",
    "number": "BIGINT",
    "boolean": "BOOLEAN",
    "texts": "VARCHAR[]",
    "numbers": "BIGINT[]",
    "folded": "VARCHAR",
    "summand": "BIGINT",
    "day": "BIGINT",
    "instant": "BIGINT",
    "domain": "VARCHAR",
    "unset": "BOOLEAN",
}
"""SQL types of twins. `domain` belongs to the trait email alone; `unset` marks an explicit null."""

EVENTS = {
    "who": "BIGINT",
    "ts": "BIGINT",
    "known": "BIGINT",
    "trusted": "BOOLEAN",
    "type": "VARCHAR",
    "name": "VARCHAR",
    "id": "UUID",
    "source": "VARCHAR",
}

BASE: Mapping[str, Mapping[str, str]] = {
    "events": EVENTS,
    "set_aside": EVENTS,
    "judgements": {
        "id": "UUID",
        "aside": "BOOLEAN",
        "known": "BIGINT",
        "decided": "BIGINT",
        "reason": "VARCHAR",
        "by_hand": "BOOLEAN",
    },
    "misplaced": {"id": "UUID", "aside": "BOOLEAN", "decided": "BIGINT"},
    "traits": {
        "who": "BIGINT",
        "ts": "BIGINT",
        "known": "BIGINT",
        "seq": "BIGINT",
        "trusted": "BOOLEAN",
        "source": "VARCHAR",
        "digest": "VARCHAR",
    },
    "links": {
        "who": "BIGINT",
        "device": "BIGINT",
        "ts": "BIGINT",
        "known": "BIGINT",
        "id": "UUID",
        "source": "VARCHAR",
        "decided": "BIGINT",
    },
    "bonds": {
        "one": "BIGINT",
        "other": "BIGINT",
        "ts": "BIGINT",
        "known": "BIGINT",
        "id": "UUID",
        "source": "VARCHAR",
        "decided": "BIGINT",
    },
    "retractions": {"one": "BIGINT", "other": "BIGINT", "known": "BIGINT", "decided": "BIGINT"},
    "group_links": {
        "who": "BIGINT",
        "account": "VARCHAR",
        "ts": "BIGINT",
        "known": "BIGINT",
        "trusted": "BOOLEAN",
        "id": "UUID",
        "source": "VARCHAR",
    },
    "account_traits": {
        "account": "VARCHAR",
        "ts": "BIGINT",
        "known": "BIGINT",
        "seq": "BIGINT",
        "trusted": "BOOLEAN",
        "source": "VARCHAR",
        "digest": "VARCHAR",
    },
    "presence": {
        "who": "BIGINT",
        "first": "BIGINT",
        "undated": "BOOLEAN",
        "events": "BIGINT",
    },
    "raws": {"of": "VARCHAR", "raw": "VARCHAR"},
    "identifiers": {"who": "BIGINT", "kind": "VARCHAR", "value": "VARCHAR"},
    "outcomes": {
        "who": "BIGINT",
        "outcome": "VARCHAR",
        "ts": "BIGINT",
        "id": "UUID",
        "source": "VARCHAR",
    },
    "again": {
        "kind": "VARCHAR",
        "who": "BIGINT",
        "other": "BIGINT",
        "account": "VARCHAR",
        "ts": "BIGINT",
        "known": "BIGINT",
        "seq": "BIGINT",
        "id": "UUID",
        "digest": "VARCHAR",
    },
    "dispositions": {
        "who": "BIGINT",
        "answer": "VARCHAR",
        "ts": "BIGINT",
        "known": "BIGINT",
        "id": "UUID",
        "by": "VARCHAR",
        "reason": "VARCHAR",
    },
}
"""The fixed columns of each kind of file; events, traits and account_traits have twins behind them.

set_aside holds the events that do not count. judgements say of events whether they are set aside: of one event the
last that was decided holds, before it what the event showed by itself. misplaced names those that lie in files of the
other kind until these are written anew.
links tie a device to an identifier of somebody; bonds tie identifiers that are no devices, or devices alone, for good.
retractions take back every link of two identifiers that is not a later decision by hand; one is less than other.
decided: the position of a decision, NULL for what a source told, or an event showed.

group_links say from when on an identifier belongs to an account, by its group id; account_traits what was said of it.

dispositions are what sales answered, and who did; they belong to persons as events do.

again holds what an import brought that was there already, with the kind of file it is in there: nobody reads it but who
undoes the import that brought it first. Its seq is of every row another one; other: the device, or the other name.

raws holds the different values of each file of traits that others are derived from, by their column, so that
nobody reads all traits to know them. presence sums up each file of events, traits and links of both kinds by
identifier: the first instant, whether something is undated, and how many events there are.
"""

RAW_COLUMNS = (
    "email:domain",
    "email_domain:text",
    "title:text",
    "country:text",
    "company_size:text",
    "company_size:number",
)
"""Columns of traits from which others are derived; a size's number counts in whole heads."""

ACTS = ("events", "set_aside")
"""The kinds of files that hold events."""

DIGEST = "digest"
"""A further column of events that came live: what they said, to tell a copy from another message under their id."""

MANIFEST = "manifest"
"""A further column of what came by import: the number of the manifest that it came with."""

CREATED = "created "
"""Before the digest of a statement of when a lead was created, where its row states the rest for another time."""

ORDER = {
    "events": "type, name, who, ts, id",
    "set_aside": "type, name, who, ts, id",
    "judgements": "id, decided",
    "misplaced": "id",
    "traits": "who, ts, seq",
    "links": "device, ts, id",
    "bonds": "one, other, ts",
    "retractions": "one, other, known",
    "group_links": "account, ts, who, id",
    "account_traits": "account, ts, seq",
    "presence": "who",
    "raws": "of, raw",
    "identifiers": "kind, value",
    "outcomes": "who, ts, id",
    "dispositions": "who, ts, id",
    "again": "kind, who, ts, seq",
}
"""How each kind of file is sorted. Events by name first: each signal then reads only its own stretch."""


def raw_of(column: str) -> str:
    """Return SQL of a column of traits as other traits are derived from it: numbers are whole ones, as text."""
    name = quoted(column)
    return f"CASE WHEN {name} >= 0 THEN CAST({name} // 1000000 AS VARCHAR) END" if column.endswith(":number") else name


def quoted(name: str) -> str:
    """Return the column of a name as SQL."""
    return as_written(column_of(name))


def as_written(column: str) -> str:
    """Return a column of somebody else's table as SQL."""
    return '"' + column.replace('"', '""') + '"'


def described(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Return the names and SQL types of a table of ours."""
    return {name_of(column): kind for column, kind, *_ in con.execute(f"DESCRIBE {table}").fetchall()}


def text_of(value: str) -> str:
    """Return a text constant as SQL."""
    return "'" + value.replace("'", "''") + "'"


def definitions(columns: Mapping[str, str]) -> str:
    """Return column definitions for CREATE TABLE."""
    return ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())


def listed(names: Iterable[str]) -> str:
    """Return column names as SQL."""
    return ", ".join(map(quoted, names))
