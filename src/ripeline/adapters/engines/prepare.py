"""The tables beside history that a plan's SQL reads: subjects, ties, weights and look-ups."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ripeline.adapters.columnar.columns import TWIN_TYPES
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.identity.ties import EVER, NEVER, Belonging, Tie, belongings
from ripeline.plan.nodes import Plan
from ripeline.ports import Asked
from ripeline.scoring.dialects import DUCKDB
from ripeline.scoring.evaluate import ALWAYS, NOBODY_YET
from ripeline.scoring.measure import MOST_A_DAY
from ripeline.scoring.profile import UNDATED, derive
from ripeline.scoring.sql.frame import LOOKUP_TWINS, SOURCES, Facts, Frame, Moment
from ripeline.vocabulary.derived import Tables, email_kind
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.values import Value, typed

MOST_LISTED = 5
"""How many leads an error names."""

BELONGINGS = {"who": "BIGINT", "from_us": "BIGINT", "until_us": "BIGINT", "person": "BIGINT"}
REACH = {
    "subject": "BIGINT",
    "who": "BIGINT",
    "from_us": "BIGINT",
    "until_us": "BIGINT",
    "as_of_us": "BIGINT",
    "today": "BIGINT",
}


def prepare(store: Store, plan: Plan, asked: Asked) -> Frame:
    """Make the tables for a plan and what is asked; return the frame its SQL is written for.

    Raises InputError where a lead that is asked for is not in the history at all.
    """
    ties = store.ties(asked.known_us)
    moment = Moment(asked.as_of_us, asked.known_us, each=asked.rows is not None)
    facts = Facts(
        event_columns=store.columns["events"],
        trait_columns=store.columns["traits"],
        earliest_us=store.earliest_us,
        tied=bool(ties),
        all_trusted=store.all_trusted(),
    )
    frame = Frame(plan, facts, moment, DUCKDB)
    if asked.rows is None:
        _load_tied(store, belongings(tie for tie in ties if tie.time_us <= asked.as_of_us))
    else:
        _load_reach(store, plan, asked.rows, ties)
    crowded = _load_subjects(store, frame)
    _load_units(store, plan)
    _load_lookups(store, plan.tables)
    calm = Facts(**{name: getattr(facts, name) for name in Facts.__slots__} | {"crowded": crowded})
    return Frame(plan, calm, moment, DUCKDB)


# Whose history is whose


def _load_tied(store: Store, found: Iterable[Belonging]) -> None:
    rows = (
        {"who": one.identifier, "from_us": one.from_us, "until_us": one.until_us, "person": one.person}
        for one in found
    )
    load(store.con, "tied", BELONGINGS, rows)


def _load_reach(store: Store, plan: Plan, rows: Sequence[tuple[str, int]], ties: list[Tie]) -> None:
    """For every (lead, instant): which identifiers were that person's, and when."""
    leads = _keys_of_leads(store, {lead for lead, _ in rows})
    by_device, by_user = defaultdict(list), defaultdict(set)
    for tie in sorted(ties):
        by_device[tie.device].append(tie)
        by_user[tie.user].add(tie.device)

    def reach() -> Iterator[dict[str, int]]:
        for subject, (lead, as_of_us) in enumerate(rows):
            for one in _belonging_to(leads[lead], as_of_us, by_device, by_user):
                yield {
                    "subject": subject,
                    "who": one.identifier,
                    "from_us": one.from_us,
                    "until_us": one.until_us,
                    "as_of_us": as_of_us,
                    "today": plan.zone.day(as_of_us),
                }

    load(store.con, "reach", REACH, reach())
    shown = (
        {
            "subject": subject,
            "person": _person(leads[lead], as_of_us, by_device),
            "as_of_us": as_of_us,
            "today": plan.zone.day(as_of_us),
        }
        for subject, (lead, as_of_us) in enumerate(rows)
    )
    kinds = {"subject": "BIGINT", "person": "BIGINT", "as_of_us": "BIGINT", "today": "BIGINT"}
    load(store.con, "asked_for", kinds, shown)


def _keys_of_leads(store: Store, leads: set[str]) -> dict[str, int]:
    """Return each lead's identifier; a user's comes before a device's of the same text."""
    load(store.con, "wanted_leads", {"value": "VARCHAR"}, ({"value": lead} for lead in leads))
    found = store.con.execute(
        "SELECT i.value, i.who FROM identifiers i JOIN wanted_leads w ON w.value = i.value ORDER BY i.kind"
    ).fetchall()
    keys = dict(found)
    missing = sorted(leads - keys.keys())
    if missing:
        more = f" and {len(missing) - MOST_LISTED} more" if len(missing) > MOST_LISTED else ""
        listed = ", ".join(missing[:MOST_LISTED]) + more
        raise InputError(f"not in the history: {listed}")
    return keys


def _person(key: int, as_of_us: int, by_device: dict[int, list[Tie]]) -> int:
    """Return the person an identifier stands for at an instant: the user a device was last tied to."""
    ties = [tie for tie in by_device.get(key, ()) if tie.time_us <= as_of_us]
    return ties[-1].user if ties else key


def _belonging_to(
    key: int, as_of_us: int, by_device: dict[int, list[Tie]], by_user: dict[int, set[int]]
) -> Iterator[Belonging]:
    person = _person(key, as_of_us, by_device)
    yield Belonging(person, EVER, NEVER, person)
    for device in sorted(by_user.get(person, ())):
        ties = [tie for tie in by_device[device] if tie.time_us <= as_of_us]
        yield from (one for one in belongings(ties) if one.person == person)


# Whose scores are wanted


def _load_subjects(store: Store, frame: Frame) -> bool:
    """Make `subjects`; say whether someone has more events than a day's measure holds."""
    seen = _first_seen(frame)
    since = frame.day("first") if frame.plan.zone.days_run_forward else "first"
    since_day = f"CASE WHEN first IS NULL THEN {ALWAYS} ELSE {since} END"
    if frame.moment.each:
        select = (
            "SELECT a.subject, a.today, a.as_of_us, a.person, "
            f"CASE WHEN v.subject IS NULL THEN {NOBODY_YET} ELSE {since_day} END AS since_day, "
            f"coalesce(v.events, 0) AS events FROM asked_for a LEFT JOIN ({seen}) v ON v.subject = a.subject"
        )
    else:
        as_of = f"{frame.moment.as_of_us} AS as_of_us"
        select = f"SELECT subject, subject AS person, {as_of}, {since_day} AS since_day, events FROM ({seen})"
    store.con.execute(f"CREATE OR REPLACE TABLE subjects AS {select}")
    (most,) = store.con.execute("SELECT max(events) FROM subjects").fetchall()[0]
    return (most or 0) > MOST_A_DAY


def _first_seen(frame: Frame) -> str:
    """Select subject, first (NULL where nothing is dated) and the number of events.

    first: the earliest instant, or the least day where clocks went back over midnight.
    """
    forward = frame.plan.zone.days_run_forward
    found = []
    for table, alias, count in (("events", "e", "count(*)"), ("traits", "t", "0"), ("links", "l", "0")):
        instant = f"{alias}.ts"
        dated = instant if forward else frame.day(instant)
        if table == "traits":
            dated = f"CASE WHEN {instant} > {UNDATED} THEN {dated} END"
        found.append(
            f"SELECT {frame.subject(alias)}, min({dated}) AS first, {count} AS events "
            f"{frame.of(table, alias, instant)} GROUP BY ALL"
        )
    together = " UNION ALL ".join(found)
    return f"SELECT subject, min(first) AS first, sum(events) AS events FROM ({together}) GROUP BY subject"


# Weights and look-ups


def _load_units(store: Store, plan: Plan) -> None:
    rows = (
        {"signal": index, "age": age, "micro": micro}
        for index, one in enumerate(plan.signals)
        for age, micro in enumerate(one.units.by_age[: one.horizon])
    )
    load(store.con, "units", {"signal": "INTEGER", "age": "BIGINT", "micro": "BIGINT"}, rows)


def _load_lookups(store: Store, tables: Tables) -> None:
    """Derive each different raw value once, in Python, and let the SQL look it up."""
    columns = {"raw": "VARCHAR"} | {f"{twin}_": TWIN_TYPES[twin] for twin in LOOKUP_TWINS}
    for trait in SOURCES:
        raws = _raw_values(store, trait)
        load(store.con, f"lookup_{trait}", columns, _lookup_rows(trait, raws, tables))


def _raw_values(store: Store, trait: str) -> list[str]:
    wanted = {
        "email_domain": ['"email:domain"'],
        "email_kind": ['"email:domain"', '"email_domain:text"'],
        "company_size_band": ['"company_size:text"', '"company_size:number"'],
    }.get(trait, [f'"{SOURCES[trait][0]}:text"'])
    parts = []
    for column in wanted:
        if column.strip('"') not in store.columns["traits"]:
            continue
        whole = f"CASE WHEN {column} >= 0 THEN CAST({column} // 1000000 AS VARCHAR) END"
        raw = whole if column.endswith('number"') else column
        parts.append(f"SELECT DISTINCT {raw} AS raw FROM traits")
    if not parts:
        return []
    return [raw for (raw,) in store.con.execute(" UNION ".join(parts)).fetchall() if raw is not None]


def _lookup_rows(trait: str, raws: list[str], tables: Tables) -> Iterator[dict[str, object]]:
    for raw in raws:
        value = _looked_up(trait, raw, tables)
        twins = {} if value is None else {f"{twin}_": getattr(value, twin) for twin in LOOKUP_TWINS}
        yield {"raw": raw, **twins}


def _looked_up(trait: str, raw: str, tables: Tables) -> Value | None:
    match trait:
        case "email_domain":
            return typed(raw)
        case "email_kind":
            return typed(email_kind(raw, tables))
    return derive(trait, Value(text=raw), tables)
