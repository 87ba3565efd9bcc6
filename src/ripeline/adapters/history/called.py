"""Accepted calls of tracking clients as rows of history: events, statements and links with their identifiers.

What a group call states is its account's, and is kept apart from what persons state.
"""

from collections.abc import Iterable, Mapping, Sequence

import duckdb

from ripeline.adapters.columnar.columns import ACTS, BASE, DIGEST, TWIN_TYPES, described, quoted
from ripeline.adapters.columnar.spool import Row, load, load_growing, load_lines
from ripeline.adapters.history.act_rows import ActRows, rest_of, twins_of
from ripeline.adapters.history.judged import store_suspicions
from ripeline.adapters.history.linking import TOLD, TOLD_IDENTIFIERS, read_addresses, store_links
from ripeline.adapters.history.room import Room
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.intake.calls import Call
from ripeline.vocabulary.columns import REST
from ripeline.vocabulary.derived import email_domain
from ripeline.vocabulary.history import EVENT_TYPES
from ripeline.vocabulary.values import Value

WHOSE = {"user": "VARCHAR", "device": "VARCHAR", "ts": "BIGINT", "known": "BIGINT", "source": "VARCHAR"}
STATED = WHOSE | {"row": "BIGINT", "trusted": "BOOLEAN", "digest": "VARCHAR", REST: "VARCHAR"}
GROUPED = WHOSE | {"account": "VARCHAR", "trusted": "BOOLEAN", "id": "UUID"}
OF_ACCOUNTS = STATED | {"account": "VARCHAR"}


def store_calls(writer: HistoryWriter, calls: Iterable[Call]) -> None:
    """Store calls, each message of them once already, in the order in which they were accepted."""
    known = list(calls)
    con = writer.con
    acts = ActRows(Room(writer.columns(*ACTS)))
    load_lines(
        con, "acts", (acts.line(row, one) for row, one in enumerate(known) if one.kind in EVENT_TYPES), acts.columns
    )
    stated, room = ((row, one, one.traits()) for row, one in enumerate(known)), Room(writer.columns("traits"))
    load_growing(con, "stated", STATED, (_stated(row, one, said, room) for row, one, said in stated if said), _type)
    grouped = [(row, one) for row, one in enumerate(known) if one.account is not None]
    if grouped:
        _load_grouped(con, grouped, Room(writer.columns("account_traits")))
    load(con, "told_calls", TOLD, (_told(one) for one in known if _links(one)))
    read_addresses(writer, "told_calls")
    nobody = "NULL AS crm, NULL AS address, device, NULL AS previous"
    whose = (f'SELECT "user", {nobody} FROM {table}' for table in ("acts", "stated", *(["grouped"] if grouped else [])))
    told = 'SELECT "user", crm, address, device, previous FROM told'
    con.execute(f"CREATE OR REPLACE VIEW called AS {' UNION ALL '.join((*whose, told))}")
    writer.name_identifiers("called", TOLD_IDENTIFIERS)
    _store_acts(writer)
    store_suspicions(writer, known)
    _store_stated(writer, "traits", "stated")
    if grouped:
        _store(writer, "group_links", "grouped", {})
        _store_stated(writer, "account_traits", "of_accounts")
    store_links(writer)


def _load_grouped(con: duckdb.DuckDBPyConnection, grouped: Sequence[tuple[int, Call]], room: Room) -> None:
    """Make `grouped` and `of_accounts` of group calls, each with its place among all."""
    load(con, "grouped", GROUPED, (_grouped(one) for _, one in grouped))
    stated = ((row, one, one.account_traits()) for row, one in grouped)
    load_growing(con, "of_accounts", OF_ACCOUNTS, (_of_account(*one, room) for one in stated if one[2]), _type)


def _whose(call: Call) -> Row:
    return {
        "user": call.user,
        "device": call.device,
        "ts": call.time_us,
        "known": call.known_us,
        "source": call.source,
    }


def _stated(row: int, call: Call, said: Mapping[str, Value | None], room: Room) -> Row:
    mail = said.get("email")
    domain = {"email:domain": email_domain(mail.text)} if mail is not None and mail.text is not None else {}
    return _statement(row, call, said, room) | domain


def _grouped(call: Call) -> Row:
    return {**_whose(call), "account": call.account, "trusted": call.trusted, "id": call.id}


def _of_account(row: int, call: Call, said: Mapping[str, Value | None], room: Room) -> Row:
    return _statement(row, call, said, room) | {"account": call.account}


def _statement(row: int, call: Call, said: Mapping[str, Value | None], room: Room) -> dict[str, object]:
    cells, rest = dict[str, object](), dict[str, object]()
    for key, value in said.items():
        own = {f"{key}:unset": True} if value is None else dict(twins_of(key, value))
        if room.has(tuple(own), trusted=call.trusted):
            cells.update(own)
        else:
            rest[key] = None if value is None else value.said
    told = {REST: rest_of(rest)} if rest else {}
    return {**_whose(call), "row": row, "trusted": call.trusted, "digest": call.id, **told, **cells}


def _links(call: Call) -> bool:
    """Say whether a call names somebody by more than one identifier."""
    return (call.user, call.device, call.previous, call.email, call.crm_id).count(None) < 4


def _told(call: Call) -> Row:
    return {**_whose(call), "previous": call.previous, "email": call.email, "crm": call.crm_id}


def _type(column: str) -> str:
    return TWIN_TYPES[column.rpartition(":")[2]]


# Rows of history: the identifier's key instead of its text


NAMED = (
    'JOIN named n ON n.value = coalesce(t."user", t.device) AND '
    "n.kind = CASE WHEN t.\"user\" IS NULL THEN 'anonymous' ELSE 'user' END"
)


def _store_acts(writer: HistoryWriter) -> None:
    _store(writer, "events", "acts", {}, (DIGEST, REST), "NOT t.aside")
    _store(writer, "set_aside", "acts", {}, (DIGEST, REST), "t.aside")


def _store_stated(writer: HistoryWriter, kind: str, table: str) -> None:
    (count,) = writer.con.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
    first = writer.take_sequence(count)
    _store(writer, kind, table, {"seq": f"row_number() OVER (ORDER BY t.row) + {first - 1}"}, (REST,))


def _store(
    writer: HistoryWriter,
    kind: str,
    table: str,
    made: Mapping[str, str],
    further: Sequence[str] = (),
    where: str = "TRUE",
) -> None:
    base = [f"{made.get(name, 'n.who' if name == 'who' else f't.{name}')} AS {quoted(name)}" for name in BASE[kind]]
    twins = [f"t.{quoted(name)}" for name in described(writer.con, table) if ":" in name or name in further]
    writer.con.execute(
        f"CREATE OR REPLACE TABLE finished AS SELECT {', '.join([*base, *twins])} FROM {table} t {NAMED} WHERE {where}"
    )
    writer.store(kind, "finished")
