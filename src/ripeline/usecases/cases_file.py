"""Cases that people write for their own definitions: text in; a CaseFile, or every issue at once, out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

from ripeline.definition import syntax
from ripeline.definition.expression_text import field_key
from ripeline.definition.reading import Reading, clipped
from ripeline.definition.syntax import read_yaml
from ripeline.usecases.cases_grammar import ROOT, Expectation, once
from ripeline.vocabulary.history import Event, LeadHistory, Statement
from ripeline.vocabulary.issues import DefinitionError, Issue, Place, did_you_mean
from ripeline.vocabulary.values import Value, typed


@dataclass(frozen=True, slots=True)
class Inline:
    """A definition written inside a cases file, and how far its text stands from the file's beginning."""

    text: str
    line: int
    column: int

    def here(self, issue: Issue) -> Issue:
        """Return an issue of the definition with its place in the cases file."""
        place = Place(issue.place.line + self.line, issue.place.column + self.column)
        return replace(issue, place=place)


@dataclass(frozen=True, slots=True)
class Case:
    """One lead with its whole history, a moment, and what is expected of its score.

    as_of, known_at: as written; a date is the last microsecond of that local day.
    """

    name: str
    place: Place
    as_of: str
    known_at: str | None
    history: LeadHistory
    expect: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Cases of one definition: at a path beside the file, inline, or (neither) the workspace's own."""

    definition: str | None
    define: Inline | None
    cases: tuple[Case, ...]


def check_cases(text: str) -> tuple[CaseFile | None, list[Issue]]:
    """Return the cases (None where there are errors) and all issues, in the order of the file."""
    written = read_yaml(text)
    reading = Reading()
    if written.root is None or written.readable_to is not None:
        return None, sorted(written.issues, key=lambda issue: issue.place)
    raw = _read_root(written.root, reading)
    issues = sorted([*written.issues, *reading.issues], key=lambda issue: issue.place)
    return (None if issues else _case_file(raw, text, reading)), issues


def read_cases(text: str, file: str) -> CaseFile:
    """Return the cases, or raise DefinitionError with all their issues."""
    found, issues = check_cases(text)
    if found is None:
        raise DefinitionError(file, issues)
    return found


def _read_root(root: syntax.Yaml, reading: Reading) -> dict[str, Any]:
    if not isinstance(root, syntax.Mapping):
        reading.problem("wrong-type", "a cases file is a mapping with the key cases", root.place)
        return {}
    values: dict[str, Any] = {}
    for entry in once(root, reading):
        if entry.key in ROOT:
            values[entry.key] = ROOT[entry.key].read(entry.value, (entry.key,), reading)
        else:
            message = f"{clipped(entry.key)} is not a key of a cases file"
            reading.problem("unknown-key", message, entry.key_place, did_you_mean(entry.key, ROOT))
    _check_root(root, reading)
    return values


def _check_root(root: syntax.Mapping, reading: Reading) -> None:
    if root.get("cases") is None:
        hint = "cases: {name: {as_of: ..., expect: ...}}"
        reading.problem("missing-key", 'a cases file needs the key "cases"', root.place, hint)
    define = root.get("define")
    if define is not None and root.get("definition") is not None:
        message = 'only one of "definition" and "define" can be given'
        reading.problem("bad-value", message, define.key_place)


# What was read becomes


def _case_file(raw: Mapping[str, Any], text: str, reading: Reading) -> CaseFile:
    define = None
    if "define" in raw:
        line = reading.values["define",].line
        define = Inline(raw["define"], line, _indent(text.splitlines()[line:]))
    cases = tuple(_case(name, case, reading.keys["cases", name]) for name, case in raw["cases"].items())
    return CaseFile(raw.get("definition"), define, cases)


def _indent(lines: list[str]) -> int:
    return next((len(line) - len(line.lstrip()) for line in lines if line.strip()), 0)


def _case(name: str, raw: Mapping[str, Any], place: Place) -> Case:
    events = (event for one in raw.get("events", ()) for event in _events(one))
    statements = (_statement(number, one) for number, one in enumerate(raw.get("traits", ())))
    history = LeadHistory(tuple(events), tuple(statements), answered_us=tuple(raw.get("answered", ())))
    return Case(name, place, raw["as_of"], raw.get("known_at"), history, tuple(raw["expect"].values()))


def _events(raw: Mapping[str, Any]) -> Iterator[Event]:
    fields = {key: value for root in ("properties", "context") for key, value in _fields([root], raw.get(root, {}))}
    for at in raw["time"]:
        event = Event(
            type=raw.get("type", "track"),
            name=raw.get("name", ""),
            time_us=at,
            known_us=raw.get("known_at", at),
            fields=fields,
            trusted=raw.get("trusted", True),
        )
        yield from repeat(event, raw.get("times", 1))


def _fields(path: list[str], facts: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    for name, fact in facts.items():
        if isinstance(fact, Mapping):
            yield from _fields([*path, name], fact)
        elif (value := typed(fact)) is not None:
            yield field_key([*path, name]), value


def _statement(number: int, raw: Mapping[str, Any]) -> Statement:
    traits = {name: typed(fact) for name, fact in raw["traits"].items() if fact != ""}
    time = raw.get("time")
    return Statement(traits, time, raw.get("known_at", time), number, raw.get("trusted", True))
