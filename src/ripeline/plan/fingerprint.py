"""A definition's version: a hash of everything that can change a score, and of nothing else."""

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

from ripeline.definition.conditions import Condition, Expr, Lower, children, names_in
from ripeline.definition.model import Definition
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.derived import Tables
from ripeline.vocabulary.derived_fields import TABLE_OF as FIELD_TABLE
from ripeline.vocabulary.phones import PHONE_TRAITS

SEMANTICS = 1
"""Raised whenever the meaning of a definition changes: every fingerprint changes with it."""

TABLE_OF = {
    "email_kind": "mail_domains",
    "title_seniority": "titles",
    "title_function": "titles",
    "country": "countries",
    "company_size_band": "sizes",
    "company_domain": "company_domains",
    "company_plain": "companies",
    **dict.fromkeys(PHONE_TRAITS, "phones"),
}
"""The shipped table behind each derived trait."""

_FOLDING = {"titles", "countries", "channels", "devices", "company_domains", "companies", "phones"}
"""Tables that are looked up by text without case."""


_AS_BEFORE = {"follows=None", "by_lot=0"}
"""What is not said means what it did before it could be said."""


def fingerprint_of(
    definition: Definition,
    zone: Zone,
    tables: Tables,
    traits: Iterable[str],
    conditions: Collection[Condition],
) -> str:
    """Return 16 hex digits over the resolved definition, the tables it reads and the semantics."""
    # Accounts are made of mail domains whatever the definition reads.
    by_trait = (TABLE_OF[trait] for trait in traits if trait in TABLE_OF)
    roots = {name.root for condition in conditions for name in names_in(condition)}
    used = sorted({TABLE_OF["email_kind"], *by_trait, *(FIELD_TABLE[root] for root in roots if root in FIELD_TABLE)})
    folds = any(_folds(condition) for condition in conditions)
    parts = (
        SEMANTICS,
        [(part.name, getattr(definition, part.name)) for part in fields(definition) if _tells(definition, part.name)],
        zone.rows,
        [(name, tables.digest(name)) for name in used],
        unicodedata.unidata_version if folds or _FOLDING.intersection(used) else None,
    )
    return hashlib.sha256(_canonical(parts).encode()).hexdigest()[:16]


def _tells(definition: Definition, part: str) -> bool:
    """Say whether a part can change a score; `per: lead` is what every definition means that does not say it."""
    return part != "name" and (part != "per" or definition.per != "lead")


def _folds(node: Condition | Expr) -> bool:
    return isinstance(node, Lower) or any(_folds(part) for part in children(node))


def _canonical(node: object) -> str:
    """Write a value so that equal meanings give equal text and different kinds never do."""
    if is_dataclass(node):
        parts = (f"{part.name}={_canonical(getattr(node, part.name))}" for part in fields(node))
        kept = (text for text in parts if not text.startswith("label=") and text not in _AS_BEFORE)
        return f"{type(node).__name__}({','.join(kept)})"
    if isinstance(node, Mapping):
        return "{" + ",".join(f"{_canonical(key)}:{_canonical(value)}" for key, value in node.items()) + "}"
    if isinstance(node, tuple | list):
        return "[" + ",".join(map(_canonical, node)) + "]"
    return str(node) if isinstance(node, Enum) else repr(node)
