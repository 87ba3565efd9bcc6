"""Definition text in; a Definition, or every issue at once, out."""

from collections.abc import Collection, Mapping
from typing import Any

from ripeline.definition import grammar
from ripeline.definition.checks import RULES, Draft, Seen
from ripeline.definition.model import Definition
from ripeline.definition.reading import MOST_ISSUES, Path, Reading
from ripeline.definition.resolve import resolve
from ripeline.definition.syntax import Written, read_yaml
from ripeline.vocabulary.issues import DefinitionError, Issue

Raw = Mapping[str, Any]
DEEPEST_RULE = 2
"""Rules stand two keys deep: engagement.signals.NAME."""


def check_text(
    text: str, stem: str, zones: Collection[str], seen: Seen | None = None
) -> tuple[Definition | None, list[Issue]]:
    """Return the definition (None where it has errors) and all issues, in the order of the file.

    stem: the name where the text gives none. zones: the time zones that are known. seen: what occurs in
    the history, where there is one; what the definition names and nobody ever saw becomes a warning.
    """
    written = read_yaml(text)
    reading = Reading()
    raw = {} if written.root is None else grammar.DEFINITION.read(written.root, (), reading)
    if not isinstance(raw, dict) or written.root is None or written.readable_to is not None:
        return None, _in_order([*written.issues, *_readable(reading, written)])
    definition = resolve(_sound(raw, reading.broken), stem)
    draft = Draft(definition, raw, reading, frozenset(zones), seen)
    issues = [*written.issues, *reading.issues, *(issue for rule in RULES for issue in rule(draft))]
    return (None if any(issue.is_error for issue in issues) else definition), _in_order(issues)


def read_definition(text: str, stem: str, zones: Collection[str], file: str) -> Definition:
    """Return the definition, or raise DefinitionError with all its issues."""
    definition, issues = check_text(text, stem, zones)
    if definition is None:
        raise DefinitionError(file, issues)
    return definition


def _sound(raw: Raw, broken: set[Path], path: Path = ()) -> Raw:
    """Leave out the rules that have a problem inside; what is said of half a rule would be wrong."""
    return {
        key: _sound(value, broken, (*path, key)) if isinstance(value, dict) and len(path) < DEEPEST_RULE else value
        for key, value in raw.items()
        if (*path, key) not in broken
    }


def _readable(reading: Reading, written: Written) -> list[Issue]:
    """Return what was found before the writing broke off; what is missing may follow there."""
    if written.readable_to is None:
        return reading.issues
    return [issue for issue in reading.issues if issue.place.line < written.readable_to and issue.code != "missing-key"]


def _in_order(issues: list[Issue]) -> list[Issue]:
    found = sorted(issues, key=lambda issue: issue.place)
    if len(found) <= MOST_ISSUES:
        return found
    message = f"there are more than {MOST_ISSUES} problems; those behind this one are not shown"
    return [*found[:MOST_ISSUES], Issue("more-issues", message, found[MOST_ISSUES - 1].place, "", "warning")]
