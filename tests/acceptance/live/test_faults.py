"""Disks that take nothing, a book that others hold, and kills: what was answered with 200 is there, once."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ripeline.entry.bootstrap.shipped import template
from tests.acceptance.live.served import Reply, Served, basic, serving

resource = pytest.importorskip("resource", reason="limits of processes are of Unix")
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.engine_duckdb,
    pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits a running process"),
]

COMPACTING = (
    "import sys; from pathlib import Path; from ripeline.entry.bootstrap.live import compact; "
    "from ripeline.entry.workspace import Workspace; workspace = Workspace(Path(sys.argv[1])); "
    "print('ready', flush=True); compact(workspace, 2**63 - 1, 0)"
)


def event(number: int, **changes: object) -> dict[str, Any]:
    who = {"userId": f"user {number % 50}"} if number % 3 else {"anonymousId": f"device {number % 50}"}
    properties = {"number": number, "plan": "pro" * (number % 4)}
    return {"type": "track", "event": "Hit", "messageId": f"m{number}", "properties": properties, **who} | changes


def numbers(served: Served) -> list[int]:
    """Return the numbers of all events that are stored, in order, each as often as it is there."""
    return sorted(number // 1_000_000 for (number,) in served.stored('e."properties.number:number"'))


def must_be_whole(served: Served) -> None:
    db = sqlite3.connect(served.workspace.book)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    db.close()


def must_be_refused(reply: Reply) -> None:
    assert (reply.status, reply.json["code"]) == (503, "unavailable")
    assert int(reply.headers["retry-after"]) > 0


@contextmanager
def no_byte_written(served: Served) -> Iterator[None]:
    """The server can write to no file, as on a disk that is read only."""
    resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def test_a_disk_that_takes_nothing_is_waited_for(served: Served) -> None:
    for number in range(20):
        assert served.send(event(number)).status == 200
    served.applied()
    with no_byte_written(served):
        for number in range(20, 25):
            must_be_refused(served.send(event(number)))
        assert served.read("/api/position") == {"accepted": 20, "applied": 20}, "the server is up"
        must_be_refused(served.ask("/v1/t", b"{", authorization=basic(served.web_key)))
    for number in range(18, 30):
        assert served.send(event(number)).status == 200
    served.applied()
    assert numbers(served) == list(range(30))
    must_be_whole(served)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root can mount a small disk")
    done = subprocess.run([mount, "-t", "tmpfs", "-o", "size=12m", "none", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_waited_for(small_disk: Path) -> None:
    """Until somebody makes room; what was refused comes again and counts."""
    filler = small_disk / "filler"
    with serving(small_disk / "live", template("b2b-saas")) as served:
        sent = _until_full(served, filler)
        must_be_refused(served.send(event(sent, context={"text": "x" * 30_000})))
        filler.unlink()
        for number in range(sent - 1, sent + 5):
            assert served.send(event(number)).status == 200
        served.applied()
        assert numbers(served) == list(range(sent + 5))
        must_be_whole(served)


def _until_full(served: Served, filler: Path) -> int:
    """Take the space, then send until nothing is taken any more; return how many were."""
    assert served.send(event(0)).status == 200
    served.applied()
    with filler.open("wb") as file:
        free = shutil.disk_usage(filler.parent).free
        file.write(bytes(free - 300_000))
    for number in range(1, 1_000):
        reply = served.send(event(number, context={"text": "x" * 30_000}))
        if reply.status != 200:
            must_be_refused(reply)
            return number
    raise AssertionError("the disk never was full")


def test_others_may_hold_the_book_for_seconds(served: Served) -> None:
    """Requests wait for it, or are refused; what got 200 is there."""
    assert served.send(event(0)).status == 200
    db = sqlite3.connect(served.workspace.book, isolation_level=None)
    with ThreadPoolExecutor(4) as pool:
        db.execute("BEGIN IMMEDIATE")
        replies = [pool.submit(served.send, event(number)) for number in range(1, 20)]
        time.sleep(3)
        assert served.ask("/health").status == 200
        db.execute("COMMIT")
        answered = [number for number, reply in enumerate(replies, start=1) if reply.result().status == 200]
    db.close()
    assert {reply.result().status for reply in replies} <= {200, 503}
    assert answered, "it goes on once the book is free"
    served.applied()
    assert set(numbers(served)) >= {0, *answered}
    assert len(set(numbers(served))) == len(numbers(served))


@pytest.mark.slow
def test_a_disk_that_comes_and_goes_loses_nothing(served: Served) -> None:
    """Also where it goes between the answer and what is written of an event when it is applied."""
    rng, answered, refused = Random(5), set[int](), 0
    with ThreadPoolExecutor(2) as pool:
        for start in range(0, 1_000, 50):
            replies = [(number, pool.submit(served.send, event(number), {})) for number in range(start, start + 50)]
            time.sleep(rng.random() / 10)
            with no_byte_written(served):
                time.sleep(rng.random() / 10)
            for number, reply in replies:
                assert reply.result().status in {200, 503}
                refused += reply.result().status == 503
                answered |= {number} if reply.result().status == 200 else set()
    assert refused
    served.applied()
    assert set(numbers(served)) == answered
    assert numbers(served) == sorted(answered)
    assert len(served.failed()) == min(100, len(answered)), "the empty events beside them"


def compacting(served: Served) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", COMPACTING, str(served.workspace.root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.slow
@pytest.mark.slow
def test_compaction_may_be_killed_at_any_point(served: Served) -> None:
    """While the server goes on taking events; the last one is left to end."""
    rng, total, killed = Random(7), 0, 0
    lasts_s = 0.5
    for turn in range(12):
        served.send(*[event(number) for number in range(total, total + 300)], key=served.web_key)
        total += 300
        process, since = compacting(served), time.monotonic()
        if turn:
            time.sleep(rng.random() * lasts_s)
            process.send_signal(signal.SIGKILL)
        served.send(*[event(number) for number in range(total - 5, total + 20)])
        total += 20
        killed += process.wait(timeout=60) == -signal.SIGKILL
        lasts_s = lasts_s if turn else time.monotonic() - since
        assert process.stdout is not None
        process.stdout.close()
        assert numbers(served) == list(range(total))
    assert killed > 3
    served.applied()
    last = compacting(served)
    last.communicate(timeout=60)
    assert last.returncode == 0
    _must_be_files_alone(served, total)


def _must_be_files_alone(served: Served, total: int) -> None:
    db = sqlite3.connect(served.workspace.book)
    assert db.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
    (rows,) = db.execute("SELECT sum(rows) FROM files WHERE kind = 'events'").fetchone()
    db.close()
    assert rows == total
    assert numbers(served) == list(range(total))
    assert served.send(event(0), event(total)).status == 200
    served.applied()
    assert numbers(served) == list(range(total + 1))
    assert served.failed() == []
