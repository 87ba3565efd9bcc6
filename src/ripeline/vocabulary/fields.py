"""Nested records as flat fields: `properties.utm.source` by its dotted name."""

from collections.abc import Mapping
from functools import lru_cache

from ripeline.vocabulary.values import storable

DEEPEST = 16


def flattened(record: Mapping[str, object], within: str = "", deepest: int = DEEPEST) -> list[tuple[str, object]]:
    """Return every value of a nested record with its dotted name; lists stay whole.

    A part with dots in it is quoted, unless it is all of the name.

    >>> flattened({"plan": "pro", "utm": {"the.source": "news"}}, "properties")
    [('properties.plan', 'pro'), ('properties.utm."the.source"', 'news')]

    Raises ValueError where it is nested too deep.
    """
    found: list[tuple[str, object]] = []
    _flatten(found, record, within, deepest)
    return found


def _flatten(found: list[tuple[str, object]], record: Mapping[str, object], within: str, deepest: int) -> None:
    if not deepest:
        raise ValueError(f"is nested deeper than {DEEPEST} levels")
    for key, value in record.items():
        if isinstance(value, dict):
            _flatten(found, value, _name(within, key, nested=True), deepest - 1)
        else:
            found.append((_name(within, key, nested=False), value))


@lru_cache(maxsize=2**14)
def _name(within: str, key: str, *, nested: bool) -> str:
    """Names come again with every event."""
    part = f'"{key}"' if "." in key and (within or nested) else key
    name = f"{within}.{part}" if within else part
    return name if nested else storable(name)
