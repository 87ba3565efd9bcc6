"""Events from a file into history: each once, whoever sends the file again."""

from collections.abc import Mapping

from ripeline.adapters.columnar.columns import BASE, described, quoted, text_of
from ripeline.adapters.history.erasing import refuse_erased
from ripeline.adapters.history.typed_rows import (
    UNIT,
    TimeColumn,
    add_twins,
    plain,
    refused,
    said,
    time_problems,
    timed_rows,
)
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.ports.files import EventFile
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.history import EVENT_TYPES
from ripeline.vocabulary.issues import InputError, did_you_mean

Rejects = list[tuple[int, str, str]]


def import_events(
    writer: HistoryWriter, kinds: Mapping[str, str], how: EventFile, source: str, zone: Zone
) -> tuple[int, Rejects]:
    """Store the events of `source_rows`; return how many were new, and the rows that were refused."""
    for column in (how.lead, how.name, how.time, how.id, how.known_at):
        _must_be_there(kinds, column)
    times = [TimeColumn("ts", how.time or "", needed=True)]
    if how.known_at:
        times.append(TimeColumn("known", how.known_at, needed=False))
    keys = _property_keys(kinds, how)
    texts = {
        "lead": plain(kinds, how.lead or ""),
        "type": _type(kinds, how),
        "name": plain(kinds, how.name) if how.name else text_of(how.event or ""),
        "given_id": plain(kinds, how.id) if how.id else "CAST(NULL AS VARCHAR)",
        "said": said(list(keys)),
    }
    timed_rows(writer.con, kinds, zone, texts, times)
    _judge(writer, times, source)
    rejects = refused(writer.con, kinds)
    _identify(writer)
    known = '"known us"' if how.known_at else '"ts us"'
    fresh = _only_new(writer, known)
    if fresh:
        writer.name_identifiers("fresh_events", [("'user'", "lead")])
        _finish(writer, kinds, keys, source, known)
        writer.store("events", "finished")
    return fresh, rejects


def _must_be_there(kinds: Mapping[str, str], column: str | None) -> None:
    if column is not None and column not in kinds:
        raise InputError(f'the file has no column "{column}"; {did_you_mean(column, kinds)}')


def _type(kinds: Mapping[str, str], how: EventFile) -> str:
    if how.type is None:
        return "'track'"
    if how.type in kinds:
        return f"coalesce(lower({plain(kinds, how.type)}), 'track')"
    if how.type in EVENT_TYPES:
        return text_of(how.type)
    allowed = f"{', '.join(EVENT_TYPES)} or a column: {did_you_mean(how.type, kinds)}"
    raise InputError(f'--type "{how.type}" is neither an event type nor a column; allowed: {allowed}')


def _property_keys(kinds: Mapping[str, str], how: EventFile) -> dict[str, str]:
    used = {how.lead, how.name, how.time, how.id, how.known_at, how.type}
    return {column: field_of(column) for column in kinds if column not in used}


def field_of(column: str) -> str:
    """Return the field of an event that a column becomes: `properties.x` unless it says otherwise."""
    if column.startswith(("properties.", "context.")):
        return column
    return f'properties."{column}"' if "." in column else f"properties.{column}"


def _judge(writer: HistoryWriter, times: list[TimeColumn], source: str) -> None:
    """Make the table `judged` in one pass: what is wrong with a row, and the hash that tells it from others.

    The hash is of the given id, else of all the row says.
    """
    types = ", ".join(map(text_of, EVENT_TYPES))
    branches = [
        "WHEN lead IS NULL THEN 'no lead'",
        f"WHEN type NOT IN ({types}) THEN 'unknown type: ' || type",
        "WHEN name IS NULL AND type = 'track' THEN 'no event name'",
        *time_problems(times),
    ]
    given = f"{text_of(source)} || {UNIT} || given_id"
    content = f"concat_ws({UNIT}, {text_of(source)}, lead, type, coalesce(name, ''), CAST(\"ts us\" AS VARCHAR), said)"
    left_out = ["said", "given_id", *(quoted(time.name + " text") for time in times)]
    writer.con.execute(
        f"CREATE OR REPLACE TABLE judged AS SELECT * EXCLUDE ({', '.join(left_out)}), given_id IS NOT NULL AS named, "
        f"CAST(md5(CASE WHEN given_id IS NOT NULL THEN {given} ELSE {content} END) AS UUID) AS hash, "
        f"CASE {' '.join(branches)} END AS problem FROM timed"
    )
    refuse_erased(writer, writer.tombstones, {"lead": "user"})


def _identify(writer: HistoryWriter) -> None:
    """Make the view `told_acts`: every good row once, with its id, which counts its place among equal rows.

    Rows with a given id are there once; of the others, few are repeated, so only those are numbered.
    """
    numbered = f"CAST(md5(replace(CAST(hash AS VARCHAR), '-', '') || {UNIT} || CAST(ordinal AS VARCHAR)) AS UUID)"
    writer.con.execute(
        f"CREATE OR REPLACE TABLE repeated AS SELECT line, named, {numbered} AS id FROM (SELECT line, named, hash, "
        "row_number() OVER (PARTITION BY hash ORDER BY line) AS ordinal FROM judged WHERE problem IS NULL AND hash IN "
        "(SELECT hash FROM judged WHERE problem IS NULL GROUP BY hash HAVING count(*) > 1)) WHERE ordinal > 1"
    )
    writer.con.execute(
        "CREATE OR REPLACE VIEW told_acts AS SELECT j.* EXCLUDE (named, hash, problem), coalesce(r.id, j.hash) AS id "
        "FROM judged j LEFT JOIN repeated r ON r.line = j.line WHERE j.problem IS NULL AND r.named IS NOT TRUE"
    )


def _only_new(writer: HistoryWriter, known: str) -> int:
    """Make the view `fresh_events` of what history does not have yet; return how many.

    History is looked through once, for the lines that are known; usually those are none or all.
    """
    writer.con.execute(
        f'CREATE OR REPLACE TABLE known_lines AS SELECT i.line, i.id, e.who, e.ts, coalesce(i.{known}, i."ts us") AS '
        f"known FROM told_acts i JOIN {writer.acts()} e ON e.id = i.id"
    )
    writer.note_again("events", "SELECT id, who, ts, known FROM known_lines")
    writer.con.execute(
        "CREATE OR REPLACE VIEW fresh_events AS SELECT * FROM told_acts i "
        "WHERE NOT EXISTS (SELECT 1 FROM known_lines k WHERE k.line = i.line)"
    )
    (count,) = writer.con.execute(
        "SELECT (SELECT count(*) FROM judged WHERE problem IS NULL) - (SELECT count(*) FROM repeated WHERE named) - "
        "(SELECT count(*) FROM known_lines)"
    ).fetchall()[0]
    return int(count)


def _finish(writer: HistoryWriter, kinds: Mapping[str, str], keys: Mapping[str, str], source: str, known: str) -> None:
    add_twins(writer.con, "fresh_events", kinds, keys)
    base = {
        "who": "n.who",
        "ts": 't."ts us"',
        "known": f'coalesce(t.{known}, t."ts us")',
        "trusted": "TRUE",
        "type": "t.type",
        "name": "t.name",
        "id": "t.id",
        "source": text_of(source),
    }
    columns = [f"{base[name]} AS {quoted(name)}" for name in BASE["events"]]
    twins = [f"t.{quoted(name)}" for name in described(writer.con, "typed") if ":" in name]
    writer.con.execute(
        f"CREATE OR REPLACE TABLE finished AS SELECT {', '.join([*columns, *twins])} FROM typed t "
        "JOIN named n ON n.value = t.lead AND n.kind = 'user'"
    )
