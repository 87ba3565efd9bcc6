"""A real server of a workspace, started and stopped as an operator would, and what a client can ask it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ripeline.entry.bootstrap.book import make_token, make_write_key
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.workspace import FIRST_SETTINGS, Workspace

READY_WITHIN_S = 30.0


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


class _FollowsNothing(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


_FOLLOWS_NOTHING = urllib.request.build_opener(_FollowsNothing)


class Served:
    """A workspace with a server that can be stopped, killed and started again at the same port."""

    def __init__(self, root: Path, definition: str, settings: str = FIRST_SETTINGS) -> None:
        root.mkdir(parents=True, exist_ok=True)
        # Tests send faster than people.
        burst = "\n[set_aside]\nburst_events = 1000000\n"
        (root / "ripeline.toml").write_text(settings.replace("\n# [set_aside]\n", burst), encoding="utf-8")
        (root / "qualification.yaml").write_text(definition, encoding="utf-8")
        self.workspace = Workspace(root)
        self.web_key = make_write_key(self.workspace, "web", "web", (), 0)
        self.server_key = make_write_key(self.workspace, "server", "server", (), 0)
        self.token = make_token(self.workspace, "tests", ("read",), 0)
        self.admin = make_token(self.workspace, "admin", ("admin",), 0)
        self.clock = root / "clock"
        self.port, self.url, self.set_up, self._process = 0, "", "", None

    _process: subprocess.Popen[str] | None

    def at(self, root: Path) -> "Served":
        """Return a server, not yet started, of a copy of the workspace: the same keys, another port."""
        other = copy(self)
        other.workspace, other.clock, other.port, other._process = Workspace(root), root / "clock", 0, None
        return other

    def start(self) -> "Served":
        self.begin()
        return self.ready()

    def ready(self) -> "Served":
        """Wait until it is ready."""
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self.log()
        told = json.loads(line)
        self.url, self.set_up = told["url"], told.get("set_up", "")
        self.port = int(self.url.rpartition(":")[2])
        return self

    def begin(self) -> None:
        """Start it, and do not wait until it is ready."""
        command = [sys.executable, "-m", "ripeline", "serve", "-w", str(self.workspace.root), "--port", str(self.port)]
        if self.clock.exists():
            command += ["--clock", str(self.clock)]
        with (self.workspace.root / "server.log").open("a") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)

    @property
    def pid(self) -> int:
        assert self._process is not None, "it runs"
        return self._process.pid

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(timeout=30)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def log(self) -> str:
        return (self.workspace.root / "server.log").read_text()

    def defects(self) -> list[str]:
        """Return the lines of the log that tell of a defect of ours."""
        signs = ("Traceback", '"what":"defect"', '"what":"a thread ended"')
        return [line for line in self.log().splitlines() if any(sign in line for sign in signs)]

    def ask(self, path: str, body: bytes | None = None, method: str | None = None, **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, data=body, headers=named, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return Reply(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())

    def see(self, path: str, headers: dict[str, str], body: bytes | None = None) -> Reply:
        """Ask as a browser does that follows nothing by itself."""
        request = urllib.request.Request(self.url + path, data=body, headers=headers)
        try:
            with _FOLLOWS_NOTHING.open(request, timeout=120) as answer:
                return Reply(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())

    def send(self, *events: dict[str, Any], key: str | None = None, **headers: str) -> Reply:
        body = json.dumps({"batch": events}).encode()
        return self.ask("/v1/batch", body, authorization=basic(key or self.web_key), **headers)

    def read(self, path: str) -> dict[str, Any]:
        reply = self.ask(path, authorization=f"Bearer {self.token}")
        assert reply.status == 200, reply
        return reply.json

    def tell(self, path: str, body: object) -> Reply:
        """Ask for something to be done, as somebody who may do everything."""
        return self.ask(path, json.dumps(body).encode(), authorization=f"Bearer {self.admin}")

    def applied(self, position: int | None = None, within_s: float = 20) -> None:
        """Wait until everything that was accepted, or a position, is applied."""
        until, found = time.monotonic() + within_s, dict[str, Any]()
        while time.monotonic() < until:
            found = self.read("/api/position")
            if found["applied"] >= (found["accepted"] if position is None else position):
                return
            time.sleep(0.02)
        raise AssertionError(f"not applied in time: {found}, {self.log()}")

    def due(self, until: str) -> None:
        """Let the time come, and wait until all that is due is done."""
        beside = self.clock.with_suffix(".next")
        beside.write_text(until)
        beside.replace(self.clock)
        reply = self.ask(f"/api/due?until={until}", b"", authorization=f"Bearer {self.admin}")
        assert reply.status == 200, reply

    def failed(self) -> list[dict[str, Any]]:
        return list(self.read("/api/failed-events")["failed_events"])

    def stored(self, columns: str = "e.type, e.name, i.value") -> list[tuple[Any, ...]]:
        """Return columns of every event that counts (e), with whose it is (i), as any reader sees them."""
        with opened_store(self.workspace) as store:
            return store.con.execute(
                f"SELECT {columns} FROM events e JOIN identifiers i ON i.who = e.who ORDER BY ALL"
            ).fetchall()


@contextmanager
def serving(
    root: Path, definition: str, settings: str = FIRST_SETTINGS, at: datetime | None = None, **others: str
) -> Iterator[Served]:
    """Run the server of a new workspace, and hold it in the end to a log that tells of no defect.

    at: where its clock stands until it is told otherwise, None for the true one. others: further definitions by name.
    """
    server = Served(root, definition, settings)
    for name, text in others.items():
        (root / "definitions").mkdir(exist_ok=True)
        (root / "definitions" / f"{name}.yaml").write_text(text)
    if at is not None:
        server.clock.write_text(at.isoformat())
    server.start()
    try:
        yield server
    finally:
        server.stop()
    assert not server.defects()


def basic(key: str) -> str:
    return "Basic " + b64encode(f"{key}:".encode()).decode()


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, **more}
