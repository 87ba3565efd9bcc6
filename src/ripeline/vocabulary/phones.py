"""Telephone numbers: what a stated one tells."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ripeline.vocabulary.values import Value, typed

PHONE_TRAITS: Final = ("phone_valid", "phone_plain", "phone_country")

PLAIN_PHONE: Final = re.compile(r"\+[1-9][0-9]{1,14}")
"""How `phone_plain` is written."""


@dataclass(frozen=True, slots=True)
class Phone:
    """What a text tells of a telephone number.

    valid: a number like this can exist; whether anybody answers, nobody can say. plain: its form of E.164, the same for
    all ways to write it, and country: its ISO 3166-1 alpha-2 code; None where the number cannot exist, and the country
    besides for numbers of none.
    """

    valid: bool
    plain: str | None = None
    country: str | None = None

    def trait(self, key: str) -> Value | None:
        """Return one of PHONE_TRAITS."""
        return typed({"phone_valid": self.valid, "phone_plain": self.plain, "phone_country": self.country}[key])


@dataclass(frozen=True, slots=True)
class PhoneRules:
    """The rules by which numbers are read, of all countries, in one version. They are loaded when first asked for.

    read: from a text and the ISO code of the country where it is dialled, None where that is not known. It returns
    None where nobody can tell what the text is, such as a number without its country.
    """

    read: Callable[[str, str | None], Phone | None]
    version: Callable[[], str]
