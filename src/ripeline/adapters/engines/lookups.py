"""Derived traits for SQL: each different raw value derived once, in Python, and looked up."""

from collections.abc import Iterator

from ripeline.adapters.columnar.columns import TWIN_TYPES
from ripeline.adapters.columnar.spool import load
from ripeline.adapters.columnar.store import Store
from ripeline.plan.nodes import Plan
from ripeline.scoring.profile import derive
from ripeline.scoring.sql.frame import LOOKUP_TWINS, SOURCES
from ripeline.vocabulary.derived import Tables, email_kind
from ripeline.vocabulary.values import Value, typed

KINDS = {kind: typed(kind) for kind in ("business", "free", "disposable")}


def load_lookups(store: Store, plan: Plan) -> None:
    """Make the table `lookup_<trait>` of every derived trait that a plan reads."""
    columns = {"raw": "VARCHAR"} | {f"{twin}_": TWIN_TYPES[twin] for twin in LOOKUP_TWINS}
    for trait in (trait for trait in SOURCES if trait in plan.traits):
        raws = _raw_values(store, trait)
        load(store.con, f"lookup_{trait}", columns, _lookup_rows(trait, raws, plan.tables))


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
            return KINDS[email_kind(raw, tables)]
    return derive(trait, Value(text=raw), tables)
