"""The kinds of values a definition is written with: each reads a node and describes itself as JSON Schema."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ripeline.definition import syntax
from ripeline.vocabulary.issues import Issue, Place, did_you_mean

Path = tuple[str, ...]
NAME = re.compile(r"[a-z0-9_]{1,60}")


class BadValue(ValueError):
    """A scalar does not read as what its place asks for."""

    def __init__(self, message: str, hint: str = "", code: str = "bad-value") -> None:
        """Keep the hint and the code of the issue it becomes."""
        super().__init__(message)
        self.hint, self.code = hint, code


@dataclass(slots=True)
class Reading:
    """What was found while reading: issues, and the place of every key and value by its path."""

    issues: list[Issue] = field(default_factory=list)
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)

    def problem(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """Note an error."""
        self.issues.append(Issue(code, message, place, hint))


class Shape(Protocol):
    """One kind of value. `read` returns None where the node does not fit and has noted why."""

    kind: type
    what: str

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return the value of a node."""

    def schema(self) -> dict[str, object]:
        """Return what is accepted as JSON Schema."""


def _fits(shape: Shape, node: syntax.Yaml, path: Path, reading: Reading) -> bool:
    reading.values[path] = node.place
    if isinstance(node, shape.kind):
        return True
    found = {syntax.Scalar: "a single value", syntax.Sequence: "a list", syntax.Mapping: "a mapping"}
    message = f"{'.'.join(path) or 'the file'} takes {shape.what}, not {found[type(node)]}"
    reading.problem("wrong-type", message, node.place)
    return False


@dataclass(frozen=True, slots=True)
class Word:
    """A single value read by a function that raises BadValue."""

    what: str
    convert: Callable[[str], object]
    json: Mapping[str, object] = field(default_factory=lambda: {"type": "string"})
    plain: bool = False
    kind: type = syntax.Scalar

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return the converted text."""
        if not _fits(self, node, path, reading) or not isinstance(node, syntax.Scalar):
            return None
        try:
            if node.text is None or (self.plain and node.quoted):
                raise BadValue("is empty" if node.text is None else f'"{node.text}" is text')
            return self.convert(node.text)
        except BadValue as error:
            hint = error.hint or f"takes {self.what}"
            reading.problem(error.code, f"{'.'.join(path)}: {error}", node.place, hint)
            return None

    def schema(self) -> dict[str, object]:
        """Return the JSON Schema given for it."""
        return {**self.json, "description": self.what}


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a record: its shape, what it means, and whether it must be there."""

    shape: Shape
    doc: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys."""

    fields: Mapping[str, Field]
    what: str = "a mapping"
    one_of: tuple[str, ...] = ()
    kind: type = syntax.Mapping

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return the values of the keys that are there and fit."""
        if not _fits(self, node, path, reading) or not isinstance(node, syntax.Mapping):
            return None
        self._note_missing(node, path, reading)
        values: dict[str, object] = {}
        for entry in node:
            here = (*path, entry.key)
            reading.keys[here] = entry.key_place
            if entry.key not in self.fields:
                message = f'"{entry.key}" is not a key of {".".join(path) or "a definition"}'
                hint = did_you_mean(entry.key, self.fields)
                reading.problem("unknown-key", message, entry.key_place, hint)
            elif (value := self.fields[entry.key].shape.read(entry.value, here, reading)) is not None:
                values[entry.key] = value
        return values

    def _note_missing(self, node: syntax.Mapping, path: Path, reading: Reading) -> None:
        place = reading.keys.get(path, node.place)
        where = ".".join(path) or "the definition"
        for key, known in self.fields.items():
            if known.required and node.get(key) is None:
                reading.problem("missing-key", f'{where} needs the key "{key}"', place, f"{key}: {known.doc}")
        given = [key for key in self.one_of if node.get(key)]
        if self.one_of and len(given) != 1:
            reading.problem("bad-value", f"{where} takes exactly one of {', '.join(self.one_of)}", place)

    def schema(self) -> dict[str, object]:
        """Return the JSON Schema of the mapping."""
        properties = {
            key: {**known.shape.schema(), **({"description": known.doc} if known.doc else {})}
            for key, known in self.fields.items()
        }
        schema: dict[str, object] = {"type": "object", "properties": properties, "additionalProperties": False}
        required = [key for key, known in self.fields.items() if known.required]
        if required:
            schema["required"] = required
        if self.one_of:
            schema |= {"minProperties": 1, "maxProperties": 1}
        return schema


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping whose keys are names the user chooses."""

    item: Shape
    what: str
    kind: type = syntax.Mapping

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return the values by name, in the order of the file."""
        if not _fits(self, node, path, reading) or not isinstance(node, syntax.Mapping):
            return None
        values: dict[str, object] = {}
        for entry in node:
            here = (*path, entry.key)
            reading.keys[here] = entry.key_place
            value = self.item.read(entry.value, here, reading)
            if not NAME.fullmatch(entry.key):
                hint = "a name has lower-case letters, digits and _, at most 60 characters"
                message = f'"{entry.key}" is not a name'
                reading.problem("bad-name", message, entry.key_place, hint)
            elif value is not None:
                values[entry.key] = value
        return values

    def schema(self) -> dict[str, object]:
        """Return the JSON Schema of the mapping."""
        names = {f"^{NAME.pattern}$": self.item.schema()}
        return {"type": "object", "patternProperties": names, "additionalProperties": False}


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of values of one shape; a single value is taken as a list of one where `or_one` says so."""

    item: Shape
    what: str
    or_one: bool = False
    kind: type = object

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return the values as a tuple, leaving out those that do not fit."""
        reading.values[path] = node.place
        if isinstance(node, syntax.Sequence):
            items = [self.item.read(item, path, reading) for item in node.items]
        elif self.or_one and isinstance(node, self.item.kind):
            items = [self.item.read(node, path, reading)]
        else:
            reading.problem("wrong-type", f"{'.'.join(path)} takes {self.what}", node.place)
            return None
        reading.values[path] = node.place
        return tuple(item for item in items if item is not None)

    def schema(self) -> dict[str, object]:
        """Return the JSON Schema of the list."""
        listed: dict[str, object] = {"type": "array", "items": self.item.schema()}
        return {"anyOf": [self.item.schema(), listed]} if self.or_one else listed


@dataclass(frozen=True, slots=True)
class Either:
    """A single value or a mapping, told apart by how it is written."""

    scalar: Word
    mapping: Record
    what: str
    kind: type = object

    def read(self, node: syntax.Yaml, path: Path, reading: Reading) -> object:
        """Return what the shape that fits returns."""
        reading.values[path] = node.place
        shape = self.mapping if isinstance(node, syntax.Mapping) else self.scalar
        return shape.read(node, path, reading)

    def schema(self) -> dict[str, object]:
        """Return the JSON Schema of both ways."""
        return {"anyOf": [self.scalar.schema(), self.mapping.schema()]}
