"""JSON Lines of tracking calls (track, page, screen, identify, alias, group) into history, no column names needed.

Calls that carry a user and an anonymous id tie that device to that user from then on; see identity.ties. The traits of a
group call are its account's.
"""

from collections.abc import Mapping

from ripeline.adapters.columnar.columns import BASE, described, quoted, text_of
from ripeline.adapters.history.erasing import refuse_erased
from ripeline.adapters.history.import_leads import add_domains
from ripeline.adapters.history.linking import TOLD, TOLD_IDENTIFIERS, read_addresses, store_links
from ripeline.adapters.history.typed_rows import (
    ROWS,
    UNIT,
    TimeColumn,
    add_twins,
    refused,
    said,
    time_problems,
    timed_rows,
)
from ripeline.adapters.history.typed_rows import plain as plain_of
from ripeline.adapters.history.writer import HistoryWriter
from ripeline.intake.calls import BLOCKED, LONGEST_ID
from ripeline.vocabulary.calendar import Zone

Rejects = list[tuple[int, str, str]]
TIMES = ("timestamp", "originalTimestamp", "sentAt")
"""Where a call tells its time; the first that is there counts."""

NESTED_TRAITS = "context.traits."
ACCOUNT_TRAITS = "account traits."
"""Before the names of what a group call states of its account, among the columns of calls."""

TOLD_EMAIL = "told.email"
NAMES = {"user": "user", "email": "email", "crm": "crm", "device": "anonymous", "previous": "anonymous"}
"""Columns that name the person of a call, each with its kind."""

ACTS = "('track', 'page', 'screen')"
USED = frozenset(
    {"type", "event", "name", "userId", "anonymousId", "previousId", "messageId", "receivedAt", TOLD_EMAIL, *TIMES}
)


def import_calls(
    writer: HistoryWriter, kinds: Mapping[str, str], source: str, zone: Zone
) -> tuple[Mapping[str, int], Rejects]:
    """Store the calls of `source_rows`; return how many events, statements and links were new, and the refused."""
    kinds = _tidied(writer, kinds)
    times = [TimeColumn("ts", "timestamp", needed=True)]
    if "receivedAt" in kinds:
        times.append(TimeColumn("known", "receivedAt", needed=False))
    timed_rows(writer.con, kinds, zone, _texts(kinds), times)
    rejects = _judge(writer, kinds, times, known="receivedAt" in kinds)
    _tell(writer, source)
    writer.name_identifiers("told", TOLD_IDENTIFIERS)
    return {
        "events": _store_events(writer, kinds, source),
        "statements": _store_traits(writer, kinds, source),
        "group links": _store_group_links(writer, source),
        "account statements": _store_account_traits(writer, kinds, source),
        "links": store_links(writer),
    }, rejects


def _tidied(writer: HistoryWriter, kinds: Mapping[str, str]) -> Mapping[str, str]:
    """Give every row one time, and its traits one place: identify may carry them at the top or in its context."""
    there = [_said(name) for name in TIMES if name in kinds]
    at = f"coalesce({', '.join(there)})" if there else "CAST(NULL AS VARCHAR)"
    columns = {name: quoted(name) for name in kinds if not name.startswith(NESTED_TRAITS)}
    columns |= _of_accounts(kinds)
    for name in kinds:
        if name.startswith(NESTED_TRAITS):
            top = "traits." + name.removeprefix(NESTED_TRAITS)
            columns[top] = f"coalesce({columns[top]}, {quoted(name)})" if top in kinds else quoted(name)
    columns["timestamp"] = at
    columns |= _emails(columns)
    selected = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())
    writer.con.execute(f"CREATE OR REPLACE VIEW source_rows AS SELECT line, {selected} FROM read_rows")
    return dict.fromkeys(columns, "json")


def _of_accounts(kinds: Mapping[str, str]) -> dict[str, str]:
    """Return the traits that calls carry at the top: of the account in a group call, of the person in all others."""
    if "groupId" not in kinds or "type" not in kinds:
        return {}
    group, columns = f"lower({quoted('type')}) = '\"group\"'", dict[str, str]()
    for name in (name for name in kinds if name.startswith("traits.")):
        columns[name] = f"CASE WHEN NOT {group} THEN {quoted(name)} END"
        columns[ACCOUNT_TRAITS + name.removeprefix("traits.")] = f"CASE WHEN {group} THEN {quoted(name)} END"
    return columns


def _emails(columns: Mapping[str, str]) -> dict[str, str]:
    """Return where a call tells its person's address; a form that nobody known filled in states it as a trait does."""
    stated, there = columns.get("traits.email", "NULL"), "properties.email" in columns and "type" in columns
    nobody = f"coalesce({quoted('userId')}, 'null') IN ('null', '\"\"')" if "userId" in columns else "TRUE"
    acted = f"lower({quoted('type')}) = '\"track\"'" if there else "FALSE"
    form = f"CASE WHEN {acted} AND {nobody} THEN {quoted('properties.email')} END" if there else "NULL"
    told = f"CAST(coalesce({stated}, {form}) AS VARCHAR)"
    return {"traits.email": f"CAST(CASE WHEN {acted} THEN {form} ELSE {stated} END AS VARCHAR)", TOLD_EMAIL: told}


def _said(column: str) -> str:
    return f"nullif({quoted(column)}, 'null')"


def _texts(kinds: Mapping[str, str]) -> dict[str, str]:
    def plain(column: str) -> str:
        return plain_of(kinds, column) if column in kinds else "CAST(NULL AS VARCHAR)"

    return {
        "call": f"lower({plain('type')})",
        "name": f"coalesce({plain('event')}, {plain('name')})",
        "user": plain("userId"),
        "device": plain("anonymousId"),
        "previous": plain("previousId"),
        "email": plain(TOLD_EMAIL),
        "crm": plain("traits.crm_id"),
        "account": _somebody(plain("groupId")),
        "given_id": plain("messageId"),
        "said": said([column for column in kinds if column not in USED]),
    }


def _somebody(text: str) -> str:
    """Return SQL of an identifier, NULL where it stands for nobody."""
    blocked, named = ", ".join(map(text_of, sorted(BLOCKED))), f"trim({text})"
    somebody = f"lower({named}) NOT IN ({blocked}) AND trim({named}, '0-') <> '' AND length({named}) <= {LONGEST_ID}"
    return f"CASE WHEN {somebody} THEN {named} END"


def _judge(writer: HistoryWriter, kinds: Mapping[str, str], times: list[TimeColumn], *, known: bool) -> Rejects:
    branches = [
        "WHEN call IS NULL THEN 'no type'",
        f"WHEN call NOT IN ('identify', 'alias', 'group') AND call NOT IN {ACTS} THEN 'unknown type: ' || call",
        "WHEN \"user\" IS NULL AND device IS NULL THEN 'neither userId nor anonymousId'",
        "WHEN call = 'track' AND name IS NULL THEN 'no event name'",
        "WHEN call = 'group' AND account IS NULL THEN 'no groupId'",
        *time_problems(times),
    ]
    known_at = 'coalesce("known us", "ts us")' if known else '"ts us"'
    writer.con.execute(
        f"CREATE OR REPLACE TABLE judged AS SELECT *, {known_at} AS known, CASE {' '.join(branches)} END AS problem FROM timed"
    )
    refuse_erased(writer, writer.tombstones, NAMES)
    writer.con.execute("CREATE OR REPLACE TABLE good AS SELECT * FROM judged WHERE problem IS NULL")
    return refused(writer.con, kinds)


def _identified(writer: HistoryWriter, source: str, table: str, where: str) -> None:
    """Make a table of calls with their identifier and id; calls without a message id are told apart by content."""
    content = f'concat_ws({UNIT}, {text_of(source)}, call, "user", device, name, CAST("ts us" AS VARCHAR), said)'
    given = f"md5({text_of(source)} || {UNIT} || given_id)"
    writer.con.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM (SELECT *, CAST(CASE WHEN ordinal > 1 AND given_id IS NULL "
        f"THEN md5(hash || {UNIT} || CAST(ordinal AS VARCHAR)) ELSE hash END AS UUID) AS id FROM (SELECT *, row_number() "
        f"OVER (PARTITION BY hash ORDER BY line) AS ordinal FROM (SELECT g.*, n.who, CASE WHEN given_id IS NOT NULL THEN "
        f'{given} ELSE md5({content}) END AS hash FROM good g JOIN named n ON n.value = coalesce(g."user", g.device) AND '
        f"n.kind = CASE WHEN g.\"user\" IS NULL THEN 'anonymous' ELSE 'user' END WHERE {where}))) "
        "WHERE given_id IS NULL OR ordinal = 1"
    )


def _store_events(writer: HistoryWriter, kinds: Mapping[str, str], source: str) -> int:
    _identified(writer, source, "acts", f"call IN {ACTS}")
    writer.con.execute(
        f"CREATE OR REPLACE TABLE known_acts AS SELECT id FROM {writer.acts()} SEMI JOIN acts USING (id)"
    )
    writer.con.execute("CREATE OR REPLACE TABLE fresh_rows AS SELECT * FROM acts ANTI JOIN known_acts USING (id)")
    writer.note_again("events", 'SELECT id, who, "ts us" AS ts, known FROM acts SEMI JOIN known_acts USING (id)')
    keys = {column: column for column in kinds if column.startswith(("properties.", "context."))}
    add_twins(writer.con, "fresh_rows", kinds, keys)
    base = {
        "who": "t.who",
        "ts": 't."ts us"',
        "known": "t.known",
        "trusted": "TRUE",
        "type": "t.call",
        "name": "t.name",
        "id": "t.id",
        "source": text_of(source),
    }
    _finish(writer, "events", base, [])
    return writer.store("events", "finished")


def _store_traits(writer: HistoryWriter, kinds: Mapping[str, str], source: str) -> int:
    forms = "call = 'track' AND line IN (SELECT line FROM told WHERE \"user\" IS NULL AND address IS NOT NULL)"
    _identified(writer, source, "identified", f"call = 'identify' OR {forms}")
    base = _stated(writer, kinds, source, "traits", "traits.")
    has_mail = "email:text" in described(writer.con, "typed")
    if has_mail:
        add_domains(writer)
    _finish(writer, "traits", base, ['d.domain AS "email:domain"'] if has_mail else [])
    return writer.store("traits", "finished")


def _stated(writer: HistoryWriter, kinds: Mapping[str, str], source: str, kind: str, prefix: str) -> Mapping[str, str]:
    """Make `typed` of the statements in `identified` that are new; return the fixed columns of a kind of statements."""
    keys = {column: _trait(column.removeprefix(prefix)) for column in kinds if column.startswith(prefix)}
    told = (
        f"(SELECT 1 FROM {writer.view(kind)} t WHERE t.source = {text_of(source)} AND t.digest = CAST(a.id AS VARCHAR))"
    )
    writer.con.execute(f"CREATE OR REPLACE TABLE fresh_rows AS SELECT * FROM identified a WHERE NOT EXISTS {told}")
    writer.note_again(
        kind,
        f'SELECT who, account, "ts us" AS ts, known, CAST(id AS VARCHAR) AS digest FROM identified a WHERE EXISTS {told}',
    )
    (count,) = writer.con.execute("SELECT count(*) FROM fresh_rows").fetchall()[0]
    add_twins(writer.con, "fresh_rows", kinds, keys)
    return {
        "who": "t.who",
        "account": "t.account",
        "ts": 't."ts us"',
        "known": "t.known",
        "seq": f"row_number() OVER (ORDER BY t.line) + {writer.take_sequence(count) - 1}",
        "trusted": "TRUE",
        "source": text_of(source),
        "digest": "CAST(t.id AS VARCHAR)",
    }


def _store_group_links(writer: HistoryWriter, source: str) -> int:
    _identified(writer, source, "grouped", "call = 'group'")
    known = f"(SELECT id FROM {writer.view('group_links')})"
    writer.con.execute(
        f'CREATE OR REPLACE TABLE finished AS SELECT who, account, "ts us" AS ts, known, TRUE AS trusted, id, '
        f"{text_of(source)} AS source FROM grouped ANTI JOIN {known} USING (id)"
    )
    writer.note_again(
        "group_links", f'SELECT who, account, "ts us" AS ts, known, id FROM grouped SEMI JOIN {known} USING (id)'
    )
    return writer.store("group_links", "finished")


def _store_account_traits(writer: HistoryWriter, kinds: Mapping[str, str], source: str) -> int:
    stating = [f"s.{quoted(column)} IS NOT NULL" for column in kinds if column.startswith(ACCOUNT_TRAITS)]
    said = f"line IN (SELECT line FROM {ROWS} s WHERE {' OR '.join(stating) or 'FALSE'})"
    _identified(writer, source, "identified", f"call = 'group' AND {said}")
    base = _stated(writer, kinds, source, "account_traits", ACCOUNT_TRAITS)
    _finish(writer, "account_traits", base, [])
    return writer.store("account_traits", "finished")


def _trait(name: str) -> str:
    """Return a trait's name; one with dots in it is quoted only as part of a longer one."""
    return name.strip('"') if name.count('"') == 2 and name[0] == name[-1] == '"' else name


def _finish(writer: HistoryWriter, kind: str, base: Mapping[str, str], more: list[str]) -> None:
    columns = [f"{base[name]} AS {quoted(name)}" for name in BASE[kind]]
    twins = [f"t.{quoted(name)}" for name in described(writer.con, "typed") if ":" in name]
    join = 'LEFT JOIN domains d ON d.raw = t."email:text"' if more else ""
    writer.con.execute(
        f"CREATE OR REPLACE TABLE finished AS SELECT {', '.join([*columns, *twins, *more])} FROM typed t {join}"
    )


def _tell(writer: HistoryWriter, source: str) -> None:
    """Make the table `told` of the calls that are good."""
    columns = ", ".join(f'"{name}"' for name in TOLD if name not in {"ts", "source"})
    writer.con.execute(
        f'CREATE OR REPLACE TABLE told_rows AS SELECT line, {columns}, "ts us" AS ts, {text_of(source)} AS source FROM good'
    )
    read_addresses(writer, "told_rows")
