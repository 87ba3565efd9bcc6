"""A packet as plain text: what a mail says to those who read no HTML."""

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Final

from ripeline.usecases.packet_words import Line, Section

WIDTH: Final = 76
NAMED: Final = 24


def packet_text(title: str, lead_in: Sequence[str], sections: Iterable[Section]) -> str:
    """Return a packet as text of lines that are not too long."""
    head = [title, "", *(part for sentence in lead_in for part in _wrapped(sentence, WIDTH))]
    return "\n".join([*head, *(text for one in sections for text in _section(one))]) + "\n"


def _section(one: Section) -> list[str]:
    named = any(name for name, _ in one.lines)
    told = (_line(each) if named else _wrapped(each[1], WIDTH, "  ") for each in one.lines)
    return ["", one.title.upper(), *(text for lines in told for text in lines)]


def _line(one: Line) -> list[str]:
    """Return what is said beside its name, or below one that is long, all in one column."""
    name, text = one
    below = _wrapped(text, WIDTH, " " * NAMED)
    if not name:
        return below
    if len(name) > NAMED - 4:
        return [f"  {name}", *below]
    return [f"  {name:<{NAMED - 2}}{below[0].lstrip()}", *below[1:]]


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Return lines of a text; an address is never broken."""
    lines = wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return lines or [indent]
