"""What a YAML parser complains of, in words that help a person who does not know YAML."""

import re

from ruamel.yaml.error import YAMLError

from ripeline.vocabulary.issues import Issue, Place

TOO_DEEP = "is nested deeper than {} levels"
TOO_LONG = "the file is longer than {:,} characters"

_KNOWN = (
    (r"found character '\\?t'", False, "a tab stands where only spaces may", "indent with spaces"),
    (
        "mapping values are not allowed",
        False,
        'a ":" stands where no key can be',
        'indent like the line above, or put a text that contains ":" into quotes',
    ),
    (r"expected ',' or '[}\]]'", True, "this bracket is not closed, or a comma is missing in it", ""),
    ("unexpected end of stream", True, "this quote is not closed", ""),
    ("could not find expected ':'", True, 'a key without ":"', "write key: value"),
    ("expected <block end>", False, "this line is not indented like its neighbours", ""),
    (
        r"found character .*that cannot start any token",
        False,
        "a text cannot begin with this",
        "put it into quotes",
    ),
    ("unknown escape", False, "an unknown \\ inside double quotes", "write \\\\ or use single quotes"),
)
"""Pattern of the parser's words; whether the trouble is where it began; what we say; what helps."""


def syntax_issue(error: YAMLError) -> Issue:
    """Return the issue for what stopped the parser."""
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    for pattern, at_beginning, message, hint in _KNOWN:
        if re.search(pattern, problem):
            return Issue("yaml-syntax", message, _place(error, at_beginning=at_beginning), hint)
    return Issue("yaml-syntax", f"this is not YAML: {problem}", _place(error, at_beginning=False))


def _place(error: YAMLError, *, at_beginning: bool) -> Place:
    marks = [getattr(error, name, None) for name in ("problem_mark", "context_mark")]
    mark = next((mark for mark in (reversed(marks) if at_beginning else marks) if mark is not None), None)
    return Place(1, 1) if mark is None else Place(mark.line + 1, mark.column + 1)
