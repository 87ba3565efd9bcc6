"""One connection to an intake, kept open from request to request."""

import asyncio
import ssl
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import httptools
import msgspec

from ripeline.vocabulary.issues import InputError

ANSWER_WITHIN_S = 30.0


class NoAnswerError(Exception):
    """The server could not be reached, or the connection broke, or nothing came in time."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send to."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        """Host and port, as the header has them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def target_of(url: str) -> Target:
    """Return the intake's place at a server.

    Raises InputError where that is no address of the web.
    """
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise InputError(f'"{url}" is no URL: {error}') from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise InputError(f'"{url}" is no address of a server; it looks like http://127.0.0.1:8321')
    return Target(parts.scheme, parts.hostname, port, f"{parts.path.rstrip('/')}/v1/batch")


class Answer(msgspec.Struct):
    """What a server said. retry_after_s: None where it named no time."""

    status: int = 0
    retry_after_s: float | None = None
    body: bytes = b""


class Connection:
    """Sends one request at a time; opened when needed, and anew after a failure."""

    def __init__(self, target: Target) -> None:
        """Take where to; nothing is opened yet."""
        self._target = target
        self._wire: _Wire | None = None

    async def post(self, key: str, body: bytes, tries: int) -> Answer:
        """Send a body. tries: how often it was sent before.

        Raises NoAnswerError where it is not known whether it arrived.
        """
        wire = await self.open()
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await wire.exchange(_head(self._target, key, len(body), tries) + body)
        except (OSError, TimeoutError, httptools.HttpParserError) as error:
            self.close()
            raise NoAnswerError(str(error) or "no answer came in time") from error

    async def open(self) -> "_Wire":
        """Open it where it is not open.

        Raises NoAnswerError where nobody listens.
        """
        if self._wire is None or self._wire.closed:
            try:
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    self._wire = await _opened(self._target)
            except (OSError, TimeoutError) as error:
                raise NoAnswerError(str(error) or "nobody answers") from error
        return self._wire

    def close(self) -> None:
        """Close it; the next request opens it again."""
        if self._wire is not None:
            self._wire.close()
        self._wire = None


class _Wire(asyncio.Protocol):
    """One socket: writes a request, reads its answer."""

    def __init__(self) -> None:
        self._parser, self._answer = httptools.HttpResponseParser(self), Answer()
        self._answered: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    @property
    def closed(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    async def exchange(self, request: bytes) -> Answer:
        if self._transport is None:
            raise ConnectionResetError("the server closed the connection")
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answered

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(error)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._fail(exc or ConnectionResetError("the server closed the connection"))

    def _fail(self, error: Exception) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error)

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"retry-after" and value.isdigit():
            self._answer.retry_after_s = float(value)

    def on_body(self, part: bytes) -> None:
        self._answer.body += part

    def on_message_complete(self) -> None:
        answer, self._answer = self._answer, Answer()
        answer.status = self._parser.get_status_code()
        if not self._parser.should_keep_alive():
            self.close()
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(answer)


async def _opened(target: Target) -> _Wire:
    loop = asyncio.get_running_loop()
    secure = ssl.create_default_context() if target.scheme == "https" else None
    _, wire = await loop.create_connection(_Wire, target.host, target.port, ssl=secure)
    return wire


def _head(target: Target, key: str, length: int, tries: int) -> bytes:
    lines = [
        f"POST {target.path} HTTP/1.1",
        f"Host: {target.name}",
        f"Authorization: Basic {b64encode(f'{key}:'.encode()).decode()}",
        "Content-Type: application/json",
        f"Content-Length: {length}",
        *([f"X-Retry-Count: {tries}"] if tries else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()
