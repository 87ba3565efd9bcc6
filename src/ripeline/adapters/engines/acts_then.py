"""What people had done by moments of the past, counted by day."""

from collections.abc import Sequence
from typing import Final

from ripeline.adapters.columnar.columns import EVENTS, text_of
from ripeline.adapters.columnar.store import Store
from ripeline.learning.acts import Acts, Done, Kind
from ripeline.learning.arrays import Whole
from ripeline.learning.traits import is_writable
from ripeline.scoring.dialects import DUCKDB
from ripeline.scoring.evaluate import ALWAYS
from ripeline.scoring.sql.frame import Frame
from ripeline.scoring.sql.signals import MINUTE_US
from ripeline.vocabulary.calendar import NEVER, OLDEST_AGE
from ripeline.vocabulary.visits import SILENCE_US

MOST_KINDS: Final = 60
"""Of more things that people do, those count that most people did."""

LEAST_PEOPLE: Final = 20
"""What fewer people did is no evidence of anything."""

MOST_VALUES: Final = 20
"""Of a field with more values than this, those count that most people had."""

ANYWHERE: Final = ("context.page.path", "context.campaign.name", "context.campaign.source", "context.campaign.medium")
"""Fields that say the same of whatever was done: where, and by which way people came."""

_READ = "events_then"


def acts_then(store: Store, frame: Frame, ignored: Sequence[str]) -> Acts | None:
    """Return what was done by each snapshot; None where nothing was.

    `reach` tells whose history it is, `subjects` since when each is known.
    """
    _load_events(store, ignored)
    kinds = _kinds(store)
    if not kinds:
        return None
    marked = " UNION ALL ".join(_marked(kind, place) for place, kind in enumerate(kinds))
    found = store.con.execute(_by_day(frame, marked)).fetchnumpy()
    done = Done(*(found[name] for name in ("subject", "age", "times", "visits", "minutes")))
    return Acts(tuple(kinds), found["kind"], done, _known_for(store))


def _by_day(frame: Frame, marked: str) -> str:
    """Select what was done of each kind by days, as scoring.measure counts it: a visit belongs to its first day."""
    done = (
        f"SELECT m.kind, r.subject, greatest(0, r.today - {frame.any_day('m.ts')}) AS age, m.ts FROM ({marked}) m JOIN reach r "
        "ON m.who = r.who AND m.ts >= r.from_us AND m.ts < r.until_us "
        "WHERE m.ts <= r.as_of_us AND m.seen_from <= r.as_of_us AND r.as_of_us < m.seen_until"
    )
    each = "PARTITION BY kind, subject ORDER BY ts"
    opened = f"SELECT *, ts - lag(ts) OVER ({each}) <= {SILENCE_US} IS NOT TRUE AS opens FROM ({done})"
    numbered = f"SELECT *, sum(CAST(opens AS INTEGER)) OVER ({each} ROWS UNBOUNDED PRECEDING) AS visit FROM ({opened})"
    lasted = f"SELECT *, max(ts) OVER (PARTITION BY kind, subject, visit) - ts AS lasted FROM ({numbered})"
    return (
        "SELECT CAST(kind AS BIGINT) AS kind, subject, age, CAST(count(*) AS BIGINT) AS times, "
        "CAST(count(*) FILTER (WHERE opens) AS BIGINT) AS visits, "
        f"CAST(coalesce(sum(lasted) FILTER (WHERE opens), 0) // {MINUTE_US} AS BIGINT) AS minutes "
        f"FROM ({lasted}) WHERE age <= {OLDEST_AGE} GROUP BY kind, subject, age ORDER BY 1, 2, 3"
    )


def _load_events(store: Store, ignored: Sequence[str]) -> None:
    """Make a table of what those asked for had done by their last snapshot, with the time while it was known to count.

    An event counts from when it is known until it is known to be nobody's act, and again where that was taken back.
    """
    all_acts = "(SELECT * FROM stored_events UNION ALL BY NAME SELECT * FROM stored_set_aside)"
    columns = ", ".join(DUCKDB.name_of(name) for name in store.columns["events"] - EVENTS.keys())
    more, left_out = f", {columns}" if columns else "", ", ".join(map(text_of, ["\0", *ignored]))
    judged = (
        "SELECT id, known AS seen_from, aside, lead(known, 1, ?) OVER (PARTITION BY id ORDER BY known, "
        "coalesce(decided, 0)) AS seen_until FROM judgements"
    )
    store.con.execute(
        f"CREATE OR REPLACE TABLE {_READ} AS WITH last AS (SELECT who, max(as_of_us) AS last_us FROM reach GROUP BY who), "
        f"near AS (SELECT a.* FROM {all_acts} a JOIN last l ON l.who = a.who WHERE a.ts <= l.last_us AND a.known <= l.last_us "
        f"AND coalesce(a.name, '') NOT IN ({left_out})), "
        f"judged AS ({judged}), first AS (SELECT id, min(seen_from) AS judged FROM judged GROUP BY id) "
        f"SELECT who, ts, type, name, n.known AS seen_from, coalesce(f.judged, ?) AS seen_until{more} "
        "FROM near n LEFT JOIN first f ON f.id = n.id UNION ALL "
        f"SELECT who, ts, type, name, greatest(n.known, j.seen_from), j.seen_until{more} "
        "FROM near n JOIN judged j ON j.id = n.id WHERE NOT j.aside",
        [NEVER, NEVER],
    )


def _kinds(store: Store) -> list[Kind]:
    """Return what enough people did: by name, then everything of a type, then by the values of fields."""
    names = store.con.execute(
        f"SELECT type, name, count(DISTINCT who) AS people FROM {_READ} WHERE name <> '' GROUP BY ALL "
        f"HAVING people >= {LEAST_PEOPLE} ORDER BY people DESC, 1, 2 LIMIT {MOST_KINDS}"
    ).fetchall()
    types = store.con.execute(
        f"SELECT type, count(DISTINCT coalesce(name, '')) FROM {_READ} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    named = [Kind(type_, name) for type_, name, _ in names if is_writable(name)]
    whole = [Kind(type_) for type_, many in types if many > 1 or not any(kind.type == type_ for kind in named)]
    every = [Kind("any")] if len(types) > 1 else []
    return [*named, *whole, *every, *_values(store, named)][:MOST_KINDS]


def _values(store: Store, named: Sequence[Kind]) -> list[Kind]:
    """Return frequent values of fields: of each named thing, and of some fields of whatever was done."""
    fields = [
        (label.rpartition(":")[0], label.endswith(":boolean"))
        for label in sorted(store.columns["events"])
        if label.endswith((":text", ":boolean"))
    ]
    names = ", ".join(text_of(kind.name or "") for kind in named)
    found = [one for field in fields for one in _of_field(store, *field, "type, name", f"name IN ({names or 'NULL'})")]
    for field, is_boolean in fields:
        if field in ANYWHERE:
            found += _of_field(store, field, is_boolean, "'any' AS type, NULL AS name", "TRUE")
    return [kind for _, kind in sorted(found, key=lambda one: (-one[0], one[1]._replace(name=one[1].name or "")))]


def _of_field(store: Store, field: str, is_boolean: bool, of: str, where: str) -> list[tuple[int, Kind]]:  # noqa: FBT001 - as the field is
    """Return values that enough people had, and those of them not all, with how many had. of: what is told apart."""
    column = DUCKDB.name_of(f"{field}:{'boolean' if is_boolean else 'text'}")
    counted = (
        f"SELECT {of}, CAST({column} AS VARCHAR) AS value, count(DISTINCT who) AS people FROM {_READ} "
        f"WHERE {column} IS NOT NULL AND {where} GROUP BY ALL"
    )
    window = "PARTITION BY type, name"
    rows = store.con.execute(
        f"SELECT type, name, value, people FROM (SELECT *, count(*) OVER ({window}) AS many, "
        f"row_number() OVER ({window} ORDER BY people DESC, value) AS place FROM ({counted})) "
        f"WHERE many > 1 AND place <= {MOST_VALUES} AND people >= {LEAST_PEOPLE}"
    ).fetchall()
    return [
        (people, Kind(type_, name, field, value, is_boolean))
        for type_, name, value, people in rows
        if is_writable(value)
    ]


def _marked(kind: Kind, place: int) -> str:
    """Return SQL of the events that are of a kind."""
    where = ["TRUE"]
    if kind.type != "any":
        where.append(f"type = {text_of(kind.type)}")
    if kind.name is not None:
        where.append(f"name = {text_of(kind.name)}")
    if kind.field is not None:
        column = DUCKDB.name_of(f"{kind.field}:{'boolean' if kind.is_boolean else 'text'}")
        where.append(f"{column} = {kind.value if kind.is_boolean else text_of(kind.value)}")
    return f"SELECT {place} AS kind, who, ts, seen_from, seen_until FROM {_READ} WHERE {' AND '.join(where)}"


def _known_for(store: Store) -> Whole:
    """Return of each snapshot for how many days its lead was known; more than all windows where nothing is dated."""
    days = f"CASE WHEN since_day = {ALWAYS} THEN {OLDEST_AGE + 1} ELSE greatest(0, today - since_day) END"
    found = store.con.execute(f"SELECT CAST({days} AS BIGINT) AS days FROM subjects ORDER BY subject").fetchnumpy()
    known: Whole = found["days"]
    return known
