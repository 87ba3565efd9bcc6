"""Small web servers of tests, on this machine alone."""

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Quiet(BaseHTTPRequestHandler):
    """Keeps connections open as servers do, and writes no log."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        pass

    def answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response_only(status)
        for name, value in {**(headers or {}), "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve at a free port, which is given, until the block ends; with a context by TLS."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def pages(files: Mapping[str, tuple[str, bytes]]) -> type[Quiet]:
    """Return what serves files by their paths, each with its media type."""

    class Pages(Quiet):
        def do_GET(self) -> None:
            # Browsers ask every site for it, and complain on the console where it is absent.
            if self.path == "/favicon.ico":
                return self.answer(200, b"")
            kind, body = files.get(urlsplit(self.path).path, ("", b""))
            return self.answer(200 if kind else 404, body, {"content-type": kind or "text/plain"})

    return Pages
