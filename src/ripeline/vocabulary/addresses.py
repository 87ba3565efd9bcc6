"""E-mail addresses as identifiers: one form for all ways to write the same one."""

import re
from typing import Final

from ripeline.vocabulary.domains import ascii_host
from ripeline.vocabulary.values import fold

LONGEST_ADDRESS = 254
"""Bytes; no mail program can write to more."""

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

EASY: Final = (
    r"[A-Za-z0-9_%+-]+(\.[A-Za-z0-9_%+-]+)*@"
    r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,4}[A-Za-z]{2,63}"
)
"""Addresses whose form is their text in lower case, where they are no longer than the longest and no placeholder."""

_EASY = re.compile(EASY)
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~\x80-\ufffc\U00010000-\U0010ffff-]+"  # U+FFFD stands for what no store can hold
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]+\Z){_LABEL}")


def address_of(text: str) -> str | None:
    """Return the form of an e-mail address by which it is known; None for what nobody can have, or stands for nobody.

    The host is in ASCII, so that it is one host however it is written.

    >>> address_of(" Ada.Example@Mail.Example.COM. "), address_of("ada@Bücher.example")
    ('ada.example@mail.example.com', 'ada@xn--bcher-kva.example')
    >>> address_of("test@example.com"), address_of("ada at home"), address_of("ada@example.com;")
    (None, None, None)
    """
    written = text.strip()
    if len(written) > LONGEST_ADDRESS:
        return None
    address = written.lower() if _EASY.fullmatch(written) else _read(written)
    return None if address is None or address.partition("@")[0] in PLACEHOLDERS else address


def _read(written: str) -> str | None:
    """Return the form of what is not written in the easy way; None where nobody can have it."""
    local, _, host = written.rpartition("@")
    known = fold(local)
    # Spaces without width and other invisible characters are not printable.
    if not _LOCAL.fullmatch(known) or not written.isprintable():
        return None
    where = ascii_host(host)
    if where is None or not _HOST.fullmatch(where):
        return None
    address = f"{known}@{where}"
    return address if len(address.encode()) <= LONGEST_ADDRESS else None
