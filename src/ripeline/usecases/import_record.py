"""Imports as they are told, by command, route and page."""

from collections.abc import Iterable, Mapping
from typing import Any

from ripeline.ports.imports import Import, Undoing
from ripeline.vocabulary.calendar import instant_text

Record = dict[str, Any]


def imports_record(imports: Iterable[Import]) -> Record:
    """Return all imports, as plain values."""
    return {"imports": [import_record(one) for one in imports]}


def import_record(one: Import) -> Record:
    """Return an import, as plain values. removed: how much went when it was undone, None while it counts."""
    undone = one.undone_us is not None
    return {
        "number": one.number,
        "at": instant_text(one.at_us),
        "what": one.what,
        "file": one.file,
        "source": one.source,
        "rows": one.rows,
        "added": one.added,
        "refused": one.refused,
        "by": one.by or None,
        "undone_at": None if one.undone_us is None else instant_text(one.undone_us),
        "undone_by": one.undone_by or None,
        "removed": dict(one.removed) if undone else None,
    }


def undoing_record(one: Import, told: Undoing, *, undone: bool) -> Record:
    """Return what undoing an import takes away, or took, as plain values."""
    return {
        "import": one.number,
        "file": one.file,
        "source": one.source,
        "removes": dict(told.removes),
        "names": told.names,
        "kept": told.kept,
        "undone": undone,
    }


def removes_words(removes: Mapping[str, int]) -> str:
    """Return in words what goes.

    >>> removes_words({"events": 2_000, "statements": 1, "links": 0})
    '2,000 events, 1 statement'
    """
    parts = (
        f"{count:,} {(what if count != 1 else what.removesuffix('s')).replace('_', ' ')}"
        for what, count in removes.items()
        if count
    )
    return ", ".join(parts) or "nothing"
