"""Calls that come as the query of a picture: for mails, and for pages without scripts."""

import base64
import binascii
from secrets import token_hex
from urllib.parse import parse_qsl

import msgspec

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""One transparent dot."""

MOST_PARAMETERS = 100
_OWN = ("event", "name", "userId", "anonymousId", "messageId", "timestamp", "type")


def pixel_event(query: bytes, named: str) -> tuple[bytes | None, str | None]:
    """Return a query's call as JSON and the key it shows: `data` is base64 of a whole call, else its parts.

    Every showing of a picture without a messageId is an event of its own.

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
        return _encoded({"type": named or "track", **_call(pairs)}), key
    try:
        record = msgspec.json.decode(base64.b64decode(data + "=" * (-len(data) % 4), altchars=b"-_"))
    except (binascii.Error, ValueError, RecursionError):
        return None, key
    if not isinstance(record, dict):
        return None, key
    shown = record.get("writeKey")
    return _encoded({"type": named or "track", **record}), key or (shown if isinstance(shown, str) else None)


def _call(pairs: dict[str, str]) -> dict[str, object]:
    own = {name: pairs.pop(name) for name in _OWN if name in pairs}
    return {**own, **({"properties": pairs} if pairs else {})}


def _encoded(record: dict[str, object]) -> bytes:
    record.setdefault("messageId", f"pixel-{token_hex(12)}")
    return msgspec.json.encode(record)
