"""Measures publishing under load: `python -m benchmarks.publish`. Prints a table; writes nothing.

A server over the invented history takes events at a steady rate while another definition is published and rolled
back. Load and server share the machine, so the row before says what the load alone costs.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.generate import FULL, SMALL, prepared
from benchmarks.intake import Load, bodies, memory
from tests.acceptance.live.served import Served, basic

HERE = Path(__file__).parent
SENDERS, BATCH = 4, 10
COLUMNS = (
    "meanwhile",
    "lasts s",
    "acknowledged p50 / p99 / max ms",
    "longest without anything applied s",
    "one lead p50 / max ms",
    "VmRSS / VmHWM MB",
)


def main() -> None:
    """Measure the load alone, then with a publish and a roll back in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a million events of 50,000 leads")
    parser.add_argument("--rate", type=int, default=1_000, help="events a second")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RIPELINE_BENCH_DATA", HERE / "data")))
    options = parser.parse_args()
    old = (HERE / "definition.yaml").read_text(encoding="utf-8")
    new = old.replace("points: 6,", "points: 7,")
    data = prepared(SMALL if options.small else FULL, options.data)
    with tempfile.TemporaryDirectory(prefix="ripeline-publish-", dir=data.root.parent) as folder:
        root = Path(folder)
        shutil.copytree(data.root / "history", root / "history", copy_function=os.link)
        shutil.copy(data.root / "book.sqlite", root)
        served = Served(root, old).start()
        print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
        try:
            measured("nothing", served, options.rate, lambda: time.sleep(15))
            measured("publish", served, options.rate, lambda: publish(served, "publish", new))
            measured("roll back", served, options.rate, lambda: publish(served, "rollback", ""))
        finally:
            served.kill()
            print(served.log(), end="")


def publish(served: Served, verb: str, text: str) -> None:
    """Publish, or roll back, and wait until it serves."""
    path, bearer = f"/api/definitions/qualification/{verb}?wait=5s", f"Bearer {served.admin}"
    reply = served.ask(path, text.encode(), "POST", authorization=bearer)
    while reply.status == 202 and served.read("/api/definitions/qualification")["versions"][0]["position"] is None:
        time.sleep(0.1)
    if reply.status not in {200, 202}:
        raise RuntimeError(f"answered with {reply}")


def measured(what: str, served: Served, rate: int, work: Callable[[], None]) -> None:
    """Print the row of some work under load."""
    watches = Watches()
    with beside(
        *(partial(send, served, rate, seed, watches) for seed in range(SENDERS)), partial(look, served, watches)
    ):
        time.sleep(2)
        watches.clear()
        since = time.monotonic()
        work()
        lasted = time.monotonic() - since
    acknowledged = statistics.quantiles(watches.acknowledged, n=100)
    figures = [
        f"{lasted:.1f}",
        f"{acknowledged[49] * 1e3:.1f} / {acknowledged[98] * 1e3:.1f} / {max(watches.acknowledged) * 1e3:.0f}",
        f"{max(watches.still):.2f}",
        f"{statistics.median(watches.asked) * 1e3:.0f} / {max(watches.asked) * 1e3:.0f}",
        " / ".join(f"{mb:.0f}" for mb in memory(served.pid)),
    ]
    print(f"| {what} | {' | '.join(figures)} |", flush=True)


@dataclass
class Watches:
    """Seconds: of acknowledgements, without anything newly applied, and of questions about one lead."""

    acknowledged: list[float] = field(default_factory=list)
    still: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)

    def clear(self) -> None:
        """Begin anew."""
        for one in (self.acknowledged, self.still, self.asked):
            one.clear()


@contextmanager
def beside(*works: Callable[[threading.Event], None]) -> Iterator[None]:
    """Do things in threads of their own until this ends."""
    ended = threading.Event()
    threads = [threading.Thread(target=work, args=(ended,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def send(served: Served, rate: int, seed: int, watches: Watches, ended: threading.Event) -> None:
    """Send this one's share of the events at its times, each acknowledgement before the next."""
    load = Load(served.port, served.web_key, 1, BATCH, 0, 0, seed + time.monotonic_ns())
    to, made, every_s = HTTPConnection("127.0.0.1", load.port, timeout=120), bodies(load, 0), SENDERS * BATCH / rate
    headers, due = {"Authorization": basic(load.key)}, time.monotonic()
    while not ended.is_set():
        due = max(due + every_s, time.monotonic())
        time.sleep(max(due - time.monotonic(), 0))
        since = time.monotonic()
        to.request("POST", "/v1/batch", next(made), headers)
        answer = to.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"answered with {answer.status}")
        watches.acknowledged.append(time.monotonic() - since)


def look(served: Served, watches: Watches, ended: threading.Event) -> None:
    """Ask how far is applied, and for one lead."""
    applied, moved = 0, time.monotonic()
    while not ended.is_set():
        since = time.monotonic()
        found = served.read("/api/position")["applied"]
        if found > applied:
            applied, moved = found, time.monotonic()
        watches.still.append(time.monotonic() - moved)
        since = time.monotonic()
        served.read("/api/leads/lead-00000007")
        watches.asked.append(time.monotonic() - since)
        time.sleep(0.1)


if __name__ == "__main__":
    main()
