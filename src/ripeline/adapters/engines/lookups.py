"""Derived traits for SQL: each different raw value derived once, in Python, and looked up."""

from collections.abc import Iterable, Iterator, Sequence

from ripeline.adapters.columnar.columns import RAW_COLUMNS, TWIN_TYPES, raw_of, text_of
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.plan.nodes import Plan
from ripeline.scoring.profile import derive
from ripeline.scoring.sql.frame import LOOKUPS, SOURCES, Frame, twins_made
from ripeline.scoring.sql.profile import phones_asked
from ripeline.vocabulary.derived import USUAL_KIND, Tables, company_domain, email_kind
from ripeline.vocabulary.phones import PHONE_TRAITS
from ripeline.vocabulary.values import Value, typed

RAW_OF = {
    "email_domain": ("email:domain",),
    "email_kind": ("email:domain", "email_domain:text"),
    "title": ("title:text",),
    "country": ("country:text",),
    "company_size_band": ("company_size:text", "company_size:number"),
    "company_domain": ("email:domain", "email_domain:text"),
    "company_plain": ("company:text",),
}
"""The columns whose values each look-up is made of; those in RAW_COLUMNS are summed up when files are written."""


def load_lookups(store: Store, plan: Plan, *, near: bool = False) -> None:
    """Make the tables `lookup_<name>` of the derived traits that a plan reads. near: of those in `reach` alone."""
    read = [trait for trait in SOURCES if LOOKUPS.get(trait, trait) in RAW_OF and _is_read(trait, plan)]
    for name in dict.fromkeys(LOOKUPS.get(trait, trait) for trait in read):
        traits = [trait for trait in read if LOOKUPS.get(trait, trait) == name]
        twins = twins_made(name)
        columns = {"raw": "VARCHAR"} | {f"{trait}:{twin}": TWIN_TYPES[twin] for trait in traits for twin in twins}
        rows = _lookup_rows(traits, twins, _raw_values(store, name, near=near), plan.tables)
        load(store.con, f"lookup_{name}", columns, rows)


def _is_read(trait: str, plan: Plan) -> bool:
    """Say whether a plan reads a trait, or one that is read by it."""
    by_country = trait == "country" and not set(PHONE_TRAITS).isdisjoint(plan.traits)
    return by_country or trait in plan.traits


def load_phones(store: Store, frame: Frame) -> None:
    """Make `lookup_phone` where a plan reads it; `lookup_country` and what tells the subjects are there already."""
    traits = [trait for trait in PHONE_TRAITS if trait in frame.plan.traits]
    if not traits:
        return
    columns = {f"{trait}:{twin}": TWIN_TYPES[twin] for trait in traits for twin in twins_made(trait)}
    rows = _phone_rows(traits, _phones(store, frame), frame.plan.tables)
    load(store.con, "lookup_phone", {"raw": "VARCHAR", "country": "VARCHAR"} | columns, rows)


def _phones(store: Store, frame: Frame) -> list[tuple[str, str]]:
    query = phones_asked(frame)
    return [] if query is None else store.con.execute(query).fetchall()


def _phone_rows(
    traits: Sequence[str], phones: Iterable[tuple[str, str]], tables: Tables
) -> Iterator[dict[str, object]]:
    for raw, country in phones:
        found = tables.phones.read(raw, country or None)
        values = {} if found is None else {trait: found.trait(trait) for trait in traits}
        cells = {
            f"{trait}:{twin}": getattr(value, twin)
            for trait, value in values.items()
            if value is not None
            for twin in twins_made(trait)
        }
        if cells:
            yield {"raw": raw, "country": country, **cells}


def _raw_values(store: Store, lookup: str, *, near: bool) -> list[str]:
    if near or not set(RAW_OF[lookup]) <= set(RAW_COLUMNS):
        return _values_of_traits(store, RAW_OF[lookup], near=near)
    columns = ", ".join(map(text_of, RAW_OF[lookup]))
    # Of domains only those are typed that may have more twins than their text.
    odd = " AND (strlen(raw) <> length(raw) OR raw < ':')" if lookup == "email_domain" else ""
    found = store.con.execute(f"SELECT DISTINCT raw FROM raws WHERE of IN ({columns}){odd}").fetchall()
    return [raw for (raw,) in found]


def _values_of_traits(store: Store, columns: Iterable[str], *, near: bool) -> list[str]:
    rows = "(FROM traits WHERE who IN (SELECT who FROM reach))" if near else "traits"
    parts = [f"SELECT {raw_of(one)} AS raw FROM {rows}" for one in columns if one in store.columns["traits"]]
    if not parts:
        return []
    found = store.con.execute(
        f"SELECT DISTINCT raw FROM ({' UNION ALL '.join(parts)}) WHERE raw IS NOT NULL"
    ).fetchall()
    return [raw for (raw,) in found]


def _lookup_rows(
    traits: Sequence[str], twins: Sequence[str], raws: Sequence[str], tables: Tables
) -> Iterator[dict[str, object]]:
    for raw in raws:
        found = {trait: value for trait in traits if (value := _looked_up(trait, raw, tables)) is not None}
        if found:
            twin_cells = {f"{trait}:{twin}": getattr(value, twin) for trait, value in found.items() for twin in twins}
            yield {"raw": raw, **twin_cells}


def _looked_up(trait: str, raw: str, tables: Tables) -> Value | None:
    match trait:
        case "email_domain":
            return typed(raw)
        case "email_kind":
            kind = email_kind(raw, tables)
            return None if kind == USUAL_KIND else Value(text=kind)
        case "company_domain":
            return typed(company_domain(raw, tables))
    return derive(trait, Value(text=raw), tables)
