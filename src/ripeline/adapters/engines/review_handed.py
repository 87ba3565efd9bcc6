"""Leads as they were when they were handed over: what each rule gave them, and all their traits, known by then."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.logged import keys_of_names
from ripeline.adapters.engines.lookups import load_lookups, load_phones
from ripeline.adapters.engines.then import all_traits, frame_of_rows
from ripeline.adapters.engines.trait_cells import cell_columns
from ripeline.insight.in_use import Cells, Given, Handed, RuleKey
from ripeline.plan.nodes import Plan
from ripeline.scoring.lower import OF_RULES, lower_contributions
from ripeline.scoring.sql.frame import Frame
from ripeline.scoring.sql.profile import profile_steps

OF_EVERYBODY = ("email_domain", "company_domain", "company_plain", "phone_plain")
"""Derived traits of which nearly everybody has another value."""

_IDS = ("_id", " id", "-id", ".id", "Id", "ID")
_COLUMNS = 4
A_FLAG = " yes or no"
"""Stands for true and false among texts; no condition names a text that begins with a space."""


def handed(store: Store, plan: Plan, given: Sequence[Given]) -> Handed:
    """Return handoffs with points and traits of then, less those whose leads are not known any more."""
    keys = keys_of_names(store, {one.lead for one in given})
    known = [one for one in given if one.lead in keys]
    if not known:
        return Handed((), ())
    frame = frame_of_rows(store, plan, [(keys[one.lead], one.made_us) for one in known])
    points = _points(store, frame, len(known))
    return Handed(known, points, _traits(store, frame))


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
    every = [one for one in all_traits(store, OF_EVERYBODY) if not one.endswith(_IDS) and one != "id"]
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
