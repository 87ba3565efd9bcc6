"""A request's body: unpacked whatever its headers say, and split into single events."""

import re
import zlib
from collections.abc import Iterator, Sized
from dataclasses import dataclass
from itertools import islice

import msgspec

LARGEST_BODY = 8 * 2**20
"""Bytes of a body, unpacked; clients send up to 5 MB."""

MOST_EVENTS = 10_000
"""Events of one body; clients send up to 100. A few packed kilobytes could hold millions."""

MOST_MEMBERS = 1_000
"""Gzip members of one body: whatever follows one is copied, so many empty ones would cost minutes."""

MOST_MARKS = 500_000
"""Brackets, commas, colons and texts that are told apart by Python, where JSON is broken: about half a second."""

_GZIP = b"\x1f\x8b"
# A text that never ends runs to the end of the body: so no byte is looked at twice.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[\]{},:]', re.DOTALL)


class UnreadableError(Exception):
    """A body that holds no events. code: a stable word for programs; too_large: more than is taken."""

    def __init__(self, code: str, message: str, *, too_large: bool = False) -> None:
        """Take the code and a sentence."""
        super().__init__(message)
        self.code, self.message, self.too_large = code, message, too_large


@dataclass(frozen=True, slots=True)
class Parts:
    """A body's events as bytes, each with all it says of itself, and what the body says of them all."""

    events: tuple[bytes, ...]
    batch: bool
    sent_at: object = None
    key: str | None = None


class _Envelope(msgspec.Struct):
    # Not `Raw | None`: that takes null alone, and every batch would be split by brackets.
    batch: msgspec.Raw = msgspec.Raw(b"null")
    sentAt: object = None  # noqa: N815 - as on the wire
    writeKey: object = None  # noqa: N815
    api_key: object = None


def unpacked(body: bytes) -> bytes:
    """Return a body as JSON text: gzip is known by its first bytes, not by a header.

    Raises UnreadableError where it is too large or no gzip at all.
    """
    if not body.startswith(_GZIP):
        return _within(body)
    found = bytearray()
    for _ in range(MOST_MEMBERS):
        inflate = zlib.decompressobj(wbits=31)
        try:
            found += inflate.decompress(body, LARGEST_BODY + 1 - len(found))
        except zlib.error as error:
            raise UnreadableError("not_gzip", f"the body looks like gzip and is not: {error}") from error
        _within(found)
        if not inflate.eof:
            raise UnreadableError("not_gzip", "the gzip body breaks off")
        body = inflate.unused_data
        if not body:
            return bytes(found)
    raise UnreadableError("not_gzip", f"a gzip body may have {MOST_MEMBERS:,} members")


def _within(body: bytes | bytearray) -> bytes:
    if len(body) > LARGEST_BODY:
        raise UnreadableError("too_large", f"a body may hold {LARGEST_BODY:,} bytes", too_large=True)
    return bytes(body)


def parts_of(body: bytes) -> Parts:
    """Split a body into its events: those of its `batch`, or the body itself.

    An event that is no valid JSON does not hinder the others, as long as brackets and quotes can be told.

    Raises UnreadableError where the body is no JSON object.
    """
    try:
        envelope = msgspec.json.decode(body, type=_Envelope)
        events = msgspec.json.decode(envelope.batch, type=list[msgspec.Raw] | None)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        _refuse_twice(body)
        return _split_by_brackets(body)
    # Properties may be called so too, but what stands outside the last batch may be another one.
    if body.count(b'"batch"') - bytes(envelope.batch).count(b'"batch"') > 1:
        _refuse_twice(body)
    key = next((key for key in (envelope.writeKey, envelope.api_key) if isinstance(key, str)), None)
    if events is None:
        return Parts((body,), batch=False, sent_at=envelope.sentAt, key=key)
    _few(events)
    return Parts(tuple(bytes(event) for event in events), batch=True, sent_at=envelope.sentAt, key=key)


def _few(events: Sized) -> None:
    if len(events) > MOST_EVENTS:
        raise UnreadableError("too_large", f"a body may hold {MOST_EVENTS:,} events", too_large=True)


def _refuse_twice(body: bytes) -> None:
    if body.count(b'"batch"') < 2:  # noqa: PLR2004 - two are one too many
        return
    names = [name for name, _ in _members(body)]
    if names.count(b'"batch"') > 1:
        raise UnreadableError("duplicate_keys", "the body has two batches")


def _split_by_brackets(body: bytes) -> Parts:
    members = dict(_members(body))
    batch = members.get(b'"batch"')
    if batch in {None, b"null"}:
        return Parts((body,), batch=False, sent_at=_decoded(members.get(b'"sentAt"')), key=_key(members))
    if not batch.startswith(b"["):
        raise UnreadableError("not_a_batch", "batch must be a list of events")
    events = tuple(item for _, item in _items(batch) if item)
    _few(events)
    return Parts(events, batch=True, sent_at=_decoded(members.get(b'"sentAt"')), key=_key(members))


def _key(members: dict[bytes, bytes]) -> str | None:
    keys = (_decoded(members.get(name)) for name in (b'"writeKey"', b'"api_key"'))
    return next((key for key in keys if isinstance(key, str)), None)


def _decoded(member: bytes | None) -> object:
    try:
        return None if member is None else msgspec.json.decode(member)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def _members(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the names and values of an object as bytes, told apart by brackets and quotes alone."""
    body = body.strip()
    if not (body.startswith(b"{") and body.endswith(b"}")):
        raise UnreadableError("not_json", "the body is no JSON object")
    return ((name.strip(), value) for name, value in _items(body))


def _items(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield what commas part on the first level of an object or list, split at the first colon there."""
    depth, start, colon = 0, 1, 0
    for token in islice(_TOKEN.finditer(text), MOST_MARKS):
        mark = token.group()
        if mark in b"[{":
            depth += 1
        elif mark in b"]}":
            depth -= 1
        if depth == 1 and mark == b":" and not colon:
            colon = token.start()
        if (depth == 1 and mark == b",") or depth == 0:
            cut = max(colon, start - 1)
            yield text[start:cut] if colon else b"", text[cut + 1 : token.start()].strip()
            start, colon = token.end(), 0
        if depth == 0:
            return
    raise UnreadableError("not_json", "the body's brackets do not match, or it is broken and too large to tell")
