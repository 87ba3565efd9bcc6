"""Calls that come as the query of a picture: for mails, and for pages without scripts."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from secrets import token_hex
from types import MappingProxyType
from urllib.parse import parse_qsl

import msgspec

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""One transparent dot."""

MOST_PARAMETERS = 100
LONGEST_HEADER = 500
_HEADERS = {"userAgent": (b"user-agent",), "purpose": (b"sec-purpose", b"purpose", b"x-purpose", b"x-moz")}
"""Fields of the context by the headers that tell them."""

_OWN = ("event", "name", "userId", "anonymousId", "messageId", "timestamp", "type")


def pixel_event(
    query: bytes, named: str, headers: Mapping[bytes, bytes] = MappingProxyType({})
) -> tuple[bytes | None, str | None]:
    """Return a query's call as JSON and the key it shows: `data` is base64 of a whole call, else its parts.

    Every showing of a picture without a messageId is an event of its own. Whoever asks for the picture says by headers
    what they are, and whether anybody looks at it.

    >>> event, key = pixel_event(b"writeKey=k&event=Mail%20Opened&userId=u1&messageId=m1&campaign=may", "")
    >>> event, key
    (b'{"type":"track","event":"Mail Opened","userId":"u1","messageId":"m1","properties":{"campaign":"may"}}', 'k')
    """
    try:
        pairs = dict(parse_qsl(query.decode("latin-1"), max_num_fields=MOST_PARAMETERS))
    except ValueError:
        return None, None
    data, key = pairs.pop("data", None), pairs.pop("writeKey", None)
    if data is None:
        return _encoded({"type": named or "track", **_call(pairs)}, headers), key
    try:
        record = msgspec.json.decode(base64.b64decode(data + "=" * (-len(data) % 4), altchars=b"-_"))
    except (binascii.Error, ValueError, RecursionError):
        return None, key
    if not isinstance(record, dict):
        return None, key
    shown = record.get("writeKey")
    return _encoded({"type": named or "track", **record}, headers), key or (shown if isinstance(shown, str) else None)


def _call(pairs: dict[str, str]) -> dict[str, object]:
    own = {name: pairs.pop(name) for name in _OWN if name in pairs}
    return {**own, **({"properties": pairs} if pairs else {})}


def _shown(headers: Mapping[bytes, bytes]) -> Iterator[tuple[str, str]]:
    for field, names in _HEADERS.items():
        if told := next((headers[name] for name in names if name in headers), None):
            yield field, told[:LONGEST_HEADER].decode("latin-1")


def _encoded(record: dict[str, object], headers: Mapping[bytes, bytes]) -> bytes:
    record.setdefault("messageId", f"pixel-{token_hex(12)}")
    context = record.get("context", {})
    if isinstance(context, dict) and (shown := dict(_shown(headers))):
        record["context"] = {**shown, **context}
    return msgspec.json.encode(record)
