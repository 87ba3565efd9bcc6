"""Those whom messages are sent to, on this machine: a web server and a mail server that do as they are told."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.acceptance.live.loopback import Quiet, serving

HUNG_S = 60
PASSWORD = "hunter2"


@dataclass(frozen=True)
class Heard:
    """A request that came in; headers by their names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass(frozen=True)
class Said:
    """What is answered. raw: these bytes alone, and the connection is closed."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    raw: bytes | None = None
    hang: bool = False


FINE = Said()
Answering = Callable[[Heard], Said]


class Web:
    """A web server that answers each request as `answering` says, and remembers them all."""

    def __init__(self, answering: Answering) -> None:
        self.heard: list[Heard] = []
        self.answering, self.port, self.go_on, self._lock = answering, 0, threading.Event(), threading.Lock()

    def of(self, path: str) -> list[Heard]:
        return [one for one in self.heard if one.path == path]

    def hear(self, one: Heard) -> Said:
        with self._lock:
            self.heard.append(one)
            return self.answering(one)


@contextmanager
def web(answering: Answering = lambda _: FINE, context: ssl.SSLContext | None = None) -> Iterator[Web]:
    """Run a web server until the block ends; whoever hangs is let go then. With a context it speaks TLS."""
    found = Web(answering)

    class Handler(Quiet):
        def do_POST(self) -> None:  # noqa: N802 - as the library calls it
            length = int(self.headers["content-length"])
            body = self.rfile.read(length)
            if len(body) < length:  # whoever sent it was killed on the way: that is no message
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = found.hear(Heard(self.path, headers, body))
            if said.hang:
                found.go_on.wait(HUNG_S)
            if said.raw is not None:
                self.wfile.write(said.raw)
                self.close_connection = True
                return
            self.answer(said.status, said.body, said.headers)

        def handle(self) -> None:
            with suppress(ConnectionError):  # whoever asked hung up
                super().handle()

    with serving(Handler, context) as port:
        found.port = port
        try:
            yield found
        finally:
            found.go_on.set()


class Post:
    """A mail server. on_rcpt, on_data: what it answers, None for 250; "cut": it cuts the connection, "hang": it is silent."""

    def __init__(self) -> None:
        self.on_rcpt: Callable[[], str | None] = lambda: None
        self.on_data: Callable[[], str | None] = lambda: None
        self.asked: list[str] = []
        self.accepted: list[EmailMessage] = []
        self.cut: list[EmailMessage] = []
        self.hanging = threading.Event()
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - as the library calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.append(address)
        said = self.on_rcpt()
        if said is None:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(  # noqa: N802 - as the library calls it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        said = self.on_data()
        mail = _read(envelope)
        if said in {"cut", "hang"}:
            self.cut.append(mail)
            transport: Any = server.transport
            if said == "hang":
                self.hanging.set()
                while not transport.is_closing():  # noqa: ASYNC110 - it may close from either side
                    await asyncio.sleep(0.02)
            transport.abort()
            return "250 nobody hears this"
        if said is None:
            self.accepted.append(mail)
        return said or "250 OK"


def _read(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    found = message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def _known(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)


@contextmanager
def post(context: ssl.SSLContext | None = None) -> Iterator[Post]:
    """Run a mail server until the block ends; with a context it offers TLS, and logs in those who know PASSWORD."""
    found, ready, made, began = Post(), threading.Event(), list[SMTP](), list[tuple[Any, asyncio.Event]]()

    def connection() -> SMTP:
        loop = asyncio.get_running_loop()
        made.append(SMTP(found, hostname="mail.example", tls_context=context, authenticator=_known, loop=loop))
        return made[-1]

    async def serve() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        server = await loop.create_server(connection, "127.0.0.1", 0)
        found.port = server.sockets[0].getsockname()[1]
        began.append((loop, stop))
        ready.set()
        await stop.wait()
        server.close()
        for one in made:
            if one.transport is not None:
                one.transport.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait(HUNG_S)
    try:
        yield found
    finally:
        loop, stop = began[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join()
