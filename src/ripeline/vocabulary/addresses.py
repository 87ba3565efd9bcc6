"""E-mail addresses as identifiers: one form for all ways to write the same one."""

import re
from typing import Final

from ripeline.vocabulary.derived import email_domain
from ripeline.vocabulary.values import fold

LONGEST_ADDRESS = 254

PLACEHOLDERS: Final = frozenset(
    [
        "abc",
        "anonymous",
        "asdf",
        "email",
        "example",
        "mail",
        "na",
        "nil",
        "no",
        "no-mail",
        "no-reply",
        "nobody",
        "noemail",
        "nomail",
        "none",
        "noreply",
        "null",
        "test",
        "undefined",
        "unknown",
        "xxx",
        "xyz",
    ]
)
"""What people write before the @ when they will not tell an address: it stands for nobody."""

EASY: Final = r"[a-z0-9._%+-]{1,60}@[a-z0-9][a-z0-9-]{0,60}(\.[a-z0-9][a-z0-9-]{0,60}){1,2}"
"""Addresses whose form is their text in lower case, once that is no placeholder."""

_ODD = re.compile(r"[\s@<>(),;:\"]")


def address_of(text: str) -> str | None:
    """Return the form of an e-mail address by which it is known; None for what is none, or stands for nobody.

    >>> address_of(" Ada.Example@Mail.Example.COM "), address_of("test@example.com"), address_of("ada at home")
    ('ada.example@mail.example.com', None, None)
    """
    host = email_domain(text)
    local = fold(text.strip().rpartition("@")[0])
    if host is None or _ODD.search(local) or local in PLACEHOLDERS:
        return None
    address = f"{local}@{fold(host)}"
    return address if len(address) <= LONGEST_ADDRESS else None
