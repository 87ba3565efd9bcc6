"""Measures the live intake against a real server: `python -m benchmarks.intake`. Prints a table; writes nothing.

The load comes from processes of its own over loopback, with connections that are kept. On a machine whose cores
the server shares with the load, look at the server's CPU seconds beside the rates.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from ripeline.entry.bootstrap.shipped import template
from tests.acceptance.live.served import Served, basic

LEADS = 100_000
# One address sends it all, which is no attack here; the limits are reckoned all the same.
UNLIMITED = "".join(
    f"{name} = 1000000000\n" for name in ("[intake]\nkey_rate", "key_burst", "address_rate", "address_burst")
)
NAMES = ("Pricing Viewed", "Trial Downloaded", "Report Opened", "Demo Requested", "Invite Sent", "Export Made", "Login")
COLUMNS = (
    "load",
    "requests/s",
    "events/s",
    "acknowledged p50 / p99 ms",
    "lag p50 / max s",
    "all applied after s",
    "server CPU s while sending / until applied",
    "CPU us an event",
    "VmRSS / VmHWM MB",
)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """What one process sends. every_s: the pause between the starts of one connection's requests, 0 for none."""

    port: int
    key: str
    connections: int
    batch: int
    lasts_s: float
    every_s: float
    seed: int


def main() -> None:
    """Measure at full rate and at half of it, then single events."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", choices=("full", "half", "single"))
    parser.add_argument("--rate", type=int, help="measure so many events a second alone")
    options = parser.parse_args()
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    if options.rate:
        every_s = options.connections * options.batch / options.rate
        _measured(f"{options.rate:,} events/s", options, options.batch, every_s)
        return
    every_s = 0.0
    if options.only != "single":
        rate = _measured(f"{options.connections} connections, {options.batch} events each", options, options.batch, 0)
        every_s = 2 * options.connections / max(rate, 1)
    if options.only in {None, "half"}:
        _measured("the same at half the rate", options, options.batch, every_s)
    if options.only in {None, "single"}:
        _measured("single events", options, 1, 0)


def _measured(what: str, options: argparse.Namespace, batch: int, every_s: float) -> float:
    """Measure one load on a server of its own; print its row and return requests a second."""
    with _server() as served:
        each = max(options.connections // options.processes, 1)
        loads = [
            Load(served.port, served.web_key, each, batch, options.seconds, every_s, seed)
            for seed in range(options.processes)
        ]
        used_s = cpu_s(served.pid)
        with multiprocessing.get_context("spawn").Pool(len(loads)) as pool, watched(served) as lags:
            waits = [one for part in pool.map(sent, loads) for one in part]
            sending_s, ended = cpu_s(served.pid) - used_s, time.monotonic()
        caught_s = time.monotonic() - ended
        cuts, events = statistics.quantiles(waits, n=100), len(waits) * batch
        applying_s = cpu_s(served.pid) - used_s
        figures = [
            f"{len(waits) / options.seconds:,.0f}",
            f"{events / options.seconds:,.0f}",
            f"{cuts[49] * 1e3:.1f} / {cuts[98] * 1e3:.1f}",
            f"{statistics.median(lags):.2f} / {max(lags):.2f}",
            f"{caught_s:.1f}",
            f"{sending_s:.1f} / {applying_s:.1f}",
            f"{applying_s / events * 1e6:.0f}",
            " / ".join(f"{mb:.0f}" for mb in memory(served.pid)),
        ]
        print(f"| {what} | {' | '.join(figures)} |", flush=True)
    return len(waits) / options.seconds


@contextmanager
def _server() -> Iterator[Served]:
    with tempfile.TemporaryDirectory(prefix="ripeline-intake-") as folder:
        served = Served(Path(folder) / "live", template("b2b-saas"), UNLIMITED).start()
        try:
            yield served
        finally:
            # Nothing is needed of it any more, and it may be writing files.
            served.kill()
            print(served.log(), end="")


@contextmanager
def watched(served: Served) -> Iterator[list[float]]:
    """Collect, while it lasts, how long after its acceptance a position was applied."""
    lags: list[float] = []
    ended = threading.Event()

    def watch() -> None:
        waiting: list[tuple[int, float]] = []
        while not ended.is_set() or waiting:
            found, now = served.read("/api/position"), time.monotonic()
            waiting.append((found["accepted"], now))
            lags.extend(now - at for position, at in waiting if position <= found["applied"])
            waiting = [one for one in waiting if one[0] > found["applied"]]
            time.sleep(0.05)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield lags
    finally:
        ended.set()
        thread.join()


def sent(load: Load) -> list[float]:
    """Send over several connections at once; return how long each acknowledgement took."""
    waits: list[float] = []
    threads = [threading.Thread(target=_send, args=(load, number, waits)) for number in range(load.connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits


def _send(load: Load, connection: int, waits: list[float]) -> None:
    to, made = HTTPConnection("127.0.0.1", load.port, timeout=120), bodies(load, connection)
    headers = {"Authorization": basic(load.key), "Content-Type": "application/json"}
    start = time.monotonic() + connection / load.connections * load.every_s
    until = time.monotonic() + load.lasts_s
    for number in count():
        time.sleep(max(start + number * load.every_s - time.monotonic(), 0) if load.every_s else 0)
        body, since = next(made), time.monotonic()
        if since > until:
            return
        to.request("POST", "/v1/batch" if load.batch > 1 else "/v1/t", body, headers)
        answer = to.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"answered with {answer.status}")
        waits.append(time.monotonic() - since)


def bodies(load: Load, connection: int) -> Iterator[bytes]:
    """Bodies made from one template by new ids and people, so that making them costs little."""
    rng = Random(load.seed * 1_000 + connection)
    template_ = [_event(rng) for _ in range(load.batch)]
    whole = json.dumps({"batch": template_} if load.batch > 1 else template_[0]).encode()
    parts = whole.split(b"@")
    for number in count():
        made = [parts[0]]
        for place, part in enumerate(parts[1:]):
            lead = int(rng.random() * LEADS)
            who = b"%d" % lead if place % 2 else b"%d-%d-%d-%d-0000" % (load.seed, connection, number, place)
            made += [who, part]
        yield b"".join(made)


def _event(rng: Random) -> dict[str, Any]:
    """About 220 bytes; each @ is filled in: the message, then the lead. Three of ten are anonymous."""
    who = {"anonymousId": "device-@"} if rng.random() < 0.3 else {"userId": "user-@"}
    name = rng.choice(NAMES)
    properties = {"plan": "team", "price": rng.randrange(99) / 2, "path": "/pricing"}
    return {
        "messageId": "m-@",
        "type": "track",
        "event": name,
        **who,
        "properties": properties,
        "context": {"library": {"name": "x"}},
    }


def cpu_s(pid: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid: int) -> tuple[float, float]:
    """Return the memory a process holds, and the most it ever held, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    found = {
        name: int(rest.split()[0]) / 1024
        for name, _, rest in (line.partition(":") for line in lines)
        if name in {"VmRSS", "VmHWM"}
    }
    return found["VmRSS"], found["VmHWM"]


if __name__ == "__main__":
    main()
