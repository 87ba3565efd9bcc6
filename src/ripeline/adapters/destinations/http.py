"""One POST to one address, bounded in time and in what is read; nothing is followed anywhere else."""

import asyncio
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import httpcore

import ripeline
from ripeline.adapters.destinations.guard import CONNECT_S, GuardedBackend, PrivateAddressError

WITHIN_S: Final = 20.0
IDLE_S: Final = 5.0
"""How long a connection is kept that nothing goes through: others on the way may forget it without a word."""

MOST_READ: Final = 2**14
"""Bytes of an answer that are read; what is longer is left, and the connection with it."""

HEADERS: Final = {"content-type": "application/json", "user-agent": f"Ripeline/{ripeline.__version__}"}
_WHY: Final[Mapping[type[Exception], str]] = {
    PrivateAddressError: "its address is private, and allow_private is not set",
    httpcore.ConnectTimeout: "no connection in time",
    httpcore.ConnectError: "no connection",
    httpcore.TimeoutException: "no answer in time",
    httpcore.NetworkError: "the connection was cut",
    httpcore.RemoteProtocolError: "what came back is no answer of HTTP",
}


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What was answered: retry_after as it came, the beginning of the body; or why nothing was (status None)."""

    status: int | None
    error: str = ""
    retry_after: str | None = None
    body: bytes = b""


class HttpDestination:
    """An address that takes JSON, with connections of its own."""

    def __init__(self, url: str, *, allow_private: bool, kept: int) -> None:
        """Take the address, and how many connections are kept for what comes next; none is made yet."""
        self._url, self._network = url, GuardedBackend(allow_private=allow_private)
        # Made once: to read all certificates takes longer than a request.
        trusted = httpcore.default_ssl_context() if url.startswith("https:") else None
        # Whoever sends sees to how many are under way. Were there a limit here as well, requests would queue for connections,
        # and the library loses a connection for each that is broken off while it queues.
        self._pool = httpcore.AsyncConnectionPool(
            trusted,
            max_connections=None,
            max_keepalive_connections=kept,
            keepalive_expiry=IDLE_S,
            network_backend=self._network,
        )

    async def post(self, body: bytes, headers: Mapping[str, str], within_s: float = WITHIN_S) -> HttpAnswer:
        """Send a body, and return what was answered in time."""
        try:
            async with asyncio.timeout(within_s):
                return await self._post(body, [*HEADERS.items(), *headers.items()])
        except TimeoutError:
            return HttpAnswer(None, "no answer in time")
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            return HttpAnswer(None, _why(error))

    async def _post(self, body: bytes, headers: Sequence[tuple[str, str]]) -> HttpAnswer:
        timeouts = {"connect": CONNECT_S}
        asked = self._pool.stream("POST", self._url, headers=headers, content=body, extensions={"timeout": timeouts})
        async with asked as answered:
            read = b""
            async for part in answered.aiter_stream():
                read += part
                if len(read) > MOST_READ:
                    break
            told = {name.lower(): value.decode("latin-1") for name, value in answered.headers}
            return HttpAnswer(answered.status, "", told.get(b"retry-after"), read[:MOST_READ])

    async def close(self) -> None:
        """Let go of all connections."""
        await self._pool.aclose()
        self._network.close()


def _why(error: Exception) -> str:
    if any(isinstance(one, ssl.SSLError) for one in _causes(error)):
        return "no safe connection: its certificate, or its TLS, is not in order"
    return next((text for kind, text in _WHY.items() if isinstance(error, kind)), "the request failed")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
