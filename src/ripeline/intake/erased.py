"""Who was erased: tombstones that name nobody keep what comes late, or again, from bringing a person back."""

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as changed
from hashlib import sha256
from typing import Final

from msgspec.structs import replace

from ripeline.intake.calls import Call
from ripeline.vocabulary.addresses import address_of
from ripeline.vocabulary.calendar import EVER, NEVER
from ripeline.vocabulary.people import RANK, IdentifierKind

ERASED: Final = "erased"
"""Why something is not stored; and the kind of the inbox's rows from which on somebody is erased."""

LARGEST_LOOKED_AT = 2**18
"""Bytes of something unreadable that are looked at, unpacked."""

_NAMES: Final[dict[str, IdentifierKind]] = {
    "userId": "user",
    "anonymousId": "anonymous",
    "previousId": "anonymous",
    "crm_id": "crm",
    "id": "crm",
}
_NAMED = re.compile(rf'"({"|".join(_NAMES)})"\s*:\s*("(?:[^"\\]|\\.)*+"|-?\d+)', re.DOTALL)
# Words without regard to what is in them: looking for an address at every letter takes quadratic time.
_WORD = re.compile(r"[^\s\"'<>(),;:\\|=&?]++")
_CELL_ENDS = re.compile(r"[,;|\t\r\n\"]+")


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An identifier that is hashed, and when it was an erased person's: from an instant until another, excluded.

    removed: it was theirs alone until they were removed, and whoever comes by it later is somebody new.
    """

    kind: IdentifierKind
    hash: str
    from_us: int
    until_us: int
    removed: bool = False

    def is_of(self, at_us: int) -> bool:
        """Say whether the identifier was the person's alone, and names nobody else yet at an instant."""
        return self.from_us == EVER and (self.until_us == NEVER or (self.removed and at_us < self.until_us))

    def ending(self, at_us: int) -> "Tombstone":
        """Return the same for somebody who is removed at an instant; what was others' too is as it was."""
        return changed(self, until_us=at_us + 1, removed=True) if self.is_of(NEVER) else self

    def unending(self) -> "Tombstone":
        """Return the same as long as nobody has come by the identifier again."""
        return changed(self, until_us=NEVER, removed=False) if self.removed else self


class Tombstones:
    """All tombstones of a workspace.

    >>> stones = Tombstones("s", [Tombstone("user", hashed("s", "ada"), EVER, NEVER)])
    >>> stones.covers("user", "ada"), stones.covers("anonymous", "ada"), stones.named_in(b'{"userId": "ada"', 0)
    (True, False, True)
    """

    def __init__(self, secret: str = "", stones: Iterable[Tombstone] = ()) -> None:
        """Take the secret that hashes are made with."""
        self.secret, self.stones = secret, tuple(stones)
        self._spans: dict[tuple[str, str], list[Tombstone]] = defaultdict(list)
        for one in self.stones:
            self._spans[one.kind, one.hash].append(one)

    def __bool__(self) -> bool:
        return bool(self.stones)

    def of(self, kind: IdentifierKind, value: str, from_us: int = EVER, until_us: int = NEVER) -> Tombstone:
        """Return the tombstone of an identifier."""
        return Tombstone(kind, hashed(self.secret, value), from_us, until_us)

    def covers(self, kind: IdentifierKind, value: str, at_us: int | None = None) -> bool:
        """Say whether what an identifier did at an instant is erased; without one, whether all of it is."""
        found = self._spans.get((kind, hashed(self.secret, value)))
        if found is None:
            return False
        if at_us is None:
            return any(one.is_of(NEVER) for one in found)
        return any(one.from_us <= at_us < one.until_us for one in found)

    def names(self, kind: IdentifierKind, value: str, at_us: int) -> bool:
        """Say whether an identifier that is told at an instant is nobody's but an erased person's."""
        found = self._spans.get((kind, hashed(self.secret, value)), ())
        return any(one.is_of(at_us) for one in found)

    def knows(self, kind: IdentifierKind, value: str) -> bool:
        """Say whether an identifier was an erased person's at any time, and may be meant so still."""
        return any(not one.removed for one in self._spans.get((kind, hashed(self.secret, value)), ()))

    def spared(self, call: Call) -> Call | None:
        """Return what is stored of a call: None where it names somebody who was erased.

        Where somebody else has an erased person's device now, the call is theirs and names the device no more.
        """
        if self._names_erased(call):
            return None
        if call.user is None and self.covers("anonymous", call.device or "", call.time_us):
            return None
        device = None if call.user is not None and self._is_device(call.device, call.time_us) else call.device
        previous = None if self._is_device(call.previous, call.time_us) else call.previous
        same = device == call.device and previous == call.previous
        return call if same else replace(call, device=device, previous=previous)

    def _is_device(self, value: str | None, at_us: int) -> bool:
        return value is not None and self.names("anonymous", value, at_us)

    def _names_erased(self, call: Call) -> bool:
        at_us = call.time_us
        if call.user is not None and (self.names("user", call.user, at_us) or self._is_address(call.user, at_us)):
            return True
        if call.crm_id is not None and self.names("crm", call.crm_id, at_us):
            return True
        return call.email is not None and self._is_address(call.email, at_us)

    def _is_address(self, text: str, at_us: int) -> bool:
        address = address_of(text) if "@" in text else None
        return address is not None and self.names("email", address, at_us)

    def named_in(self, event: bytes, received_us: int) -> bool:
        """Say whether an event that cannot be read, or does not count, names somebody who was erased."""
        text = _unpacked(event).decode("utf-8", "replace")
        names = ((_NAMES[key], _text_of(value)) for key, value in _NAMED.findall(text))
        return self._mailed(text, received_us) or any(self.covers(kind, value, received_us) for kind, value in names)

    def told_in(self, row: str, at_us: int = NEVER) -> bool:
        """Say whether a row of a file has an address, or a cell, by which somebody was known who was erased.

        at_us: when it was written, which tells those who were removed later.
        """
        cells = {part.strip(" {}[]:") for part in _CELL_ENDS.split(row)}
        return self._mailed(row, at_us) or any(self.is_name(cell, at_us) for cell in cells)

    def is_name(self, text: str, at_us: int = NEVER) -> bool:
        """Say whether a text is an identifier, of whatever kind, or an address of somebody who was erased."""
        return any(self.names(kind, text, at_us) for kind in RANK) or self._is_address(text, at_us)

    def _mailed(self, text: str, at_us: int) -> bool:
        return any(self.names("email", address, at_us) for address in _addresses(text))


def hashed(secret: str, value: str) -> str:
    """Return an identifier as it is kept of erased people. SQL of imports hashes in the same way."""
    return sha256((secret + value).encode()).hexdigest()


def _addresses(text: str) -> Iterator[str]:
    plain = text.replace("\\u0040", "@").replace("%40", "@")
    words = _WORD.findall(plain) if "@" in plain else ()
    for word in words:
        if "@" in word and (address := address_of(word.strip(".{}[]"))) is not None:
            yield address


def _text_of(value: str) -> str:
    with suppress(ValueError):
        return str(json.loads(value)).strip()
    return value.strip('" ')


def _unpacked(event: bytes) -> bytes:
    """Return what an event says, as much of it as can be unpacked where it breaks off."""
    with suppress(zlib.error):
        return zlib.decompressobj(wbits=31).decompress(event, LARGEST_LOOKED_AT)
    return event
