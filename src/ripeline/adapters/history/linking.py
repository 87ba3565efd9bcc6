"""Which identifiers were told together: ties of devices, and bonds of user ids, CRM ids and e-mail addresses."""

from ripeline.adapters.columnar.columns import text_of
from ripeline.adapters.history.addresses import load_addresses
from ripeline.adapters.history.typed_rows import UNIT
from ripeline.adapters.history.writer import HistoryWriter

TOLD = {
    "user": "VARCHAR",
    "crm": "VARCHAR",
    "email": "VARCHAR",
    "device": "VARCHAR",
    "previous": "VARCHAR",
    "ts": "BIGINT",
    "known": "BIGINT",
    "source": "VARCHAR",
}
"""Columns of a table of identifiers told together; email as it was written."""

KINDS = {"user": "user", "crm": "crm", "email": "address", "anonymous": "device"}
"""Identifiers by kind, each with its column once addresses are read; who tells several is known by the first."""


def read_addresses(writer: HistoryWriter, table: str) -> None:
    """Make the table `told`: the rows of such a table, with `address` instead of how it was written."""
    load_addresses(writer.con, f"SELECT email AS raw FROM {table}")
    writer.con.execute(
        f"CREATE OR REPLACE TABLE told AS SELECT t.* EXCLUDE (email), a.address FROM {table} t "
        "LEFT JOIN addresses a ON a.raw = t.email"
    )


TOLD_IDENTIFIERS = [*((text_of(kind), f'"{column}"') for kind, column in KINDS.items()), ("'anonymous'", "previous")]
"""What `told` names, as HistoryWriter.name_identifiers wants it."""


def store_links(writer: HistoryWriter) -> int:
    """Store the links of the table `told`, whose identifiers are in `named`; return how many are new."""
    return _store_ties(writer) + _store_bonds(writer)


def _store_ties(writer: HistoryWriter) -> int:
    """A device that is told with somebody is theirs; an alias tells the id that they had before."""
    owner = 'coalesce("user", crm, address)'
    kind = "CASE WHEN \"user\" IS NOT NULL THEN 'user' WHEN crm IS NOT NULL THEN 'crm' ELSE 'email' END"
    pairs = " UNION ALL ".join(
        f"SELECT {kind} AS kind, {owner} AS owner, {device} AS device, ts, known, source FROM told "
        f"WHERE {owner} IS NOT NULL AND {device} IS NOT NULL"
        for device in ("device", "previous")
    )
    # A user's tie has the same id as ever; other owners are told from users of the same text by their kind.
    told = f"CASE WHEN t.kind = 'user' THEN t.owner ELSE t.kind || {UNIT} || t.owner END"
    identity = f"CAST(md5(concat_ws({UNIT}, {told}, t.device, CAST(t.ts AS VARCHAR))) AS UUID)"
    writer.con.execute(
        f"CREATE OR REPLACE TABLE told_links AS SELECT u.who, d.who AS device, t.ts, min(t.known) AS known, {identity} AS "
        f"id, min(t.source) AS source, CAST(NULL AS BIGINT) AS decided FROM ({pairs}) t "
        "JOIN named u ON u.kind = t.kind AND u.value = t.owner "
        "JOIN named d ON d.kind = 'anonymous' AND d.value = t.device GROUP BY ALL"
    )
    there = f"(SELECT id FROM {writer.view('links')})"
    writer.con.execute(f"CREATE OR REPLACE TABLE finished AS SELECT * FROM told_links ANTI JOIN {there} USING (id)")
    writer.note_again(
        "links", f"SELECT id, who, device AS other, ts, known FROM told_links SEMI JOIN {there} USING (id)"
    )
    return writer.store("links", "finished")


def _store_bonds(writer: HistoryWriter) -> int:
    """A person who is told by several names has all of them; of equal bonds the earliest is enough."""
    pairs = " UNION ALL ".join(
        f"SELECT '{one}' AS kind, {_column(one)} AS value, '{other}' AS other_kind, {_column(other)} AS other_value, "
        f"ts, known, source FROM told WHERE {_column(one)} IS NOT NULL AND {_column(other)} IS NOT NULL{where}"
        for one, other, where in (("user", "crm", ""), ("user", "email", ""), ("crm", "email", ' AND "user" IS NULL'))
    )
    writer.con.execute(
        "CREATE OR REPLACE TABLE bound AS SELECT a.who AS one, b.who AS other, t.ts, t.known, min(t.source) AS source "
        f"FROM ({pairs}) t JOIN named a ON a.kind = t.kind AND a.value = t.value "
        "JOIN named b ON b.kind = t.other_kind AND b.value = t.other_value GROUP BY ALL"
    )
    earlier = "e.one = t.one AND e.other = t.other AND e.ts <= t.ts AND e.known <= t.known"
    # Of several bonds those are stored that say more than what is there, and than each other.
    writer.con.execute(
        f"CREATE OR REPLACE TABLE told_bonds AS SELECT t.one, t.other, t.ts, t.known, {BOND_ID} AS id, t.source, "
        "CAST(NULL AS BIGINT) AS decided, EXISTS (SELECT 1 FROM "
        f"{writer.stored('bonds')} e WHERE {earlier} AND e.decided IS NULL) AS is_known "
        "FROM bound t JOIN named a ON a.who = t.one JOIN named b ON b.who = t.other "
        f"WHERE NOT EXISTS (SELECT 1 FROM bound e WHERE {earlier} AND (e.ts < t.ts OR e.known < t.known))"
    )
    writer.con.execute(
        "CREATE OR REPLACE TABLE finished AS SELECT * EXCLUDE (is_known) FROM told_bonds WHERE NOT is_known"
    )
    writer.note_again("bonds", "SELECT id, one AS who, other, ts, known FROM told_bonds WHERE is_known")
    return writer.store("bonds", "finished")


BOND_ID = f"CAST(md5(concat_ws({UNIT}, a.kind, a.value, b.kind, b.value)) AS UUID)"
"""The same for every bond of two identifiers, so that equal times are replayed in one order everywhere."""


def _column(kind: str) -> str:
    return f'"{KINDS[kind]}"'
