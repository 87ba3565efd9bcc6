"""Nested records as flat fields: `properties.utm.source` by its dotted name."""

from collections.abc import Mapping
from functools import lru_cache

from ripeline.vocabulary.values import storable

DEEPEST = 16
_NESTED = (dict, list)


class TooDeepError(ValueError):
    """A record is nested deeper than DEEPEST levels."""

    def __init__(self) -> None:
        """Tell it."""
        super().__init__(f"is nested deeper than {DEEPEST} levels")


def flattened(record: Mapping[str, object], within: str = "", deepest: int = DEEPEST) -> dict[str, object]:
    """Return every value of a nested record by its dotted name; lists stay whole.

    A part with dots in it is quoted, unless it is all of the name.

    >>> flattened({"plan": "pro", "utm": {"the.source": "news"}}, "properties")
    {'properties.plan': 'pro', 'properties.utm."the.source"': 'news'}

    Raises TooDeepError where it is nested too deep.
    """
    found: dict[str, object] = {}
    flatten(found, record, within, deepest)
    return found


def flatten(found: dict[str, object], record: Mapping[str, object], within: str, deepest: int) -> int:
    """Add every value of a record by its dotted name; return how many keys there are, as `keys_in` counts them."""
    if not deepest:
        raise TooDeepError
    keys = len(record)
    for key, value in record.items():
        if isinstance(value, dict):
            keys += flatten(found, value, _part(within, key), deepest - 1)
        else:
            if isinstance(value, list):
                keys += keys_in(value, deepest - 1)
            found[_name(within, key)] = value
    return keys


def keys_in(value: object, deepest: int = DEEPEST) -> int:
    """Return how many keys records and lists have on all levels.

    >>> keys_in({"a": [{"b": 1}], "c": 2})
    3
    """
    if not isinstance(value, _NESTED):
        return 0
    if not deepest:
        raise TooDeepError
    found, items = (len(value), value.values()) if isinstance(value, dict) else (0, value)
    return found + sum(keys_in(item, deepest - 1) for item in items if isinstance(item, _NESTED))


# Names come again with every event.


@lru_cache(maxsize=2**14)
def _name(within: str, key: str) -> str:
    return storable(_joined(within, f'"{key}"' if "." in key and within else key))


@lru_cache(maxsize=2**14)
def _part(within: str, key: str) -> str:
    return _joined(within, f'"{key}"' if "." in key else key)


def _joined(within: str, part: str) -> str:
    return f"{within}.{part}" if within else part
