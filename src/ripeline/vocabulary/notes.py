"""Notes about leads, and who is named in them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ripeline.vocabulary.logins import Login

LONGEST: Final = 5_000
"""Characters of a note."""

_NAMED: Final = re.compile(r"(?<![\w@.])@([\w][\w.'-]*)")


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote about a lead. number: 0 while it is not kept; lead: a name, as kind:value."""

    number: int
    lead: str
    login: int
    by: str
    at_us: int
    text: str


def mentioned(text: str, people: Iterable[Login]) -> list[Login]:
    """Return who is named with an @: by the part of their address before its @, or by a name that is theirs alone.

    >>> ada, bo = Login(1, "a.lovelace@x.example", "Ada Lovelace", "sales"), Login(2, "bo@x.example", "Bo", "sales")
    >>> [one.number for one in mentioned("@ada, ask @bo; not bo@x.example or @eve.", [ada, bo])]
    [1, 2]
    """
    known = list(people)
    named = {found.rstrip(".'-").casefold() for found in _NAMED.findall(text)}
    return [one for one in known if any(_is(one, name, known) for name in named)]


def _is(one: Login, name: str, known: list[Login]) -> bool:
    if one.mail.partition("@")[0].casefold() == name:
        return True
    return name in _called(one) and sum(name in _called(other) for other in known) == 1


def _called(one: Login) -> set[str]:
    words = one.name.casefold().split()
    return {*words, "".join(words), ".".join(words)}
