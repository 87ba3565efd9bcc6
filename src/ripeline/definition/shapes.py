"""The kinds of values a definition is written with: each reads a node and describes itself as JSON Schema."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

from ripeline.definition import syntax
from ripeline.definition.reading import BadValue, Path, Reading, clipped, told
from ripeline.vocabulary.issues import did_you_mean

NAME = re.compile(r"[a-z0-9_]{1,60}")
NAME_HINT = "a name has lower-case letters, digits and _, at most 60 characters"
MOST_STRANGERS = 20
Json = dict[str, object]


class Shape(Protocol):
    """One kind of value. `read` returns None where the node does not fit and has noted why."""

    @property
    def what(self) -> str:
        """What it takes, in words."""

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return the value of a node."""

    def schema(self) -> Json:
        """Return what is accepted as JSON Schema."""


@dataclass(frozen=True, slots=True)
class Word:
    """A single value read by a function that raises BadValue. plain: quotes make it something else."""

    what: str
    convert: Callable[[str], object]
    json: Mapping[str, object] = field(default_factory=lambda: {"type": "string"})
    plain: bool = False

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return the converted text."""
        if not isinstance(node, syntax.Scalar):
            reading.wrong_type(node, path, self.what)
            return None
        reading.values[path] = node.place
        try:
            return self._converted(node)
        except BadValue as error:
            hint = error.hint or f"takes {self.what}"
            reading.problem(error.code, f"{told(path)}: {error}", node.place, hint)
            return None

    def _converted(self, node: syntax.Scalar) -> object:
        if node.text is None:
            raise BadValue("has no value")
        if self.plain and node.quoted:
            raise BadValue(f"{clipped(node.text)} in quotes is a text", f"takes {self.what}, without quotes")
        return self.convert(node.text)

    def schema(self) -> Json:
        """Return the JSON Schema given for it."""
        return {**self.json, "description": self.what}


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a record: its shape, what it means, and whether it must be there."""

    shape: Shape
    doc: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys. one_of: exactly one of these is given."""

    fields: Mapping[str, Field]
    what: str = "a mapping"
    one_of: tuple[str, ...] = ()

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return the values of the keys that are there and fit."""
        if not isinstance(node, syntax.Mapping):
            reading.wrong_type(node, path, self.what)
            return None
        reading.values[path] = node.place
        self._note_missing(node, path, reading)
        values: dict[str, object] = {}
        for entry, here, now in _entries(node, path, reading):
            if entry.key not in self.fields:
                message = f"{clipped(entry.key)} is not a key of {told(path)}"
                now.problem("unknown-key", message, entry.key_place, did_you_mean(entry.key, self.fields))
            elif (value := self.fields[entry.key].shape.read(entry.value, here, now)) is not None:
                values.setdefault(entry.key, value)
        return values

    def _note_missing(self, node: syntax.Mapping, path: Path, reading: Reading) -> None:
        place = reading.keys.get(path, node.place)
        strangers = [entry.key for entry in node if entry.key not in self.fields][:MOST_STRANGERS]
        for key, known in self.fields.items():
            # A key that is there with a typing error is told as such, and only once.
            if known.required and node.get(key) is None and not get_close_matches(key, strangers):
                message, hint = f'{told(path)} needs the key "{key}"', f"{key}: {known.doc}"
                reading.problem("missing-key", message, place, hint)
        given = [key for key in self.one_of if node.get(key)]
        if self.one_of and len(given) != 1:
            message = f"{told(path)} takes exactly one of {', '.join(self.one_of)}"
            reading.problem("bad-value", message, place, f"takes {self.what}")

    def schema(self) -> Json:
        """Return the JSON Schema of the mapping."""
        properties = {key: {**known.shape.schema(), "description": known.doc} for key, known in self.fields.items()}
        schema: Json = {"type": "object", "properties": properties, "additionalProperties": False}
        if required := [key for key, known in self.fields.items() if known.required]:
            schema["required"] = required
        if self.one_of:
            schema |= {"minProperties": 1, "maxProperties": 1}
        return schema


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping whose keys are names the user chooses, at most `most` of them."""

    item: Shape
    what: str
    most: int = 500

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return the values by name, in the order of the file."""
        if not isinstance(node, syntax.Mapping):
            reading.wrong_type(node, path, self.what, "write {} for none, or leave the key out")
            return None
        reading.values[path] = node.place
        if len(node.entries) > self.most:
            message = f"{told(path)} has {len(node.entries)} entries; at most {self.most} are allowed"
            reading.problem("too-many", message, reading.keys.get(path, node.place))
        values: dict[str, object] = {}
        for entry, here, now in _entries(node, path, reading):
            if not NAME.fullmatch(entry.key):
                message = f"{clipped(entry.key)} cannot be a name"
                now.problem("bad-name", message, entry.key_place, NAME_HINT)
            before = len(reading.issues)
            if (value := self.item.read(entry.value, here, now)) is not None:
                values.setdefault(entry.key, value)
            if len(reading.issues) > before:
                reading.broken.add(here)
            if len(values) == self.most:
                break
        return values

    def schema(self) -> Json:
        """Return the JSON Schema of the mapping."""
        names = {f"^{NAME.pattern}$": self.item.schema()}
        return {
            "type": "object",
            "patternProperties": names,
            "additionalProperties": False,
            "maxProperties": self.most,
        }


def _entries(node: syntax.Mapping, path: Path, reading: Reading) -> Iterator[tuple[syntax.Entry, Path, Reading]]:
    """Yield each entry with its path; one that repeats a key is read for its issues alone."""
    for entry in node:
        here = (*path, entry.key)
        if reading.is_full:
            return
        now = reading
        if entry.first_line is not None:
            message = f"{clipped(entry.key)} is written twice; the first is on line {entry.first_line}"
            reading.problem("duplicate-key", message, entry.key_place, "keep one of them")
            now = reading.aside()
        now.keys[here] = entry.key_place
        yield entry, here, now


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of at least `least` values of one shape, or exactly `exactly` where given.

    or_one: a value that stands alone is a list of one.
    """

    item: Shape
    what: str
    or_one: bool = False
    least: int = 0
    exactly: int | None = None

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return the values as a tuple, leaving out those that do not fit."""
        if isinstance(node, syntax.Sequence):
            return self._items(node, path, reading)
        if not (self.or_one and isinstance(node, syntax.Scalar)):
            reading.wrong_type(node, path, self.what)
            return None
        value = self.item.read(node, path, reading)
        return None if value is None else (value,)

    def _items(self, node: syntax.Sequence, path: Path, reading: Reading) -> object:
        reading.values[path] = node.place
        count = len(node.items)
        if count < self.least or (self.exactly is not None and count != self.exactly):
            message, hint = f"{told(path)}: the list has {count} values", f"takes {self.what}"
            reading.problem("bad-value", message, node.place, hint)
            return None
        items = [
            self.item.read(item, (*path, f"[{number}]"), reading)
            for number, item in enumerate(node.items, start=1)
            if not reading.is_full
        ]
        kept = tuple(item for item in items if item is not None)
        return kept if self.exactly in {None, len(kept)} else None

    def schema(self) -> Json:
        """Return the JSON Schema of the list."""
        listed: Json = {"type": "array", "items": self.item.schema()}
        if self.least:
            listed["minItems"] = self.least
        if self.exactly is not None:
            listed |= {"minItems": self.exactly, "maxItems": self.exactly}
        return {"anyOf": [self.item.schema(), listed]} if self.or_one else listed


@dataclass(frozen=True, slots=True)
class Either:
    """A single value or a mapping, told apart by how it is written."""

    scalar: Word
    mapping: Record
    what: str

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return what the shape that fits returns."""
        if isinstance(node, syntax.Mapping):
            return self.mapping.read(node, path, reading)
        if isinstance(node, syntax.Scalar):
            return self.scalar.read(node, path, reading)
        reading.wrong_type(node, path, self.what)
        return None

    def schema(self) -> Json:
        """Return the JSON Schema of both ways."""
        return {"anyOf": [self.scalar.schema(), self.mapping.schema()]}
