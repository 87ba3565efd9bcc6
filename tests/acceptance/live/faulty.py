"""A proxy that stands between a client and a server and fails by a fixed pattern."""

import http.client
import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from enum import Enum
from urllib.parse import urlsplit

from tests.acceptance.live.loopback import Quiet, serving

SLOW_S = 0.4
# As the server's own errors have it: without it a browser shows its page no status.
ANY_PAGE = {"access-control-allow-origin": "*"}
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
    """A proxy before a server; url: where clients send to; done: how often it did what; told: the server's answers."""

    behind: str
    pattern: Sequence[Fault]
    url: str = ""
    done: "Counter[Fault]" = field(default_factory=Counter)
    told: int = 0

    def __post_init__(self) -> None:
        self._next, self._lock = itertools.cycle(self.pattern), threading.Lock()

    def choose(self) -> Fault:
        with self._lock:
            fault = next(self._next)
            self.done[fault] += 1
        return fault

    def note_told(self) -> None:
        with self._lock:
            self.told += 1

    def forward(self, asked: Quiet, body: bytes = b"") -> tuple[int, bytes, dict[str, str]]:
        connection = http.client.HTTPConnection(urlsplit(self.behind).netloc, timeout=30)
        try:
            connection.request(asked.command, asked.path, body, _kept(asked.headers))
            answer = connection.getresponse()
            return answer.status, answer.read(), _kept(answer.headers)
        finally:
            connection.close()


@contextmanager
def faulty(behind: str, pattern: Sequence[Fault] = PATTERN) -> Iterator[Faulty]:
    """Run a proxy before a server, which deals out faults in the order in which requests come."""
    proxy = Faulty(behind, pattern)
    with serving(_handler(proxy)) as port:
        proxy.url = f"http://127.0.0.1:{port}"
        yield proxy


def _handler(proxy: Faulty) -> type[Quiet]:
    class Handler(Quiet):
        def do_OPTIONS(self) -> None:  # noqa: N802 - http.server's own name
            self.answer(*proxy.forward(self))

        def do_POST(self) -> None:  # noqa: N802 - http.server's own name
            body = self.rfile.read(int(self.headers["content-length"]))
            fault = proxy.choose()
            if fault is Fault.ERROR:
                self.answer(500, b'{"code": "broken", "message": "try again"}', ANY_PAGE)
            elif fault is Fault.LIMITED:
                self.answer(429, b'{"code": "too_many", "message": "later"}', {"Retry-After": "1", **ANY_PAGE})
            else:
                self._pass_on(body, fault)

        def _pass_on(self, body: bytes, fault: Fault) -> None:
            answered = proxy.forward(self, body)
            if fault is Fault.DROPPED:
                self.close_connection = True
                return
            if fault is Fault.SLOW:
                time.sleep(SLOW_S)
            self.answer(*answered)
            proxy.note_told()

    return Handler


def _kept(headers: Message) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in NOT_PASSED_ON}
