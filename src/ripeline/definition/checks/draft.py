"""What a rule may look at: the definition as far as it could be read, and where everything stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ripeline.definition.model import Definition
from ripeline.definition.shapes import Reading
from ripeline.vocabulary.issues import Issue, Place


@dataclass(frozen=True, slots=True)
class Draft:
    """A definition under check. raw: what was read, key by key; zones: the time zones that are known."""

    definition: Definition
    raw: Mapping[str, Any]
    reading: Reading
    zones: frozenset[str]

    def error(self, code: str, message: str, *path: str, hint: str = "") -> Issue:
        """Return an error at the value of a path."""
        return Issue(code, message, self.place(*path), hint)

    def warning(self, code: str, message: str, *path: str, hint: str = "") -> Issue:
        """Return a warning at the key of a path."""
        return Issue(code, message, self.place(*path), hint, "warning")

    def place(self, *path: str) -> Place:
        """Return the place of a path's key, or of the nearest thing above it."""
        for length in range(len(path), 0, -1):
            if place := self.reading.keys.get(path[:length]):
                return place
        return Place(1, 1)

    def signals(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the signals as read, by name."""
        return self.raw.get("engagement", {}).get("signals", {})
