"""YAML text to nodes that know where they stand, in one pass."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from ripeline.definition.syntax_errors import TOO_DEEP, TOO_LONG, syntax_issue
from ripeline.vocabulary.issues import Issue, Place

DEEPEST = 20
LONGEST_FILE = 300_000
"""Characters. A file of 500 rich signals has half of it; a hostile one of this length takes seconds."""

_NULLS = {"", "~", "null", "Null", "NULL"}
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Span:
    """The part of the text that a node takes: from `start` up to `end`, and whether it is in brackets."""

    start: int
    end: int
    in_brackets: bool = False


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: its text as written, and whether it was quoted. `null` is text None."""

    place: Place
    text: str | None
    quoted: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    place: Place
    items: "tuple[Yaml, ...]"
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value. key_end: where the key ends in the text. first_line: of the same key before."""

    key: str
    key_place: Place
    value: "Yaml"
    key_end: int
    first_line: int | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values in the order of the file, repeated ones too."""

    place: Place
    entries: tuple[Entry, ...]
    span: Span

    def __iter__(self) -> Iterator[Entry]:
        """Iterate over the entries."""
        return iter(self.entries)

    def get(self, key: str) -> "Entry | None":
        """Return the first entry of a key, or None."""
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A place where an issue was already noted."""

    place: Place
    span: Span


Yaml = Scalar | Sequence | Mapping | Unreadable


@dataclass(frozen=True, slots=True)
class Written:
    """What was read of a text. readable_to: the line before which all was understood, None for the whole."""

    root: Yaml | None
    issues: tuple[Issue, ...]
    readable_to: int | None = None


def read_yaml(text: str) -> Written:
    """Return the nodes of a text and what is wrong with the writing; never raises."""
    text = text.removeprefix("\ufeff")
    if len(text) > LONGEST_FILE:
        return Written(None, (Issue("yaml-syntax", TOO_LONG.format(LONGEST_FILE), Place(1, 1)),))
    if odd := _UNPRINTABLE.search(text):
        return Written(None, (_control_character(text, odd),))
    building = _Building()
    try:
        for event in YAML(typ="safe", pure=True).parse(StringIO(text)):
            building.take(event)
            if len(building.open) > DEEPEST:
                return building.cut(Issue("yaml-syntax", TOO_DEEP.format(DEEPEST), _place(event)))
    except YAMLError as error:
        return building.cut(building.open_quote() or syntax_issue(error))
    return building.whole()


def _control_character(text: str, odd: re.Match[str]) -> Issue:
    before = text[: odd.start()].splitlines() or [""]
    column = 1 if text[: odd.start()].endswith("\n") else len(before[-1]) + 1
    line = text.count("\n", 0, odd.start()) + 1
    message = f"the character U+{ord(odd[0]):04X} cannot stand in a definition"
    return Issue("yaml-syntax", message, Place(line, column), "delete it; it may be invisible")


def _place(event: Event) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet; of a mapping, keys and values in turn."""

    start: CollectionStartEvent
    parts: list[Yaml] = field(default_factory=list)

    def closed(self, issues: list[Issue], end: int | None) -> Yaml:
        """Return the node; of a mapping that was cut off, the last key without a value is left out."""
        in_brackets = bool(self.start.flow_style)
        if end is None or not in_brackets:
            # The end of a block is where the next thing begins, behind comments that belong to that.
            end = self.parts[-1].span.end if self.parts else self.start.start_mark.index
        span = Span(self.start.start_mark.index, end, in_brackets)
        if isinstance(self.start, SequenceStartEvent):
            return Sequence(_place(self.start), tuple(self.parts), span)
        return Mapping(_place(self.start), tuple(_entries(self.parts, issues)), span)


@dataclass(slots=True)
class _Building:
    """The nodes of a text as far as its events were taken."""

    root: Yaml | None = None
    open: list[_Open] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    documents: int = 0
    last: ScalarEvent | None = None

    def take(self, event: Event) -> None:
        """Add what an event tells."""
        match event:
            case MappingStartEvent() | SequenceStartEvent():
                self._note_extras(event)
                self.open.append(_Open(event))
            case MappingEndEvent() | SequenceEndEvent():
                self._add(self.open.pop().closed(self.issues, event.end_mark.index))
            case ScalarEvent():
                self.last = event
                self._add(self._scalar(event))
            case AliasEvent():
                self._note("anchors and aliases are not accepted", event, "write the value out")
                self._add(Unreadable(_place(event), _span(event)))
            case DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self._note("a second document begins here", event, "one file holds one definition")

    def whole(self) -> Written:
        """Return what was read to the end."""
        if self.root is None:
            self.issues.append(Issue("yaml-syntax", "the file is empty", Place(1, 1), "begin with: version: 1"))
        return Written(self.root, tuple(self.issues))

    def cut(self, issue: Issue) -> Written:
        """Return what was read before an issue that ends the reading."""
        brackets = [one.start.start_mark.line + 1 for one in self.open if one.start.flow_style]
        last = self.last.start_mark.line + 1 if self.last else 1
        readable_to = min(issue.place.line, last, *brackets)
        while self.open:
            self._add(self.open.pop().closed(self.issues, None))
        return Written(self.root, (*self.issues, issue), readable_to)

    def open_quote(self) -> Issue | None:
        """Return an issue where the last value is a quoted one over several lines.

        A quote that nobody closed goes on to the next one, and the parser stumbles over what follows there.
        """
        last = self.last
        if last is None or last.style not in {"'", '"'} or last.start_mark.line == last.end_mark.line:
            return None
        message = f"this quote goes on to line {last.end_mark.line + 1}"
        return Issue("yaml-syntax", message, _place(last), "close it where the text ends")

    def _scalar(self, event: ScalarEvent) -> Yaml:
        self._note_extras(event)
        quoted = bool(event.style)
        text = None if not quoted and event.value in _NULLS else event.value
        return Scalar(_place(event), text, quoted, _span(event))

    def _note_extras(self, event: ScalarEvent | CollectionStartEvent) -> None:
        if event.anchor is not None:
            self._note("anchors and aliases are not accepted", event, "write the value out")
        if event.tag is not None:
            self._note(f"the tag {event.tag} is not accepted", event, "write the plain value")

    def _note(self, message: str, event: Event, hint: str) -> None:
        self.issues.append(Issue("yaml-syntax", message, _place(event), hint))

    def _add(self, node: Yaml) -> None:
        if self.open:
            self.open[-1].parts.append(node)
        elif self.root is None:
            self.root = node


def _span(event: Event) -> Span:
    return Span(event.start_mark.index, event.end_mark.index)


def _entries(parts: list[Yaml], issues: list[Issue]) -> Iterator[Entry]:
    first_lines: dict[str, int] = {}
    for key_node, value in zip(parts[::2], parts[1::2], strict=False):
        if not isinstance(key_node, Scalar):
            issues.append(Issue("wrong-type", "a key must be a plain word", key_node.place))
            continue
        key = key_node.text if key_node.text is not None else "null"
        end, first_line = key_node.span.end, first_lines.get(key)
        yield Entry(key, key_node.place, _at_key(value, key_node), end, first_line)
        first_lines.setdefault(key, key_node.place.line)


def _at_key(value: Yaml, key: Scalar) -> Yaml:
    """Return a value that is not there with its key's place; the parser gives that of the next thing."""
    if isinstance(value, Scalar) and value.span.start == value.span.end:
        return replace(value, place=key.place, span=Span(key.span.end, key.span.end))
    return value
