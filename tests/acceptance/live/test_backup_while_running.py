"""Backups while clients send, files are imported and the inbox is compacted: each is one moment of all that."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from ripeline.entry.bootstrap.live import compact, opened_store
from ripeline.entry.workspace import Workspace
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served
from tests.acceptance.upkeep import scores

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

IMPORTED = 2_000


def events(start: int, count: int) -> list[dict[str, Any]]:
    return [
        {"type": "track", "event": "Hit", "userId": f"u{number % 40}", "messageId": f"m{number}"}
        | {"properties": {"number": number}}
        for number in range(start, start + count)
    ]


class Sending(threading.Thread):
    """Sends ten events in each request until told to stop; acknowledged: the numbers by the position of their request."""

    def __init__(self, served: Served) -> None:
        super().__init__()
        self._served, self._first, self._enough = served, threading.Event(), threading.Event()
        self.acknowledged: dict[int, range] = {}

    def run(self) -> None:
        start = 0
        while not self._enough.is_set():
            reply = self._served.send(*events(start, 10), key=self._served.server_key)
            if reply.status == 200:
                self.acknowledged[reply.json["position"]] = range(start, start + 10)
                start += 10
                self._first.set()

    def begin(self) -> None:
        """Start, and wait for the first answer."""
        self.start()
        assert self._first.wait(30)

    def enough(self) -> None:
        self._enough.set()
        self.join()


def start_import(served: Served, folder: Path) -> "subprocess.Popen[bytes]":
    file = folder / "old.csv"
    rows = (f"old{number},Old,2026-01-01,{number}\n" for number in range(IMPORTED))
    file.write_text("lead,name,time,number\n" + "".join(rows), encoding="utf-8")
    command = [sys.executable, "-m", "ripeline", "import", "events", str(file), "-w", str(served.workspace.root)]
    columns = ["--lead", "lead", "--name", "name", "--time", "time"]
    return subprocess.Popen([*command, *columns], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stored(workspace: Workspace) -> tuple[list[int], int]:
    """Return the numbers of the events that were sent, in order, and how many were imported."""
    with opened_store(workspace) as store:
        rows = store.con.execute('SELECT name, "properties.number:number" FROM events').fetchall()
    return sorted(number // 1_000_000 for name, number in rows if name == "Hit"), sum(name == "Old" for name, _ in rows)


def test_each_backup_is_one_moment(served: Served, tmp_path: Path) -> None:
    sending, importing, moments = Sending(served), None, []
    sending.begin()
    for turn in range(4):
        if turn == 1:
            importing = start_import(served, tmp_path)
        if turn == 2:
            compact(served.workspace, 2**62, 0)
        file = tmp_path / f"{turn}.tar"
        done = ripeline("backup", file, "-w", served.workspace.root, "--format", "json")
        assert done.returncode == 0, done.stderr
        moments.append(json.loads(done.stdout)["position"])
    assert importing is not None
    assert importing.wait(timeout=60) == 0
    sending.enough()
    assert moments == sorted(moments)
    assert moments[-1] > moments[0] > 0, "clients went on meanwhile"
    for turn, position in enumerate(moments):
        new = tmp_path / f"new{turn}"
        done = ripeline("restore", tmp_path / f"{turn}.tar", "-w", new)
        assert done.returncode == 0, done.stderr
        sent, imported = stored(Workspace(new))
        assert sent == sorted(n for at, numbers in sending.acknowledged.items() if at <= position for n in numbers)
        assert imported in {0, IMPORTED}, "an import is there as a whole or not at all"
    assert stored(served.workspace)[1] == IMPORTED


def test_a_restored_workspace_scores_the_same_and_can_be_served(served: Served, tmp_path: Path) -> None:
    """With files of an import, files of a compaction, and requests behind them."""
    served.send(*events(0, 60))
    assert start_import(served, tmp_path).wait(timeout=60) == 0
    served.applied()
    compact(served.workspace, 1, 0)
    served.send(*events(60, 60))
    assert ripeline("backup", tmp_path / "b.tar", "-w", served.workspace.root).returncode == 0
    served.send(*events(120, 60))
    served.applied()
    before = scores(served.workspace.root, tmp_path / "before.csv", "--position", "2")
    assert ripeline("restore", tmp_path / "b.tar", "-w", tmp_path / "new").returncode == 0
    assert scores(tmp_path / "new", tmp_path / "after.csv") == before
    again = served.at(tmp_path / "new").start()
    try:
        assert again.send(*events(100, 60)).json["position"] == 3
        again.applied()
        assert stored(again.workspace) == (list(range(160)), IMPORTED), "copies count once, also across the restore"
    finally:
        again.stop()
