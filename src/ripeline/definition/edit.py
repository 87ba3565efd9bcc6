"""Changes one value in the text of a definition; every other character stays, comments and layout too."""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ripeline.definition import syntax
from ripeline.definition.syntax import Yaml, read_yaml
from ripeline.vocabulary.issues import InputError

Plain = str | int | Decimal | bool | Mapping[str, "Plain"] | Sequence["Plain"]
"""What can be written: text, numbers, true and false, mappings and lists of them."""

_SAFE_TEXT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_%/+. -]*[A-Za-z0-9_%+.])?")
_OTHER_KIND = re.compile(r"(?i:true|false|null|yes|no|on|off)|[-+.0-9][-+.0-9_eExXoO]*")


def with_value(text: str, path: Sequence[str], value: Plain) -> str:
    """Return the text with one value changed, or added at the end of the mapping that it belongs to.

    path: keys from the top, such as ("engagement", "signals", "cart", "points"). All but the last must be
    there, or InputError says which is not. The result is read again: it has the value where it belongs.
    """
    start = 1 if text.startswith("\ufeff") else 0
    body = text[start:]
    root = read_yaml(body).root
    if root is None or not path:
        raise InputError("the text is no definition, so nothing in it can be changed")
    parent = _parent(root, path)
    entry = parent.get(path[-1])
    changed = _added(body, parent, path[-1], value) if entry is None else _replaced(body, entry, value)
    _verify(changed, path, value)
    return text[:start] + changed


def renamed(text: str, path: Sequence[str], key: str) -> str:
    r"""Return the text with another name for a key; InputError where it is not there, or is not written plainly.

    >>> renamed("fit:\n  at_most: 5\n", ("fit", "at_most"), "floor")
    'fit:\n  floor: 5\n'
    """
    root = read_yaml(text).root
    entry = None if root is None else _parent(root, path).get(path[-1])
    begin = -1 if entry is None else entry.key_end - len(path[-1])
    if entry is None or text[begin : entry.key_end] != path[-1]:
        raise InputError(f"{'.'.join(path)} cannot be renamed where it stands; please edit it by hand")
    return text[:begin] + key + text[entry.key_end :]


def without(text: str, path: Sequence[str]) -> str:
    r"""Return the text less one key with its lines, and less what holds nothing else; as it is where it is not there.

    >>> without("fit:\n  criteria:\n    old:\n      points: 1\n    new: {points: 2}\n", ("fit", "criteria", "old"))
    'fit:\n  criteria:\n    new: {points: 2}\n'
    >>> without("demo: {points: 40, cap: 80}\n", ("demo", "cap"))
    'demo: {points: 40}\n'
    """
    root = read_yaml(text).root
    parent = None if root is None else _parent(root, path)
    entry = None if parent is None else parent.get(path[-1])
    if parent is None or entry is None:
        return text
    if len(parent.entries) == 1 and len(path) > 1:
        return without(text, path[:-1])
    if parent.span.in_brackets:
        return _less(text, parent, entry)
    lines = text.splitlines(keepends=True)
    begin = sum(map(len, lines[: entry.key_place.line - 1]))
    line_end = text.find("\n", max(entry.value.span.end - 1, entry.key_end))
    return text[:begin] + ("" if line_end < 0 else text[line_end + 1 :])


def with_comment(text: str, path: Sequence[str], comment: str) -> str:
    r"""Return the text with a comment behind the line on which a value ends, unless there is one.

    >>> with_comment("fit:\n  at_most: 5\n", ("fit", "at_most"), "as ever")
    'fit:\n  at_most: 5  # as ever\n'
    """
    root = read_yaml(text).root
    entry = None if root is None else _parent(root, path).get(path[-1])
    if entry is None or not isinstance(entry.value, syntax.Scalar | syntax.Mapping):
        return text
    end = text.find("\n", max(entry.value.span.end - 1, entry.key_end))
    end = len(text) if end < 0 else end
    line = text[text.rfind("\n", 0, end) + 1 : end]
    return text if "#" in line else f"{text[:end].rstrip()}  # {comment}{text[end:]}"


def written(value: Plain) -> str:
    """Return a value as YAML on one line.

    >>> written({"half_life": "30d"}), written("3 per day"), written("a: b"), written("25")
    ('{half_life: 30d}', '3 per day', '"a: b"', '"25"')
    """
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case str():
            is_safe = _SAFE_TEXT.fullmatch(value) and not _OTHER_KIND.fullmatch(value)
            return value if is_safe else json.dumps(value, ensure_ascii=False)
        case Mapping():
            return "{" + ", ".join(f"{key}: {written(one)}" for key, one in value.items()) + "}"
    return "[" + ", ".join(map(written, value)) + "]"


def _parent(root: Yaml, path: Sequence[str]) -> syntax.Mapping:
    node = root
    for depth, key in enumerate(path):
        if not isinstance(node, syntax.Mapping):
            raise InputError(f"{'.'.join(path[:depth])} has no keys, so {key} cannot be written in it")
        if depth == len(path) - 1:
            break
        entry = node.get(key)
        if entry is None:
            raise InputError(f"{'.'.join(path[: depth + 1])} is not in the text")
        node = entry.value
    assert isinstance(node, syntax.Mapping)  # noqa: S101 - the loop ends at one
    return node


def _replaced(text: str, entry: syntax.Entry, value: Plain) -> str:
    span = entry.value.span
    before, after = text[: span.start], text[span.end :]
    is_block = not span.in_brackets and isinstance(entry.value, syntax.Mapping | syntax.Sequence)
    if is_block or span.start == span.end:
        # The value moves up to its key; a comment behind the key stays, the lines of a block go.
        behind = text[entry.key_end : span.start].lstrip(" ").removeprefix(":").rstrip()
        rest = after.lstrip(" ").removeprefix(":") if span.start == span.end else after
        return f"{text[: entry.key_end]}: {written(value)}{behind}{rest}"
    if isinstance(entry.value, syntax.Scalar) and text[span.start : span.start + 1] in {"|", ">"}:
        after = "\n" + after
    return before + written(value) + after


def _added(text: str, parent: syntax.Mapping, key: str, value: Plain) -> str:
    end, line = parent.span.end, f"{key}: {written(value)}"
    if parent.span.in_brackets:
        inside = text[: end - 1].rstrip()
        return inside + (", " if parent.entries else "") + line + text[end - 1 :]
    last = parent.entries[-1]
    indent = " " * (last.key_place.column - 1)
    line_end = text.find("\n", end)
    if line_end < 0:
        return f"{text}\n{indent}{line}\n"
    newline = "\r\n" if text[line_end - 1] == "\r" else "\n"
    cut = line_end + 1
    return text[:cut] + indent + line + newline + text[cut:]


def _less(text: str, parent: syntax.Mapping, entry: syntax.Entry) -> str:
    """Return the text less one of several keys in brackets, and less the comma that parts it from another."""
    others = list(parent)
    place = others.index(entry)
    if place:
        before = others[place - 1]
        return text[: max(before.value.span.end, before.key_end)] + text[max(entry.value.span.end, entry.key_end) :]
    return text[: _begin(text, entry)] + text[_begin(text, others[1]) :]


def _begin(text: str, entry: syntax.Entry) -> int:
    """Return where a key begins in the text."""
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: entry.key_place.line - 1])) + entry.key_place.column - 1


def _verify(text: str, path: Sequence[str], value: Plain) -> None:
    found = read_yaml(text)
    node = found.root
    for key in path:
        entry = node.get(key) if isinstance(node, syntax.Mapping) else None
        node = None if entry is None else entry.value
    expected = read_yaml(f"x: {written(value)}\n").root
    entry = expected.get("x") if isinstance(expected, syntax.Mapping) else None
    if found.readable_to is not None or entry is None or _plain(node) != _plain(entry.value):
        raise InputError(f"{'.'.join(path)} cannot be changed where it stands; please edit it by hand")


def _plain(node: Yaml | None) -> object:
    match node:
        case syntax.Scalar(text=text):
            return text
        case syntax.Sequence(items=items):
            return [_plain(item) for item in items]
        case syntax.Mapping(entries=entries):
            return {entry.key: _plain(entry.value) for entry in entries}
    return None
