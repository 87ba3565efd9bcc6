"""Sentences that the program makes: English where they are made, and what the reader's language has where they are put out."""

import re
from collections.abc import Mapping
from typing import Final, Self

from ripeline.entry.server.language.catalogs import Catalog
from ripeline.entry.server.language.manner import Numbers

_PLACE: Final = re.compile(r"\{(\w+)\}")
_ENGLISH: Final = Numbers()


class Sentence(str):
    """A text that knows what it was made of. Whoever treats it as text has it in English.

    message: the text with {names} for what differs; values: what stands there: whole numbers are counts, others are
    told to a tenth, the rest are texts.
    """

    __slots__ = ("message", "values")
    message: str
    values: Mapping[str, object]

    def __new__(cls, message: str, values: Mapping[str, object]) -> Self:
        """Fill in what differs."""
        made = super().__new__(cls, _filled(message, values, {}, _ENGLISH) if values else message)
        made.message, made.values = message, values
        return made

    def told(self, catalog: Catalog, numbers: Numbers) -> str:
        """Return it in a language, in English where the language lacks it or speaks of other things.

        >>> made = Sentence("{count} leads of {name}", {"count": 1200, "name": "Acme"})
        >>> made.told({"{count} leads of {name}": "{name}: {count}"}, Numbers("."))
        'Acme: 1.200'
        >>> made.told({"{count} leads of {name}": "{which}"}, Numbers("."))
        '1.200 leads of Acme'
        """
        text = catalog.get(self.message, self.message)
        fits = sorted(_PLACE.findall(text)) == sorted(_PLACE.findall(self.message))
        return _filled(text if fits else self.message, self.values, catalog, numbers)


def _(message: str, **values: object) -> str:
    """Return a sentence for pages. Messages are found in the program by this name, so they stand there as a whole.

    >>> _("{count} leads of {name}", count=1200, name="Acme")
    '1,200 leads of Acme'
    """
    return Sentence(message, values)


def counted(count: int) -> str:
    """Return a number as people read it.

    >>> counted(1200)
    '1,200'
    """
    return Sentence("{count}", {"count": count})


def _filled(text: str, values: Mapping[str, object], catalog: Catalog, numbers: Numbers) -> str:
    def one(found: re.Match[str]) -> str:
        return _value(values[found[1]], catalog, numbers) if found[1] in values else found[0]

    return _PLACE.sub(one, text)


def _value(value: object, catalog: Catalog, numbers: Numbers) -> str:
    match value:
        case Sentence():
            return value.told(catalog, numbers)
        case int():
            return numbers.whole(value)
        case float():
            return numbers.decimal(f"{value:.1f}")
        case _:
            return str(value)
