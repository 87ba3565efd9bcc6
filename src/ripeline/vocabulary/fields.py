"""Nested records as flat fields: `properties.utm.source` by its dotted name."""

from collections.abc import Iterator, Mapping

from ripeline.vocabulary.values import storable

DEEPEST = 16


def flattened(record: Mapping[str, object], within: str = "", deepest: int = DEEPEST) -> Iterator[tuple[str, object]]:
    """Yield every value of a nested record with its dotted name; lists stay whole.

    A part with dots in it is quoted, unless it is all of the name.

    >>> dict(flattened({"plan": "pro", "utm": {"the.source": "news"}}, "properties"))
    {'properties.plan': 'pro', 'properties.utm."the.source"': 'news'}

    Raises ValueError where it is nested too deep.
    """
    if not deepest:
        raise ValueError(f"is nested deeper than {DEEPEST} levels")
    for key, value in record.items():
        part = f'"{key}"' if "." in key and (within or isinstance(value, dict)) else key
        name = f"{within}.{part}" if within else part
        if isinstance(value, dict):
            yield from flattened(value, name, deepest - 1)
        else:
            yield storable(name), value
