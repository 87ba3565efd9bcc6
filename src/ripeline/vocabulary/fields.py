"""Nested records as flat fields: `properties.utm.source` by its dotted name."""

from collections.abc import Iterator, Mapping

from ripeline.vocabulary.values import storable

DEEPEST = 16


def flattened(record: Mapping[str, object], path: tuple[str, ...] = ()) -> Iterator[tuple[str, object]]:
    """Yield every value of a nested record with its dotted name; lists stay whole.

    >>> dict(flattened({"plan": "pro", "utm": {"source": "news"}}, ("properties",)))
    {'properties.plan': 'pro', 'properties.utm.source': 'news'}

    Raises ValueError where it is nested too deep.
    """
    if len(path) > DEEPEST:
        raise ValueError(f"is nested deeper than {DEEPEST} levels")
    for key, value in record.items():
        here = (*path, key)
        if isinstance(value, dict):
            yield from flattened(value, here)
        else:
            yield storable(dotted(here)), value


def dotted(path: tuple[str, ...]) -> str:
    """Return a path as one name; a part with dots in it is quoted.

    >>> dotted(("properties", "utm.source"))
    'properties."utm.source"'
    """
    return ".".join(f'"{part}"' if "." in part and len(path) > 1 else part for part in path)
