"""Derived traits for SQL: each different raw value derived once, in Python, and looked up."""

from collections.abc import Iterator

from ripeline.adapters.columnar.columns import TWIN_TYPES, quoted
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.plan.nodes import Plan
from ripeline.scoring.profile import derive
from ripeline.scoring.sql.frame import DOMAIN_TWINS, SOURCES
from ripeline.vocabulary.derived import USUAL_KIND, Tables, email_kind
from ripeline.vocabulary.values import Value, typed

COLUMNS = {"raw": "VARCHAR"} | {f"{twin}_": TWIN_TYPES[twin] for twin in DOMAIN_TWINS}
RAW_COLUMNS = {
    "email_domain": ("email:domain",),
    "email_kind": ("email:domain", "email_domain:text"),
    "title_seniority": ("title:text",),
    "title_function": ("title:text",),
    "country": ("country:text",),
    "company_size_band": ("company_size:text", "company_size:number"),
}
"""Where the raw values of each derived trait stand."""


def load_lookups(store: Store, plan: Plan) -> None:
    """Make the table `lookup_<trait>` of every derived trait that a plan reads."""
    for trait in (trait for trait in SOURCES if trait in plan.traits):
        load(store.con, f"lookup_{trait}", COLUMNS, _lookup_rows(trait, _raw_values(store, trait), plan.tables))


def _raw_values(store: Store, trait: str) -> list[str]:
    there = [column for column in RAW_COLUMNS[trait] if column in store.columns["traits"]]
    if not there:
        return []
    parts = (f"SELECT DISTINCT {_raw(column)} AS raw FROM traits" for column in there)
    # Of domains only those are typed that may have more twins than their text.
    odd = " AND (strlen(raw) <> length(raw) OR raw < ':')" if trait == "email_domain" else ""
    found = store.con.execute(f"SELECT raw FROM ({' UNION '.join(parts)}) WHERE raw IS NOT NULL{odd}").fetchall()
    return [raw for (raw,) in found]


def _raw(column: str) -> str:
    name = quoted(column)
    return f"CASE WHEN {name} >= 0 THEN CAST({name} // 1000000 AS VARCHAR) END" if column.endswith(":number") else name


def _lookup_rows(trait: str, raws: list[str], tables: Tables) -> Iterator[dict[str, object]]:
    for raw in raws:
        value = _looked_up(trait, raw, tables)
        if value is not None:
            yield {"raw": raw, "text_": value.text, "number_": value.number, "folded_": value.folded}


def _looked_up(trait: str, raw: str, tables: Tables) -> Value | None:
    match trait:
        case "email_domain":
            return typed(raw)
        case "email_kind":
            kind = email_kind(raw, tables)
            return None if kind == USUAL_KIND else Value(text=kind)
    return derive(trait, Value(text=raw), tables)
