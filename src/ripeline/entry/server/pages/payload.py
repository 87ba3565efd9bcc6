"""What a client sent, as people read it: JSON on lines, nothing in it that does harm, long values cut."""

import unicodedata
from dataclasses import dataclass
from typing import Final

import msgspec

from ripeline.vocabulary.plain_text import HARMFUL

LONGEST_LINE: Final = 160


@dataclass(frozen=True, slots=True)
class PayloadLine:
    """A line. deep: how far in it stands; whole: all of it where the text is cut, else ""."""

    deep: int
    text: str
    whole: str = ""


def payload_text(raw: bytes) -> str:
    r"""Return what was sent as text that says the same: what does harm where it is shown is written as JSON writes it.

    >>> payload_text('{"a": "x\u202ey"}'.encode())
    '{\n  "a": "x\\u202ey"\n}'
    >>> payload_text(b'{"a": ')
    '{"a": '
    """
    try:
        text = msgspec.json.format(raw, indent=2).decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text = raw.decode("utf-8", "replace")
    return "".join(map(_shown, text))


def payload_lines(raw: bytes) -> list[PayloadLine]:
    """Return what was sent line by line."""
    return [_line(line) for line in payload_text(raw).split("\n")]


def _line(line: str) -> PayloadLine:
    text = line.lstrip(" ")
    deep = min((len(line) - len(text)) // 2, 12)
    return PayloadLine(deep, text) if len(text) <= LONGEST_LINE else PayloadLine(deep, f"{text[:LONGEST_LINE]}…", text)


def _shown(letter: str) -> str:
    if letter in "\n\t" or (letter.isascii() and letter.isprintable()):
        return letter
    if unicodedata.category(letter) not in HARMFUL:
        return letter
    halves = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{halves[at] << 8 | halves[at + 1]:04x}" for at in range(0, len(halves), 2))
