"""What a rule may look at: the definition as far as it could be read, and where everything stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ripeline.definition.model import Definition
from ripeline.definition.reading import Reading
from ripeline.vocabulary.issues import Issue, Place


@dataclass(frozen=True, slots=True)
class Seen:
    """What occurs in a history: names of events by type, fields of events, traits."""

    events: Mapping[str, frozenset[str]]
    fields: frozenset[str]
    traits: frozenset[str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A definition under check; rules with a problem inside are in `raw` alone.

    raw: what was read, key by key. zones: the time zones that are known. seen: None without a history.
    """

    definition: Definition
    raw: Mapping[str, Any]
    reading: Reading
    zones: frozenset[str]
    seen: Seen | None = None

    def at_key(self, *path: str) -> Place:
        """Return the place of a path's key, or of the nearest key above it."""
        for length in range(len(path), 0, -1):
            if place := self.reading.keys.get(path[:length]):
                return place
        return Place(1, 1)

    def at_value(self, *path: str) -> Place:
        """Return the place of a path's value, or of its key where nothing was read."""
        return self.reading.values.get(path) or self.at_key(*path)

    def rules(self, part: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the criteria of "fit" or the signals of "engagement" as read, by name."""
        rules: Mapping[str, Mapping[str, Any]] = self.raw.get(part, {}).get(RULES_OF[part], {})
        return rules

    def groups(self, part: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the groups of "fit" or "engagement" as read, by name."""
        groups: Mapping[str, Mapping[str, Any]] = self.raw.get(part, {}).get("groups", {})
        return groups

    def is_summable(self, part: str) -> bool:
        """Say whether a score has rules and all could be read, so that bounds of it mean something."""
        prefix = (part, RULES_OF[part])
        written = {path[2] for path in self.reading.keys if path[:2] == prefix and path[2:]}
        fit, engagement = self.definition.fit, self.definition.engagement
        return 0 < len(written) <= len(fit.criteria if part == "fit" else engagement.signals)


RULES_OF = {"fit": "criteria", "engagement": "signals"}
"""How the rules of each score are called in the file."""


def warning(code: str, message: str, place: Place, hint: str = "") -> Issue:
    """Return an issue that leaves the definition usable."""
    return Issue(code, message, place, hint, "warning")
