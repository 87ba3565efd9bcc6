"""Where people stand by the log of stages, beside what their scores say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import links_around
from ripeline.identity.persons import Identifier
from ripeline.lifecycle.standing import Standing, standing
from ripeline.plan.nodes import Plan
from ripeline.ports.lifecycle import Owned
from ripeline.ports.scores import Asked
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.stages import StageChange

T = TypeVar("T")

LOGGED = {"person": "BIGINT", "logged_us": "BIGINT", "stage": "VARCHAR"}


def load_logged(store: Store, plan: Plan, asked: Asked) -> bool:
    """Make `logged`: where whoever is asked for stands by the log; say whether there is anybody of whom it tells.

    Whose is what is known already: `reach` and `asked_for`, where not everybody is asked for.
    """
    if store.stages is None:
        return False
    rows = _of_rows(store, plan, asked) if asked.rows is not None else _of_all(store, plan, asked)
    if rows:
        load(store.con, "logged", LOGGED, rows)
    return bool(rows)


def _of_all(store: Store, plan: Plan, asked: Asked) -> list[dict[str, object]]:
    until_us = _until(asked.as_of_us, asked.known_us)
    lines = [] if store.stages is None else store.stages.lines(plan.fingerprint, until_us)
    found = standings_at(store, lines, asked.as_of_us)
    return [{"person": person, "logged_us": asked.as_of_us, "stage": one.stage} for person, one in found.items()]


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


def standings_at(store: Store, lines: Iterable[StageChange], at_us: int) -> dict[int, Standing]:
    """Return where everybody stands of whom there are lines, by the keys of the identifiers they are shown by."""
    found = of_persons(store, [(line.lead, line.at_us, line) for line in lines], at_us)
    return {person: standing(sorted(own, key=lambda line: line.number)) for person, own in found.items()}


def of_persons(store: Store, told: Sequence[tuple[Name, int, T]], at_us: int) -> dict[int, list[T]]:
    """Return what is told of names, each at an instant, by the persons whose that is; as of another instant."""
    by_value = defaultdict[Name, list[tuple[int, T]]](list)
    for name, when_us, thing in told:
        by_value[name].append((when_us, thing))
    known = {key: by_value[name] for name, key in _keys(store, by_value).items()}
    links = links_around(store, known.keys())
    whose = links.until(at_us)
    found = defaultdict[int, list[T]](list)
    for person in {whose.person(key) for key in {*known, *links.about}}:
        for one in whose.belongings(person):
            things = known.get(one.identifier, ())
            found[person] += [thing for when_us, thing in things if one.from_us <= when_us < one.until_us]
    return {person: things for person, things in found.items() if things}


def _keys(store: Store, names: Iterable[Name]) -> dict[Name, int]:
    columns = {"kind": "VARCHAR", "value": "VARCHAR"}
    load(store.con, "logged_names", columns, ({"kind": name.kind, "value": name.value} for name in names))
    rows = store.con.execute(
        "SELECT n.kind, n.value, i.who FROM logged_names n JOIN identifiers i ON i.kind = n.kind AND i.value = n.value"
    ).fetchall()
    return {Name(kind, value): who for kind, value, who in rows}
