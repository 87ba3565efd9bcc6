"""Leads as they were when they were handed over: what each rule gave them, and all their traits, known by then."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ripeline.adapters.columnar.columns import BASE
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import links_around
from ripeline.adapters.engines.logged import keys_of_names
from ripeline.adapters.engines.lookups import load_lookups, load_phones
from ripeline.adapters.engines.prepare import completed
from ripeline.adapters.engines.subjects import load_subjects
from ripeline.adapters.engines.trait_cells import cell_columns
from ripeline.adapters.engines.whose import load_reach
from ripeline.insight.in_use import Cells, Given, Handed, RuleKey
from ripeline.plan.nodes import Plan
from ripeline.scoring.dialects import DUCKDB
from ripeline.scoring.lower import lower_contributions
from ripeline.scoring.sql.frame import SOURCES, Facts, Frame, Moment
from ripeline.scoring.sql.profile import profile_steps

OF_EVERYBODY = ("email_domain", "company_domain", "company_plain", "phone_plain")
"""Derived traits of which nearly everybody has another value."""

_IDS = ("_id", " id", "-id", ".id", "Id", "ID")
_COLUMNS = 4
A_FLAG = " yes or no"
"""Stands for true and false among texts; no condition names a text that begins with a space."""

OF_RULES = "NOT starts_with(name, 'limit:') AND NOT starts_with(name, 'clamp:')"
"""Lines of an explanation that are a rule's own."""


def handed(store: Store, plan: Plan, given: Sequence[Given]) -> Handed:
    """Return handoffs with points and traits of then, less those whose leads are not known any more."""
    keys = keys_of_names(store, {one.lead for one in given})
    known = [one for one in given if one.lead in keys]
    if not known:
        return Handed((), ())
    frame = _frame(store, plan, [(keys[one.lead], one.made_us) for one in known])
    points = _points(store, frame, len(known))
    return Handed(known, points, _traits(store, frame))


def _frame(store: Store, plan: Plan, rows: Sequence[tuple[int, int]]) -> Frame:
    """Make the tables that the plan's SQL reads, for (identifier, instant) rows; return what it is written for."""
    store.know(None)
    load_reach(store, plan, links_around(store, {key for key, _ in rows}, when_known=True), rows)
    facts = Facts(
        store.columns["events"], store.columns["traits"], store.earliest_us, answered=store.has("dispositions")
    )
    frame = Frame(plan, facts, Moment(max(at_us for _, at_us in rows), each=True, then=True), DUCKDB)
    load_subjects(store, frame, counted=True)
    return completed(store, plan, frame)


def _points(store: Store, frame: Frame, rows: int) -> list[dict[RuleKey, int]]:
    lines = lower_contributions(frame.plan, frame.facts, frame.moment)
    found = [dict[RuleKey, int]() for _ in range(rows)]
    for row, part, name, micro in store.con.execute(
        f"SELECT subject, part, name, micro FROM ({lines}) WHERE micro <> 0 AND {OF_RULES}"
    ).fetchall():
        found[row][part, name] = micro
    return found


def _traits(store: Store, frame: Frame) -> Mapping[str, Cells]:
    """Return all traits that were ever stated, and those derived from them, less names of things."""
    every = [one for one in _all_traits(store) if not one.endswith(_IDS) and one != "id"]
    asked = replace(frame, plan=replace(frame.plan, traits=tuple(every), trusted_traits=()))
    load_lookups(store, asked.plan, near=True)
    load_phones(store, asked)
    steps = ", ".join(f"{name} AS ({select})" for name, select in profile_steps(asked))
    columns = ", ".join(["p.subject", *cell_columns(asked)])
    found = store.con.execute(f"WITH {steps} SELECT {columns} FROM profile p ORDER BY p.subject").fetchall()
    _, *cells = zip(*found, strict=True)
    return {trait: _cells(*cells[_COLUMNS * place : _COLUMNS * (place + 1)]) for place, trait in enumerate(every)}


def _cells(
    texts: Sequence[str | None], numbers: Sequence[int | None], ages: Sequence[int | None], flags: Sequence[bool | None]
) -> Cells:
    """Return a trait: the age of a date, a number, or true and false, where all that is known of it is one."""

    def is_all(column: Sequence[object]) -> bool:
        return all(text is None or one is not None for text, one in zip(texts, column, strict=True))

    if is_all(ages) or is_all(numbers):
        return Cells(texts, ages if is_all(ages) else numbers, is_age=is_all(ages))
    if is_all(flags):
        return Cells(texts, is_boolean=True)
    return Cells([text if flag is None else A_FLAG for text, flag in zip(texts, flags, strict=True)])


def _all_traits(store: Store) -> list[str]:
    stated = sorted({name.rpartition(":")[0] for name in store.columns["traits"] - BASE["traits"].keys()})
    derived = (
        one for one, sources in SOURCES.items() if one not in OF_EVERYBODY and not set(sources).isdisjoint(stated)
    )
    return [*stated, *(one for one in derived if one not in stated)]
