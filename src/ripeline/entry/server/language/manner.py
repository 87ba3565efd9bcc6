"""In which language somebody is told things, and how they write numbers: what their browser asks for."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal

from ripeline.entry.server.language.catalogs import languages
from ripeline.vocabulary.points import shown_text

ENGLISH: Final = "en"
"""The language that everything is written in."""

LONGEST: Final = 300
"""Of what a browser asks for; longer ones are made by nobody who reads."""

_TAG: Final = re.compile(
    r"\s*([a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3})\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?)\s*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """How numbers are written. unlike: a locale whose groups are not of three digits each, "" for the usual ones."""

    group: str = ","
    point: str = "."
    unlike: str = ""

    def whole(self, count: int) -> str:
        """Return a count as people read it.

        >>> Numbers().whole(1234567), Numbers(group=".").whole(-1234567)
        ('1,234,567', '-1.234.567')
        """
        if self.unlike:
            return format_decimal(count, locale=self.unlike)
        return self.decimal(f"{count:,}")

    def points(self, micro: int) -> str:
        """Return a score as it is shown, in points.

        >>> Numbers(point=",").points(53_411_601)
        '53,4'
        """
        return self.decimal(shown_text(micro))

    def decimal(self, text: str) -> str:
        """Return a number that is written as in English, by these signs.

        >>> Numbers(group=".", point=",").decimal("+1,234.5")
        '+1.234,5'
        """
        return text.translate({ord(","): self.group, ord("."): self.point})


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody is told things; there are few of these, so that each has its own templates.

    language: of the texts, which has its numbers beside it; file: what holds them, None for those of the program.
    """

    language: str = ENGLISH
    numbers: Numbers = Numbers()
    file: Path | None = None


PLAIN: Final = Manner()
"""Of whoever asks for nothing."""


@lru_cache(maxsize=1024)
def manner_of(asked: str, workspace: Path | None = None) -> Manner:
    """Return how somebody is told things whose browser asks so (Accept-Language); what cannot be read is left out.

    workspace: whose folder may hold languages of its own.

    >>> manner_of("de-DE,de;q=0.9,en;q=0.8").numbers.whole(1234567)
    '1.234.567'
    >>> manner_of("../../etc/passwd, xx, *;q=zwei") == PLAIN
    True
    """
    wanted = [locale for text in _wanted(asked) if (locale := _locale(text))]
    if not wanted:
        return PLAIN
    known = {ENGLISH: None, **languages(workspace)}
    names = (name for locale in wanted for name in (str(locale), locale.language))
    language = next((name for name in names if name in known), ENGLISH)
    return Manner(language, _numbers(wanted[0]), known[language])


def _wanted(asked: str) -> list[str]:
    found = [tag for part in asked[:LONGEST].split(",") if (tag := _TAG.fullmatch(part))]
    weighed = [(float(tag[2] or 1), tag[1]) for tag in found]
    return [text for weight, text in sorted(weighed, key=lambda one: -one[0]) if weight > 0]


def _locale(text: str) -> Locale | None:
    try:
        return Locale.parse(text, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _numbers(locale: Locale) -> Numbers:
    """Return how numbers are written there, in the digits that are written here."""
    signs = locale.number_symbols["latn"]
    same = Numbers(signs["group"], signs["decimal"])
    threes = all(format_decimal(count, locale=locale) == same.whole(count) for count in (1_234, 12_345, 1_234_567))
    return same if threes else Numbers(same.group, same.point, str(locale))
