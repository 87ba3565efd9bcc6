"""A change of a definition as the lines of YAML that say it."""

from collections.abc import Mapping

from ripeline.definition.edit import Plain, written
from ripeline.insight.proposals import Change


def yaml_of(change: Change) -> str:
    r"""Return the lines, to be put where they belong.

    >>> yaml_of(Change(("suppress", "too_small"), {"when": "company_size < 20"}))
    'suppress:\n  too_small:\n    when: "company_size < 20"\n'
    """
    nested = change.value
    for key in reversed(change.path):
        nested = {key: nested}
    return "".join(f"{line}\n" for line in _lines(nested))


def _lines(value: Plain) -> list[str]:
    assert isinstance(value, Mapping)  # noqa: S101 - a path has keys
    found = list[str]()
    for key, one in value.items():
        if isinstance(one, Mapping):
            found += [f"{written(key)}:", *(f"  {line}" for line in _lines(one))]
        else:
            found.append(f"{written(key)}: {written(one)}")
    return found
