"""A small workspace with history and something in its inbox, made once and copied for each test; and backups of it."""

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ripeline.adapters.book.inbox import connected, insert
from ripeline.entry.bootstrap.book import make_write_key, opened_server_book
from ripeline.entry.bootstrap.live import compact
from ripeline.entry.workspace import Workspace
from ripeline.ports.intake import Request
from tests.acceptance.examples import ripeline_here as ripeline

RECEIVED_US = 1_780_272_000_000_000  # 2026-06-01
AS_OF = ("--as-of", "2026-06-30")
EVENTS = "lead,name,time\nada,Trial Downloaded,2026-05-01\ngrace,Pricing Requested,2026-05-02\nada,Hit,2026-05-03\n"


def make_workspace(root: Path) -> Workspace:
    """Two imported leads, ten requests in files and five behind them; one refused row."""
    assert ripeline("init", root).returncode == 0
    events = root.parent / "events.csv"
    events.write_text(EVENTS + "alan,Hit,never\n", encoding="utf-8")
    done = ripeline("import", "events", events, "-w", root, "--lead", "lead", "--name", "name", "--time", "time")
    assert done.returncode == 0, done.stderr
    workspace = Workspace(root)
    make_write_key(workspace, "server", "crm", (), 0)
    accept(workspace, range(10))
    compact(workspace, 10, RECEIVED_US)
    accept(workspace, range(10, 15))
    return workspace


def accept(workspace: Workspace, numbers: range, received_us: int = RECEIVED_US) -> None:
    """Put requests into the inbox, as the server does."""
    db = connected(workspace.book)
    for number in numbers:
        event = {"type": "track", "event": "Trial Downloaded", "userId": f"u{number}", "messageId": f"m{number}"}
        insert(db, Request(received_us, 1, json.dumps({"batch": [event]}).encode()))
    db.close()


def copied(workspace: Workspace, to: Path) -> Workspace:
    """Return a copy that a test may break."""
    shutil.copytree(workspace.root, to)
    return Workspace(to)


def scores(root: Path, file: Path, *options: str) -> bytes:
    """Return the file of everybody's scores."""
    done = ripeline("score", "-w", root, *AS_OF, *options, "-o", file)
    assert done.returncode == 0, done.stderr
    return file.read_bytes()


def accepted(workspace: Workspace) -> int:
    """Return the position of the last request in the inbox."""
    with opened_server_book(workspace) as book:
        return book.accepted()


@dataclass
class Packing:
    """A backup taken apart, to be packed again in another way."""

    members: list[tuple[tarfile.TarInfo, bytes]]

    @classmethod
    def of(cls, backup: Path) -> "Packing":
        with tarfile.open(backup) as tar:
            return cls([(member, _content(tar, member)) for member in tar])

    def change(self, name: str, change: Callable[[bytes], bytes]) -> "Packing":
        """Change a file, and the list with it, as somebody would who knows the form."""
        self.members = [(member, change(text) if member.name == name else text) for member, text in self.members]
        return self.listed()

    def listed(self, more: Mapping[str, object] | None = None) -> "Packing":
        """Write the list anew."""
        text = json.loads(next(text for member, text in self.members if member.name == "backup.json"))
        files = [
            {"name": member.name, "bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
            for member, text in self.members
            if member.name != "backup.json"
        ]
        listed = json.dumps({**text, "files": files, **(more or {})}).encode()
        self.members = [(m, listed if m.name == "backup.json" else text) for m, text in self.members]
        return self

    def first(self, member: tarfile.TarInfo, text: bytes = b"") -> "Packing":
        """Put something before everything else."""
        self.members.insert(0, (member, text))
        return self

    def pack(self, to: Path) -> Path:
        with tarfile.open(to, "w") as tar:
            for member, text in self.members:
                member.size = len(text) if member.isreg() else 0
                tar.addfile(member, io.BytesIO(text))
        return to


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    assert file is not None
    return file.read()
