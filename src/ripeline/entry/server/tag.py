"""What a web page needs to send events: the tag for it, and the client that the tag loads from here."""

import gzip
import json
from hashlib import sha256
from importlib import resources
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from ripeline.entry.server.operations import TEXT, Content, Operation
from ripeline.vocabulary.issues import InputError

LICENCES = "/ripeline.licences.txt"
# The client asks for its rarely used parts below this path, by names that hold a hash of what is in them.
PARTS = "/analytics-next/bundles/"
_HEADERS = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": "public, max-age=3600",
    "vary": "accept-encoding",
    "x-content-type-options": "nosniff",
}


def tag(url: str, key: str) -> str:
    """Return the HTML that a page holds to send events to the server at a URL with a web key."""
    template = _static("snippet.html").decode()
    return template.replace("(URL, KEY)", f"({_in_script(_checked(url))}, {_in_script(key)})")


def tag_operations() -> list[Operation]:
    """Return the operations by which pages load the client."""
    parts = [file.name for file in _folder().iterdir() if ".bundle." in file.name]
    return [
        _loaded("/ripeline.js", "ripeline.js", "The client for web pages."),
        _loaded(LICENCES, "LICENCES.txt", "The licences of the client.", "text/plain"),
        *(_loaded(PARTS + name, name, "A part of the client that it loads where it is needed.") for name in parts),
    ]


def _loaded(path: str, name: str, does: str, media_type: str = "text/javascript") -> Operation:
    file = _File(name, media_type)
    return Operation("GET", path, file.answer, Content(TEXT, media_type), scope=None, does=does)


class _File:
    """A file of the wheel, packed once."""

    def __init__(self, name: str, media_type: str) -> None:
        """Read it."""
        self._plain, self._media_type = _static(name), media_type
        self._packed = gzip.compress(self._plain, mtime=0)
        # Weak, since the packed and the plain answer share it.
        self._etag = f'W/"{sha256(self._plain).hexdigest()[:16]}"'

    async def answer(self, request: Request) -> Response:
        """Answer with the file, or say that the asker has it already."""
        headers = _HEADERS | {"etag": self._etag}
        if request.headers.get("if-none-match") == self._etag:
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(self._plain, headers=headers, media_type=self._media_type)
        return Response(self._packed, headers=headers | {"content-encoding": "gzip"}, media_type=self._media_type)


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"http", "https"} and parts.hostname and not (parts.query or parts.fragment)
    except ValueError:
        fine = False
    if not fine:
        raise InputError(f'"{url}" is no address of a server, such as https://events.example.com')
    return url.rstrip("/")


def _in_script(text: str) -> str:
    # Inside a script element "</script>" would end it, even within quotes.
    return json.dumps(text).replace("<", "\\u003c")


def _folder() -> resources.abc.Traversable:
    return resources.files("ripeline.entry.server").joinpath("static")


def _static(name: str) -> bytes:
    return _folder().joinpath(name).read_bytes()
