"""What is wrong with something a user wrote: where, what, what is allowed."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and column in a file, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem. `code` is stable and documented; `severity` is "error" or "warning"."""

    code: str
    message: str
    place: Place
    hint: str = ""
    severity: str = "error"

    @property
    def is_error(self) -> bool:
        """Say whether the definition cannot be used with this problem in it."""
        return self.severity == "error"


class InputError(Exception):
    """What the user gave cannot be used; the message says where, what, and what is allowed."""


class UsageError(InputError):
    """Options that do not go together, or one that is missing."""


class DefinitionError(InputError):
    """The definition has errors; `issues` lists every one of them."""

    def __init__(self, file: str, issues: Iterable[Issue]) -> None:
        """Keep the file's name and its issues, in the order of the file."""
        self.file = file
        self.issues = tuple(issues)
        errors = sum(issue.is_error for issue in self.issues)
        super().__init__(f"{file} has {errors} error{'s' if errors != 1 else ''}")


MOST_LISTED = 12
"""How many known names a hint lists."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or lists what is known when none is near.

    >>> did_you_mean("pionts", ["points", "label"])
    'did you mean "points"?'
    """
    names = sorted(set(known))
    by_lower = {known_name.lower(): known_name for known_name in reversed(names)}
    near = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    if near:
        return f'did you mean "{by_lower[near[0]]}"?'
    listed = ", ".join(names[:MOST_LISTED]) + (", ..." if len(names) > MOST_LISTED else "")
    return f"known here: {listed}" if names else ""
