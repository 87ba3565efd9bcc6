"""Takes what tracking clients send: safe on disk first, then 200.

Plain ASGI, since clients name content types that are not true: a body is read by its bytes.
"""

import asyncio
import base64
import binascii
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import msgspec

from ripeline.entry.server.limits import Limits, client_address
from ripeline.entry.server.pixel import PIXEL, pixel_event
from ripeline.entry.settings import IntakeSettings
from ripeline.intake.unpack import LARGEST_BODY, UnreadableError, parts_of, unpacked
from ripeline.ports.intake import Request, UnavailableError, WriteKey

KINDS = {
    "batch": None,
    "b": None,
    "identify": "identify",
    "i": "identify",
    "track": "track",
    "t": "track",
    "page": "page",
    "p": "page",
    "screen": "screen",
    "s": "screen",
    "group": "group",
    "g": "group",
    "alias": "alias",
    "a": "alias",
}
"""The last part of a route, and the call it stands for; None for batches."""

PREFIX = "/v1/"
AGAIN_AFTER_S = 2
_PICTURE = ((b"content-type", b"image/gif"), (b"cache-control", b"no-store"))
_USUAL = b"content-type, authorization, anonymousid, sentat, x-retry-count"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Put = Callable[[Request], "asyncio.Future[int]"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a client."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ((b"content-type", b"application/json"),)


def refusal(status: int, code: str, message: str, *, again_after_s: int | None = None) -> Answer:
    """Return an error as clients read it; again_after_s: when the client should try again."""
    body = msgspec.json.encode({"code": code, "message": message})
    retry = () if again_after_s is None else ((b"retry-after", str(again_after_s).encode()),)
    return Answer(status, body, ((b"content-type", b"application/json"), *retry))


@dataclass
class Counts:
    """What the intake did since it started."""

    accepted: int = 0
    unknown_key: int = 0
    unreadable: int = 0
    unavailable: int = 0
    retried: int = 0
    limited: Counter[str] = field(default_factory=lambda: Counter(key=0, address=0))
    by_status: dict[int, int] = field(default_factory=dict)


class Intake:
    """The routes that clients send to."""

    def __init__(
        self, key_of: Callable[[str], WriteKey | None], put: Put, now_us: Callable[[], int], settings: IntakeSettings
    ) -> None:
        """Take who knows keys, what makes a request safe, the clock, and how much may come."""
        self._key_of, self._put, self._now_us = key_of, put, now_us
        self._limits, self._proxies = Limits(settings), settings.trusted_proxies
        self.counts = Counts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = {name.lower(): value for name, value in scope["headers"]}
        answer = await self._answer(scope, headers, receive)
        self.counts.by_status[answer.status] = self.counts.by_status.get(answer.status, 0) + 1
        origin = headers.get(b"origin", b"*")
        cors = (
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", b"retry-after"),
            (b"vary", b"origin"),
        )
        length = (b"content-length", str(len(answer.body)).encode())
        await send(
            {"type": "http.response.start", "status": answer.status, "headers": [*answer.headers, length, *cors]}
        )
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive) -> Answer:
        method, route = scope["method"], scope["path"].removeprefix(PREFIX).strip("/")
        if method == "OPTIONS":
            return _preflight(headers)
        if route.startswith("pixel"):
            return await self._pixel(scope, route) if method == "GET" else _wrong_method("GET")
        if route not in KINDS:
            return refusal(404, "no_such_route", f"routes are {PREFIX}{{{', '.join(KINDS)}}} and {PREFIX}pixel.gif")
        if method != "POST":
            return _wrong_method("POST")
        body = await _body(receive)
        if body is None:
            self.counts.unreadable += 1
            return refusal(413, "too_large", f"a body may hold {LARGEST_BODY:,} bytes")
        return await self._take(body, KINDS[route], headers, self._client(scope))

    def _client(self, scope: Scope) -> str:
        forwarded = (value for name, value in scope["headers"] if name.lower() == b"x-forwarded-for")
        return client_address(scope["client"][0] if scope["client"] else "", forwarded, self._proxies)

    def _too_many(self, key: WriteKey, client: str, events: int) -> Answer | None:
        """Count events, or return the refusal where too many came with a web key, or with any from one address."""
        if key.kind != "web":
            return None
        now_s = monotonic()
        wait_s, by = self._limits.wait_s(key.id, client, now_s)
        if not wait_s:
            self._limits.take(key.id, client, max(events, 1), now_s)
            return None
        self.counts.limited[by] += 1
        whose = "with this key" if by == "key" else "from this address"
        return refusal(429, "too_many", f"too many events {whose}; try again in {wait_s} s", again_after_s=wait_s)

    async def _take(self, body: bytes, kind: str | None, headers: Mapping[bytes, bytes], client: str) -> Answer:
        shown, unreadable, events = _shown_key(headers), None, 1
        if shown is not None and self._key_of(shown) is None:
            return self._unknown_key()
        try:
            parts = parts_of(unpacked(body))
            shown, events = shown or parts.key, len(parts.events)
        except UnreadableError as error:
            unreadable = error
        key = None if shown is None else self._key_of(shown)
        if key is None:
            return self._unknown_key()
        if not _allowed(key, headers):
            return refusal(403, "origin_not_allowed", "this key may not be used on this site")
        if too_many := self._too_many(key, client, events):
            return too_many
        if unreadable is not None and unreadable.too_large:
            self.counts.unreadable += 1
            return refusal(413, unreadable.code, unreadable.message)
        answer = await self._keep(_request(body, kind, headers, key, self._now_us()))
        if unreadable is None or answer.status != 200:  # noqa: PLR2004 - HTTP's own number
            return answer
        # It is kept as a failed event all the same, so that somebody can look at it.
        self.counts.unreadable += 1
        return refusal(400, unreadable.code, unreadable.message)

    def _unknown_key(self) -> Answer:
        self.counts.unknown_key += 1
        return refusal(401, "unknown_key", "the write key is not known here; list them with: ripeline keys list")

    async def _keep(self, request: Request) -> Answer:
        self.counts.retried += request.retried
        try:
            position = await self._put(request)
        except UnavailableError:
            self.counts.unavailable += 1
            return refusal(
                503, "unavailable", "nothing can be stored at the moment; send it again", again_after_s=AGAIN_AFTER_S
            )
        self.counts.accepted += 1
        return Answer(200, b'{"success":true,"position":%d}' % position)

    async def _pixel(self, scope: Scope, route: str) -> Answer:
        """Take a call from a query, for mails and pages without scripts; always answer with the picture."""
        headers = {name.lower(): value for name, value in scope["headers"]}
        named = route.removeprefix("pixel.gif").removeprefix("pixel").strip("/")
        body, key_shown = pixel_event(scope["query_string"], named, headers)
        key = None if key_shown is None else self._key_of(key_shown)
        if key is None:
            self.counts.unknown_key += 1
        elif body is not None and _allowed(key, headers):
            if too_many := self._too_many(key, self._client(scope), 1):
                return Answer(too_many.status, PIXEL, (*_PICTURE, too_many.headers[-1]))
            await self._keep(_request(body, KINDS.get(named, "track") or "track", headers, key, self._now_us()))
        return Answer(200, PIXEL, _PICTURE)


def _request(body: bytes, kind: str | None, headers: Mapping[bytes, bytes], key: WriteKey, now_us: int) -> Request:
    sent_at = headers.get(b"sentat")
    return Request(
        received_us=now_us,
        key_id=key.id,
        body=body,
        kind=kind,
        retried=headers.get(b"x-retry-count", b"0") not in {b"0", b""},
        sent_at=None if sent_at is None else sent_at.decode("latin-1"),
    )


async def _body(receive: Receive) -> bytes | None:
    """Return a request's body, None where it is larger than is taken."""
    parts, size = [], 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _shown_key(headers: Mapping[bytes, bytes]) -> str | None:
    """Return the key of the Authorization header: the user of Basic, or a Bearer."""
    scheme, _, credential = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() == b"bearer":
        return credential.strip().decode("latin-1") or None
    if scheme.lower() != b"basic":
        return None
    try:
        user = base64.b64decode(credential.strip(), validate=True).partition(b":")[0]
    except (binascii.Error, ValueError):
        return None
    return user.decode("latin-1") or None


def _allowed(key: WriteKey, headers: Mapping[bytes, bytes]) -> bool:
    """A key with a list of origins is for pages there alone; programs send no origin."""
    origin = headers.get(b"origin")
    return not key.origins or origin is None or origin.decode("latin-1") in key.origins


def _preflight(headers: Mapping[bytes, bytes]) -> Answer:
    # Whatever a client asks to send, for clients add headers of their own when they try again; none is believed.
    asked = headers.get(b"access-control-request-headers") or _USUAL
    return Answer(
        200,
        b"",
        (
            (b"access-control-allow-methods", b"POST, GET, OPTIONS"),
            (b"access-control-allow-headers", asked),
            (b"access-control-max-age", b"86400"),
        ),
    )


def _wrong_method(right: str) -> Answer:
    answer = refusal(405, "wrong_method", f"use {right}")
    return Answer(answer.status, answer.body, (*answer.headers, (b"allow", right.encode())))
