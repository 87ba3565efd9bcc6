"""Where people stand by the log of stages, beside what their scores say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import links_around
from ripeline.adapters.engines.whose import load_tied
from ripeline.identity.persons import Identifier
from ripeline.lifecycle.standing import Standing, standing
from ripeline.plan.nodes import Plan
from ripeline.ports.lifecycle import STAGE_LINES, Owned, StageLog
from ripeline.ports.scores import Asked
from ripeline.vocabulary.calendar import EVER
from ripeline.vocabulary.people import IdentifierKind, Name
from ripeline.vocabulary.stages import MERGE, RESTING, UNMERGE, StageChange

T = TypeVar("T")

STANDINGS = {
    "person": "BIGINT",
    "stage": "VARCHAR",
    "decided": "BOOLEAN",
    "resting_until": "BIGINT",
    "logged": "BOOLEAN",
    "since_us": "BIGINT",
}
LOGGED = {"person": "BIGINT", "logged_us": "BIGINT", "stage": "VARCHAR"}


def load_logged(store: Store, plan: Plan, asked: Asked) -> bool:
    """Make `logged`: where whoever is asked for stands by the log; say whether there is anybody of whom it tells.

    Whose is what is known already: `reach` and `asked_for`, where not everybody is asked for.
    """
    if store.stages is None:
        return False
    if asked.rows is None:
        load_standings(store, plan, asked)
        store.con.execute(
            f"CREATE OR REPLACE TABLE logged AS SELECT person, {asked.as_of_us} AS logged_us, stage FROM standings"
        )
        return _any(store, "logged")
    rows = _of_rows(store, plan, asked)
    load(store.con, "logged", LOGGED, rows)
    return bool(rows)


def load_lines(store: Store, plan: Plan, asked: Asked) -> None:
    """Make `stage_lines` of all lines that are known by then, and `logged_keys` of whoever they were logged of."""
    until_us = _until(asked.as_of_us, asked.known_us)
    rows = () if store.stages is None else store.stages.rows(plan.fingerprint, until_us)
    load(store.con, "stage_rows", STAGE_LINES, rows)
    store.con.execute(
        "CREATE OR REPLACE TABLE stage_lines AS SELECT i.who, l.* FROM stage_rows l "
        "JOIN identifiers i ON i.kind = l.kind AND i.value = l.value"
    )
    store.con.execute("CREATE OR REPLACE TABLE logged_keys AS SELECT DISTINCT who FROM stage_lines")


def load_standings(store: Store, plan: Plan, asked: Asked) -> None:
    """Make `standings`: where everybody stands of whom there are lines, by the keys of the identifiers they are shown by.

    `stage_lines` and `tied` are there already. decided: by sales; resting_until: the first day after a cool-down;
    logged: the last line of the log says so; since_us: when it was written.

    Nearly all have lines of one name and never became one with somebody else: the last one holds. The others are folded.
    """
    store.con.execute(
        "CREATE OR REPLACE TABLE owned_lines AS SELECT coalesce(t.person, l.who) AS person, l.* FROM stage_lines l "
        "LEFT JOIN tied t ON t.who = l.who AND l.at_us >= t.from_us AND l.at_us < t.until_us"
    )
    plain = f"count(DISTINCT who) = 1 AND NOT bool_or(cause IN ('{MERGE}', '{UNMERGE}'))"
    resting = ", ".join(f"'{stage}'" for stage in sorted(RESTING))
    last = {name: f"arg_max({name}, number)" for name in ("after", "decided_by", "at_us")}
    store.con.execute(
        f"CREATE OR REPLACE TABLE standings AS SELECT person, {last['after']} AS stage, "
        f"{last['decided_by']} <> '' AND {last['after']} NOT IN ({resting}) AS decided, "
        # arg_max passes over what is NULL.
        f"arg_max({{'until': resting_until}}, number).until AS resting_until, TRUE AS logged, {last['at_us']} AS since_us "
        f"FROM owned_lines GROUP BY person HAVING {plain}"
    )
    rows = store.con.execute(
        "SELECT person, kind, value, at_us FROM owned_lines WHERE person NOT IN (SELECT person FROM standings)"
    ).fetchall()
    if rows and store.stages is not None:
        folded = _folded(store.stages, plan, rows, asked)
        load(store.con, "folded", STANDINGS, folded)
        store.con.execute("INSERT INTO standings SELECT * FROM folded")


def load_stood(store: Store, plan: Plan, at_us: int) -> None:
    """Make `standings` by one definition, where what is there may be of another."""
    asked = Asked(at_us)
    load_lines(store, plan, asked)
    load_tied(store, asked)
    load_standings(store, plan, asked)


def _folded(
    stages: StageLog, plan: Plan, rows: Sequence[tuple[int, IdentifierKind, str, int]], asked: Asked
) -> list[dict[str, object]]:
    """Return where persons stand by the lines that are theirs: (person, kind, value, instant)."""
    whose = {(Name(kind, value), at_us): person for person, kind, value, at_us in rows}
    names = {name for name, _ in whose}
    own = defaultdict[int, list[StageChange]](list)
    for line in stages.lines_of(plan.fingerprint, names, _until(asked.as_of_us, asked.known_us)):
        person = whose.get((line.lead, line.at_us))
        if person is not None:
            own[person].append(line)
    return [_row(person, standing(sorted(lines, key=lambda line: line.number))) for person, lines in own.items()]


def _row(person: int, one: Standing) -> dict[str, object]:
    return {
        "person": person,
        "stage": one.stage,
        "decided": one.is_decided,
        "resting_until": None if one.head is None else one.head.resting_until,
        "logged": one.is_logged,
        "since_us": EVER if one.head is None else one.head.at_us,
    }


def _any(store: Store, table: str) -> bool:
    return bool(store.con.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchall()[0][0])


def _of_rows(store: Store, plan: Plan, asked: Asked) -> list[dict[str, object]]:
    owned, subjects = defaultdict[int, list[Owned]](list), dict[int, tuple[int, int]]()
    reach = store.con.execute(
        "SELECT r.subject, i.kind, i.value, r.from_us, r.until_us, a.person, a.as_of_us FROM reach r "
        "JOIN identifiers i ON i.who = r.who JOIN asked_for a ON a.subject = r.subject"
    ).fetchall()
    for subject, kind, value, from_us, until_us, person, as_of_us in reach:
        owned[subject].append(Owned(Name(kind, value), from_us, until_us))
        subjects[subject] = person, as_of_us
    if store.stages is None or not owned:
        return []
    names = {one.name for spans in owned.values() for one in spans}
    latest = max(as_of_us for _, as_of_us in subjects.values())
    lines = by_name(store.stages.lines_of(plan.fingerprint, names, latest))
    rows = list[dict[str, object]]()
    for subject, (person, as_of_us) in subjects.items() if lines else ():
        own = of_person(lines, owned[subject], _until(as_of_us, asked.known_us))
        if own:
            rows.append({"person": person, "logged_us": as_of_us, "stage": standing(own).stage})
    return rows


def _until(as_of_us: int, known_us: int | None) -> int:
    return as_of_us if known_us is None else min(as_of_us, known_us)


def name_of(identifier: Identifier) -> Name:
    """Return an identifier by its text."""
    return Name(identifier.kind, identifier.value)


def by_name(lines: Iterable[StageChange]) -> dict[Name, list[StageChange]]:
    """Return lines by whose they were, in order."""
    found = defaultdict[Name, list[StageChange]](list)
    for line in lines:
        found[line.lead].append(line)
    return dict(found)


def of_person(lines: Mapping[Name, Sequence[StageChange]], owned: Iterable[Owned], until_us: int) -> list[StageChange]:
    """Return the lines that are a person's up to an instant, in order."""
    found = (
        line
        for one in owned
        for line in lines.get(one.name, ())
        if one.from_us <= line.at_us < one.until_us and line.at_us <= until_us
    )
    return sorted(found, key=lambda line: line.number)


def of_persons(store: Store, told: Sequence[tuple[Name, int, T]], at_us: int) -> dict[int, list[T]]:
    """Return what is told of names, each at an instant, by the persons whose that is; as of another instant."""
    by_value = defaultdict[Name, list[tuple[int, T]]](list)
    for name, when_us, thing in told:
        by_value[name].append((when_us, thing))
    known = {key: by_value[name] for name, key in keys_of_names(store, by_value).items()}
    links = links_around(store, known.keys())
    whose = links.until(at_us)
    found = defaultdict[int, list[T]](list)
    for person in {whose.person(key) for key in {*known, *links.about}}:
        for one in whose.belongings(person):
            things = known.get(one.identifier, ())
            found[person] += [thing for when_us, thing in things if one.from_us <= when_us < one.until_us]
    return {person: things for person, things in found.items() if things}


def keys_of_names(store: Store, names: Iterable[Name]) -> dict[Name, int]:
    """Return the keys of identifiers, less those that are not known."""
    columns = {"kind": "VARCHAR", "value": "VARCHAR"}
    load(store.con, "logged_names", columns, ({"kind": name.kind, "value": name.value} for name in names))
    rows = store.con.execute(
        "SELECT n.kind, n.value, i.who FROM logged_names n JOIN identifiers i ON i.kind = n.kind AND i.value = n.value"
    ).fetchall()
    return {Name(kind, value): who for kind, value, who in rows}
