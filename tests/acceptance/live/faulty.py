"""A proxy on this machine that stands between a client and a server and fails by a fixed pattern."""

import http.client
import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

SLOW_S = 0.4
NOT_PASSED_ON = {"connection", "keep-alive", "transfer-encoding", "host"}


class Fault(Enum):
    """What happens to a request."""

    NONE = "it is passed on"
    ERROR = "it is answered with 500 and not passed on"
    LIMITED = "it is answered with 429 and Retry-After, and not passed on"
    DROPPED = "it is passed on, and the socket is closed without an answer: the client sends again what is stored"
    SLOW = "it is passed on, and the answer waits"


PATTERN = (Fault.NONE, Fault.DROPPED, Fault.ERROR, Fault.SLOW, Fault.LIMITED, Fault.DROPPED)


@dataclass
class Faulty:
    """A proxy before a server; url: where clients send to; done: how often it did what."""

    behind: str
    pattern: Sequence[Fault]
    url: str = ""
    done: "Counter[Fault]" = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._next, self._lock = itertools.cycle(self.pattern), threading.Lock()

    def choose(self) -> Fault:
        with self._lock:
            fault = next(self._next)
            self.done[fault] += 1
        return fault

    def forward(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        connection = http.client.HTTPConnection(urlsplit(self.behind).netloc, timeout=30)
        try:
            connection.request("POST", path, body, _kept(headers))
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()


@contextmanager
def faulty(behind: str, pattern: Sequence[Fault] = PATTERN) -> Iterator[Faulty]:
    """Run a proxy before a server, which deals out faults in the order in which requests come."""
    proxy = Faulty(behind, pattern)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(proxy))
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(proxy: Faulty) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            fault = proxy.choose()
            if fault is Fault.ERROR:
                self._answer(500, b'{"code": "broken", "message": "try again"}')
            elif fault is Fault.LIMITED:
                self._answer(429, b'{"code": "too_many", "message": "later"}', {"Retry-After": "1"})
            else:
                self._pass_on(body, fault)

        def _pass_on(self, body: bytes, fault: Fault) -> None:
            status, answer, headers = proxy.forward(self.path, body, dict(self.headers.items()))
            if fault is Fault.DROPPED:
                self.close_connection = True
                return
            if fault is Fault.SLOW:
                time.sleep(SLOW_S)
            self._answer(status, answer, _kept(headers))

        def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response_only(status)
            for name, value in {**(headers or {}), "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _kept(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in NOT_PASSED_ON}
