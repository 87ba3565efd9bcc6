"""Histories made in Python (cases, tests) into history files, by the same columns as every import."""

from collections.abc import Iterator, Mapping

from ripeline.adapters.columnar.columns import BASE, TWIN_TYPES
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.scoring.profile import UNDATED
from ripeline.vocabulary.derived import email_domain
from ripeline.vocabulary.history import Event, GroupLink, LeadHistory, Statement
from ripeline.vocabulary.values import TWINS, Value

Row = dict[str, object]


def store_histories(writer: HistoryWriter, leads: Mapping[str, LeadHistory]) -> None:
    """Store whole histories by lead; the caller commits. Links are not stored: each lead is one user."""
    keys = {lead: number for number, lead in enumerate(leads, start=1)}
    identifiers = ({"who": keys[lead], "kind": "user", "value": lead} for lead in leads)
    _store(writer, "identifiers", identifiers)
    events = [_event(keys[lead], event) for lead, history in leads.items() for event in history.events]
    _store(writer, "events", ({"id": _uuid(number), "source": "records", **row} for number, row in enumerate(events)))
    traits = [_statement(keys[lead], one) for lead, history in leads.items() for one in history.statements]
    _store(writer, "traits", ({"source": "records", "digest": "", **row} for row in traits))
    grouped = ((keys[lead], link) for lead, history in leads.items() for link in history.group_links)
    _store(writer, "group_links", (_group_link(who, link) for who, link in grouped))
    answered = ((keys[lead], at) for lead, history in leads.items() for at in history.answered_us)
    _store(writer, "dispositions", (_disposition(number, who, at) for number, (who, at) in enumerate(answered)))


def _store(writer: HistoryWriter, kind: str, rows: Iterator[Row]) -> None:
    known = list(rows)
    twins = {name: _twin_type(name) for row in known for name in row if name not in BASE[kind]}
    load(writer.con, "records", {**BASE[kind], **twins}, known)
    writer.store(kind, "records")


def _twin_type(column: str) -> str:
    return TWIN_TYPES[column.rpartition(":")[2]]


def _uuid(number: int) -> str:
    return f"{number:032x}"


def _event(who: int, event: Event) -> Row:
    row: Row = {
        "who": who,
        "ts": event.time_us,
        "known": event.known_us,
        "trusted": event.trusted,
        "type": event.type,
        "name": event.name,
    }
    for key, value in event.fields.items():
        row.update(_twins(key, value))
    return row


def _statement(who: int, statement: Statement) -> Row:
    ts = UNDATED if statement.time_us is None else statement.time_us
    row: Row = {
        "who": who,
        "ts": ts,
        "known": ts if statement.known_us is None else statement.known_us,
        "seq": statement.sequence,
        "trusted": statement.trusted,
    }
    for key, value in statement.traits.items():
        row.update({f"{key}:unset": True} if value is None else _twins(key, value))
        if key == "email" and value is not None and value.text is not None:
            row["email:domain"] = email_domain(value.text)
    return row


def _group_link(who: int, link: GroupLink) -> Row:
    row: Row = {"who": who, "account": link.account, "ts": link.time_us, "known": link.known_us}
    return row | {"id": link.id, "trusted": link.trusted, "source": "records"}


def _disposition(number: int, who: int, at: int) -> Row:
    """An answer that was known when it was given; of records nobody asks what it was."""
    row: Row = {"id": _uuid(number), "who": who, "ts": at, "known": at}
    return row | {"answer": "accepted", "by": "records", "reason": ""}


def _twins(key: str, value: Value) -> Row:
    found = {f"{key}:{twin}": getattr(value, twin) for twin in TWINS}
    return {name: twin for name, twin in found.items() if twin is not None}
