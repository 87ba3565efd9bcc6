"""Derived traits for SQL: each different raw value derived once, in Python, and looked up."""

from collections.abc import Iterable, Iterator, Sequence

from ripeline.adapters.columnar.columns import RAW_COLUMNS, TWIN_TYPES, quoted, text_of
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.plan.nodes import Plan
from ripeline.scoring.profile import derive
from ripeline.scoring.sql.frame import DERIVED_TWINS, DOMAIN_TWINS, FREE_TEXTS, LOOKUPS, SOURCES
from ripeline.vocabulary.derived import USUAL_KIND, Tables, company_domain, email_kind
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


def load_lookups(store: Store, plan: Plan) -> None:
    """Make the tables `lookup_<name>` of the derived traits that a plan reads."""
    read = [trait for trait in SOURCES if trait in plan.traits]
    for name in dict.fromkeys(LOOKUPS.get(trait, trait) for trait in read):
        traits = [trait for trait in read if LOOKUPS.get(trait, trait) == name]
        twins = DOMAIN_TWINS if name in FREE_TEXTS else DERIVED_TWINS
        columns = {"raw": "VARCHAR"} | {f"{trait}:{twin}": TWIN_TYPES[twin] for trait in traits for twin in twins}
        rows = _lookup_rows(traits, twins, _raw_values(store, name), plan.tables)
        load(store.con, f"lookup_{name}", columns, rows)


def _raw_values(store: Store, lookup: str) -> list[str]:
    if not set(RAW_OF[lookup]) <= set(RAW_COLUMNS):
        return _values_of_traits(store, RAW_OF[lookup])
    columns = ", ".join(map(text_of, RAW_OF[lookup]))
    # Of domains only those are typed that may have more twins than their text.
    odd = " AND (strlen(raw) <> length(raw) OR raw < ':')" if lookup == "email_domain" else ""
    found = store.con.execute(f"SELECT DISTINCT raw FROM raws WHERE of IN ({columns}){odd}").fetchall()
    return [raw for (raw,) in found]


def _values_of_traits(store: Store, columns: Iterable[str]) -> list[str]:
    parts = [f"SELECT {quoted(one)} AS raw FROM traits" for one in columns if one in store.columns["traits"]]
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
