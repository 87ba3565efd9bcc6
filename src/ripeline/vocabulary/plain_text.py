"""Text as a table of names is searched: without case, accents and punctuation; and text that does no harm."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from ripeline.vocabulary.values import fold

_WORDS = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_WHOLE_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th",
    "ħ": "h", "ə": "e",
}  # fmt: skip
"""Letters that Unicode does not take apart into a plain letter and an accent."""

HARMFUL: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, marks that turn the direction of writing, halves of letters, separators of lines."""


def one_line(text: str) -> str:
    r"""Return what somebody wrote as one line that can do no harm where it is shown.

    >>> one_line("  too\n small\x1b[31m\u202e ")
    'too small [31m'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(" " if unicodedata.category(one) in HARMFUL else one for one in text).split())


def bare_letters(text: str) -> str:
    """Return text without case and accents; punctuation stays.

    >>> bare_letters("Geschäftsführer, Łódź")
    'geschaftsfuhrer, lodz'
    """
    if text.isascii():
        return text.lower()
    return swapped(_ACCENTS.sub("", unicodedata.normalize("NFD", fold(text))), _WHOLE_LETTERS)


def swapped(text: str, letters: Mapping[str, str]) -> str:
    """Return text with letters replaced; on long texts much faster than `str.translate`."""
    for letter, instead in letters.items():
        text = text.replace(letter, instead)
    return text


def plain(text: str) -> str:
    """Return the bare words of a text with one space between them.

    >>> plain("  Côte-d'Ivoire ")
    'cote d ivoire'
    """
    return " ".join(_WORDS.findall(bare_letters(text)))
