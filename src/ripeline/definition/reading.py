"""What is found while a definition is read: its issues, and where every key and value stands."""

from dataclasses import dataclass, field
from typing import Final

from ripeline.definition import syntax
from ripeline.vocabulary.issues import Issue, Place

Path = tuple[str, ...]
MOST_ISSUES = 200
"""Nobody reads more, and a hostile file has millions."""

LONGEST_QUOTE = 60

_NOUNS: Final[dict[Path, str]] = {
    ("fit", "criteria"): "criterion",
    ("fit", "groups"): "fit group",
    ("engagement", "signals"): "signal",
    ("engagement", "groups"): "group",
    ("suppress",): "suppression",
}
_FOUND: Final = {syntax.Sequence: "a list", syntax.Mapping: "a mapping"}


class BadValue(ValueError):
    """A scalar does not read as what its place asks for."""

    def __init__(self, message: str, hint: str = "", code: str = "bad-value") -> None:
        """Keep the hint and the code of the issue it becomes."""
        super().__init__(message)
        self.hint, self.code = hint, code


@dataclass(slots=True)
class Reading:
    """Issues, and the place of every key and value by its path; items of lists as [1], [2].

    broken: paths of named things that have an issue inside.
    """

    issues: list[Issue] = field(default_factory=list)
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    broken: set[Path] = field(default_factory=set)

    def problem(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """Note an error."""
        self.issues.append(Issue(code, message, place, hint))

    def wrong_type(self, node: syntax.Yaml, path: Path, what: str, if_empty: str = "") -> None:
        """Note that a node is not of the kind its place asks for, unless an issue was noted there before."""
        if isinstance(node, syntax.Unreadable):
            return
        hint = f"takes {what}"
        if not isinstance(node, syntax.Scalar):
            message = f"{told(path)} cannot be {_FOUND[type(node)]}"
        elif node.text is None:
            message, hint = f"{told(path)} has no value", if_empty or hint
        else:
            message = f"{told(path)} cannot be a single value, {clipped(node.text)}"
        self.problem("wrong-type", message, node.place, hint)

    def aside(self) -> "Reading":
        """Return a reading that notes issues here, and keeps the places to itself."""
        return Reading(self.issues)

    @property
    def is_full(self) -> bool:
        """Say whether there are more issues than anyone reads."""
        return len(self.issues) >= MOST_ISSUES


def told(path: Path) -> str:
    """Return how a place in a definition is called in a message.

    >>> told(("engagement", "signals", "cart", "decay", "fade")), told(("fit", "levels", "good"))
    ('signal "cart", decay.fade', 'fit.levels.good')
    """
    for prefix, noun in _NOUNS.items():
        if path[: len(prefix)] == prefix and len(path) > len(prefix):
            named, rest = f"{noun} {clipped(path[len(prefix)])}", path[len(prefix) + 1 :]
            return f"{named}, {_dotted(rest)}" if rest else named
    return _dotted(path) or "the definition"


def _dotted(path: Path) -> str:
    return ".".join(part[:LONGEST_QUOTE] for part in path).replace(".[", "[")


def clipped(text: str) -> str:
    r"""Return a user's text in quotes, at most 60 characters of it and on one line.

    >>> clipped("a\nb")
    '"a b"'
    """
    short = text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 3]}..."
    return f'"{" ".join(short.split()) if short.strip() else short}"'
