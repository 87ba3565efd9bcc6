"""Somebody at the app without a browser: keeps a cookie, sends forms, follows nothing by itself."""

import csv
import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from tests.acceptance.live.served import Reply, Served

PASSWORD = "correct horse battery"
ADMIN = "ada@acme.example"
SEAL = re.compile(r'name="seal" value="([0-9a-f]{64})"')


@dataclass
class Visitor:
    """cookie: what it was told to keep, "" for nothing."""

    served: Served
    cookie: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def see(self, path: str, **headers: str) -> Reply:
        return self._kept(self.served.see(path, self._headers(headers)))

    def send(self, path: str, form: dict[str, str], **headers: str) -> Reply:
        body = urlencode(form).encode()
        return self._kept(self.served.see(path, self._headers(headers), body))

    def upload(self, path: str, name: str, content: bytes, seal: str | None = None) -> Reply:
        """Send a file as a form does."""
        parts = (
            ("seal", "", (self.seal() if seal is None else seal).encode()),
            ("file", f'; filename="{name}"', content),
        )
        body = b"".join(
            f'--xx\r\nContent-Disposition: form-data; name="{field_}"{more}\r\n\r\n'.encode() + said + b"\r\n"
            for field_, more, said in parts
        )
        headers = self._headers({"content-type": "multipart/form-data; boundary=xx"})
        return self._kept(self.served.see(path, headers, body + b"--xx--\r\n"))

    def seal(self) -> str:
        found = SEAL.search(self.see("/").body.decode())
        assert found, "a page with a form"
        return found[1]

    def sign_in(self, mail: str = ADMIN, password: str = PASSWORD, **more: str) -> Reply:
        return self.send("/sign-in", {"mail": mail, "password": password, **more})

    def text(self, path: str) -> str:
        """The text of a page, without its tags."""
        reply = self.see(path)
        assert reply.status == 200, reply
        return shown(reply.body.decode())

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        return {
            "accept": "text/html,*/*",
            **({"cookie": f"ripeline={self.cookie}"} if self.cookie else {}),
            **self.more,
            **headers,
        }

    def _kept(self, reply: Reply) -> Reply:
        if found := re.match(r'ripeline="?([^;"]*)"?', reply.headers.get("set-cookie", "")):
            self.cookie = found[1]
        return reply


def set_up(served: Served) -> Visitor:
    """Make the first administrator; they are signed in then."""
    visitor = Visitor(served)
    code = served.set_up.partition("code=")[2]
    reply = visitor.send("/set-up", {"code": code, "name": "Ada", "mail": ADMIN, "password": PASSWORD})
    assert (reply.status, reply.headers["location"]) == (303, "/"), reply
    return visitor


def shown(html: str) -> str:
    """Return the text of a page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def logged(admin: Visitor, query: str = "") -> list[tuple[str, str, str]]:
    """Return who did what to what, the youngest first, as the file of the log has it."""
    rows = csv.DictReader(admin.see(f"/settings/log.csv{query}").body.decode().splitlines())
    return [(row["by"], row["what"], row["about"]) for row in rows]
