"""YAML text to nodes that know their line and column. Every duplicate key is found, not just the first."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ripeline.vocabulary.issues import Issue, Place

DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: its text as written, and whether it was quoted. `null` is text None."""

    place: Place
    text: str | None
    quoted: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    place: Place
    items: "tuple[Yaml, ...]"


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value."""

    key: str
    key_place: Place
    value: "Yaml"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in the order of the file, each once."""

    place: Place
    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        """Iterate over the entries."""
        return iter(self.entries)

    def get(self, key: str) -> "Entry | None":
        """Return the entry of a key, or None."""
        return next((entry for entry in self.entries if entry.key == key), None)


Yaml = Scalar | Sequence | Mapping


def read_yaml(text: str) -> tuple[Yaml | None, list[Issue]]:
    """Return the root node (None where the text is no YAML) and what is wrong with the writing."""
    try:
        root = _compose(text)
    except YAMLError as error:
        return None, [_syntax_issue(error)]
    except RecursionError:
        return None, [Issue("yaml-syntax", "is nested too deeply", Place(1, 1))]
    if root is None:
        return None, [Issue("yaml-syntax", "the file is empty", Place(1, 1))]
    issues: list[Issue] = []
    return _convert(root, issues, 0), issues


def _compose(text: str) -> Node | None:
    for event in YAML(typ="safe", pure=True).parse(StringIO(text)):
        if isinstance(event, AliasEvent):
            message = "anchors and aliases are not accepted: write the value out"
            raise MarkedYAMLError(problem=message, problem_mark=event.start_mark)
    return YAML(typ="safe", pure=True).compose(StringIO(text))


def _syntax_issue(error: YAMLError) -> Issue:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Issue("yaml-syntax", f"this is not YAML: {problem}", place)


def _place(node: Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _convert(node: Node, issues: list[Issue], depth: int) -> Yaml:
    if depth > DEEPEST:
        issues.append(Issue("yaml-syntax", f"is nested deeper than {DEEPEST} levels", _place(node)))
        return Scalar(_place(node), None, quoted=False)
    match node:
        case ScalarNode():
            is_null = node.tag == "tag:yaml.org,2002:null"
            return Scalar(_place(node), None if is_null else node.value, node.style in {"'", '"', "|", ">"})
        case SequenceNode():
            return Sequence(_place(node), tuple(_convert(item, issues, depth + 1) for item in node.value))
        case MappingNode():
            return Mapping(_place(node), tuple(_entries(node, issues, depth)))
    raise AssertionError(node)


def _entries(node: MappingNode, issues: list[Issue], depth: int) -> Iterator[Entry]:
    first_lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        place, key = _place(key_node), str(key_node.value)
        if not isinstance(key_node, ScalarNode):
            issues.append(Issue("wrong-type", "a key must be a plain word", place))
        elif key in first_lines:
            message = f'"{key}" is written twice; the first is on line {first_lines[key]}'
            issues.append(Issue("duplicate-key", message, place, "keep one of them"))
        else:
            first_lines[key] = place.line
            yield Entry(key, place, _convert(value_node, issues, depth + 1))
