"""Every condition of a definition as it was written, with its path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ripeline.definition.conditions import Condition
from ripeline.definition.reading import Path


@dataclass(frozen=True, slots=True)
class Written:
    """One condition and the path of the key that holds it."""

    path: Path
    when: Condition


def conditions_of(raw: Mapping[str, Any]) -> Iterator[Written]:
    """Yield each condition of what was read, in the order fit, engagement, suppress."""
    yield from _in(("fit", "criteria"), raw.get("fit", {}).get("criteria", {}))
    yield from _in(("engagement", "signals"), raw.get("engagement", {}).get("signals", {}))
    yield from _in(("suppress",), raw.get("suppress", {}))


def _in(path: Path, rules: Mapping[str, Mapping[str, Any]]) -> Iterator[Written]:
    for name, rule in rules.items():
        for inner, holder in (((), rule), (("without",), rule.get("without", {}))):
            if "when" in holder:
                yield Written((*path, name, *inner, "when"), holder["when"])
