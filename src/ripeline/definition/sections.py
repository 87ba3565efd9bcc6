"""Parts of a definition's text as they were written, to stand in another one."""

from collections.abc import Collection

from ripeline.definition.syntax import Mapping, read_yaml


def sections(text: str, keys: Collection[str]) -> str:
    r"""Return the parts of a text under some of its topmost keys, comments inside them too; none of what is not there.

    >>> sections("version: 1\nrequired: [email]  # or none\nsuppress:\n  own: {when: x = 1}\nfit: {}\n", ["suppress"])
    'suppress:\n  own: {when: x = 1}\n'
    """
    root = read_yaml(text).root
    if not isinstance(root, Mapping) or root.span.in_brackets:
        return ""
    lines = text.removeprefix("\ufeff").splitlines()
    begins = [entry.key_place.line for entry in root] + [len(lines) + 1]
    parts = (
        lines[begin - 1 : end - 1]
        for entry, begin, end in zip(root, begins, begins[1:], strict=False)
        if entry.key in keys
    )
    return "".join(f"{_without_end(part)}\n" for part in parts)


def _without_end(lines: list[str]) -> str:
    """Return lines without empty ones and comments at their end, which belong to what follows."""
    last = max(number for number, line in enumerate(lines) if line.strip() and not line.startswith("#"))
    return "\n".join(lines[: last + 1])
