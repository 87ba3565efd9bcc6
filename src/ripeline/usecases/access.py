"""Tokens and write keys that somebody wants: what cannot be meant is said, before anything is made."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from ripeline.usecases.said import words_of
from ripeline.vocabulary.access import KEY_KINDS, SCOPES, NewKey, NewToken
from ripeline.vocabulary.issues import InputError, did_you_mean

LONGEST_NAME: Final = 80
MOST_ORIGINS: Final = 50

_SITE: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#@\sA-Z]+")


def token_wanted(name: str, scopes: Collection[str], person: str | None, people: Collection[str]) -> NewToken:
    """Return the token that is wanted, or raise InputError. people: the salespeople there are.

    >>> token_wanted("crm", ["write", "read"], None, [])
    NewToken(name='crm', scopes=('read', 'write'), person=None)
    """
    for one in scopes:
        if one not in SCOPES:
            raise InputError(f'"{one}" is no scope; {did_you_mean(one, SCOPES)}')
    chosen = tuple(one for one in SCOPES if one in scopes)
    if not chosen:
        raise InputError("choose what the token allows")
    if person is not None and person not in people:
        raise InputError(f'"{person}" is no salesperson here; {did_you_mean(person, people)}')
    if person is not None and not {"answer", "admin"} & set(chosen):
        raise InputError("a salesperson goes with answer: it says whose handoffs a token answers")
    return NewToken(_short("the name", name), chosen, person)


def key_wanted(kind: str, source: str, origins: Sequence[str]) -> NewKey:
    """Return the write key that is wanted, or raise InputError; without a source it is named after its kind.

    >>> key_wanted("web", "", ["https://www.acme.example"])
    NewKey(kind='web', source='web', origins=('https://www.acme.example',))
    """
    chosen = next((one for one in KEY_KINDS if one == kind), None)
    if chosen is None:
        raise InputError("choose a kind: web or server")
    for site in origins:
        if _SITE.fullmatch(site) is None:
            raise InputError(f'"{site}" is no site as browsers name it, such as https://www.shop.example')
    if len(origins) > MOST_ORIGINS:
        raise InputError(f"a key takes at most {MOST_ORIGINS} sites")
    return NewKey(chosen, _short("the source", source) or kind, tuple(dict.fromkeys(origins)))


def _short(name: str, text: str) -> str:
    told = words_of(name, text) or ""
    if len(told) > LONGEST_NAME:
        raise InputError(f"{name} has at most {LONGEST_NAME} letters")
    return told
