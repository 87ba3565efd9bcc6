"""Definitions in text for tests, and where their problems stand: `«` marks the place of an issue."""

from collections.abc import Collection

from ripeline.definition.checks import Seen
from ripeline.definition.model import Definition
from ripeline.definition.read import check_text
from ripeline.vocabulary.issues import Issue

ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata")
MARK = "«"
CRITERIA = '    small: {when: "size < 10", points: 50}\n'
SIGNALS = "    trial: {event: Trial Downloaded, points: 25}\n"
LEVELS = "  levels: {good: 50, poor: 0}\n"
INTEREST = "  levels: {high: 60, low: 0}\n"
MATRIX = """\
matrix:
  good: {high: handoff, low: nurture}
  poor: {high: follow_up, low: remove}
  unknown: {high: handoff, low: nurture}
"""


def definition_text(
    *,
    top: str = "",
    fit: str = "",
    criteria: str = CRITERIA,
    fit_levels: str = LEVELS,
    engagement: str = "",
    signals: str = SIGNALS,
    levels: str = INTEREST,
    matrix: str = MATRIX,
    more: str = "",
) -> str:
    """Return a definition without problems, but for the parts that are given."""
    return (
        f"version: 1\n{top}fit:\n{fit}  criteria:\n{criteria}{fit_levels}"
        f"engagement:\n{engagement}  signals:\n{signals}{levels}{matrix}{more}"
    )


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text without its marks, and the line and column of each."""
    places = []
    for line, written in enumerate(text.split("\n"), start=1):
        parts = written.split(MARK)
        places += [(line, len("".join(parts[: count + 1])) + 1) for count in range(len(parts) - 1)]
    return text.replace(MARK, ""), places


def checked(text: str, seen: Seen | None = None, zones: Collection[str] = ZONES) -> list[Issue]:
    """Return the issues of a text."""
    return check_text(text, "test", zones, seen)[1]


def read(text: str) -> Definition:
    """Return the definition of a text that has no errors."""
    definition, issues = check_text(text, "test", ZONES)
    assert definition is not None, issues
    return definition


def found(issues: list[Issue]) -> list[tuple[str, tuple[int, int]]]:
    """Return code, line and column of each issue."""
    return [(issue.code, (issue.place.line, issue.place.column)) for issue in issues]
