"""Measures the live server beside `benchmarks.intake`: `python -m benchmarks.live visible|import|million|commit`.

visible   how long after its acknowledgement an event is in a lead's score, while more and more is sent
import    acknowledgements while ten million rows are imported beside them
million   memory and restart with a million leads of twenty events
commit    bare SQLite, which the intake stands on: the same bodies, safe on disk

The load is `ripeline simulate`, an open one: it sends by the clock, and an acknowledgement is timed from when it was due.
Load and probes share the machine's cores with the server. Prints tables; writes nothing.
"""

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.generate import FULL, SMALL, prepared
from benchmarks.intake import cpu_s, memory
from ripeline.adapters.columnar.columns import text_of
from ripeline.entry.bootstrap.shipped import demo_definition
from ripeline.entry.bootstrap.traffic import Play, Traffic, at_rate
from ripeline.entry.simulator.batches import batches
from tests.acceptance.live.served import Served

HERE = Path(__file__).parent
PROBES_EVERY_S = 0.5
NOT_SEEN_S = 20.0
"""Nobody waits longer for a score."""

IMPORT_SQL = """
COPY (
    SELECT concat('L-', lpad(CAST(hash(i) % 1000000 AS VARCHAR), 7, '0')) AS lead,
           list_extract(['Home', 'Docs', 'Pricing', 'Blog'], 1 + CAST(hash(i * 7 + 1) % 4 AS INTEGER)) AS name,
           strftime(make_timestamp(1772323200000000 + CAST(hash(i * 7 + 2) % 15552000 AS BIGINT) * 1000000),
                    '%Y-%m-%dT%H:%M:%SZ') AS time,
           '/' || list_extract(['', 'docs/api', 'pricing', 'blog/ten-tips'], 1 + CAST(hash(i * 7 + 1) % 4 AS INTEGER)) AS "context.page.path"
    FROM range({rows}) r(i)
) TO {file} (FORMAT csv, HEADER true)
"""


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("visible", "import", "million", "commit"))
    parser.add_argument("--seconds", type=float, default=20, help="of one load")
    parser.add_argument("--rates", type=int, nargs="+", default=[2_000, 5_000, 10_000], help="events a second")
    parser.add_argument("--rows", type=int, default=10_000_000, help="that are imported")
    parser.add_argument("--small", action="store_true", help="fifty thousand leads in place of a million")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RIPELINE_BENCH_DATA", HERE / "data")))
    options = parser.parse_args()
    {"visible": _visible, "import": _import, "million": _million, "commit": _commit}[options.what](options)


# How long until a score shows it


@dataclass(frozen=True)
class Probe:
    """One event sent beside the load. seen_s: from its acknowledgement to its lead's score with it."""

    acknowledged_s: float
    seen_s: float


def _visible(options: argparse.Namespace) -> None:
    columns = ("offered events/s", "acknowledged after p50 / p99 ms", "in the score after p50 / p99 s")
    _head(*columns, "behind at the end, s", "CPU us an event until applied", "VmRSS / VmHWM MB")
    for rate in [0, *options.rates]:
        with _server() as served, ThreadPoolExecutor(256) as pool:
            used_s = cpu_s(served.pid)
            load = _load(served, rate, options.seconds) if rate else None
            probes = list(_probing(served, pool, options.seconds))
            told, ended = _ended(load), time.monotonic()
            seen = [probe.result() for probe in probes]
            served.applied(within_s=600)
            behind_s = time.monotonic() - ended
            acknowledged = [probe.acknowledged_s * 1e3 for probe in seen]
            waits = (
                told["acknowledged_after_ms"] if told else dict(zip(("p50", "p99"), _cuts(acknowledged), strict=True))
            )
            p50, p99 = _cuts([probe.seen_s for probe in seen])
            _row(
                f"{told['sent_per_s']:,.0f}" if told else "none but the probes",
                f"{waits['p50']:.0f} / {waits['p99']:.0f}",
                f"{p50:.2f} / {p99:.2f}" + (" (not seen)" if p99 >= NOT_SEEN_S else ""),
                f"{behind_s:.1f}",
                f"{(cpu_s(served.pid) - used_s) / ((told['sent'] if told else 0) + len(seen)) * 1e6:,.0f}",
                " / ".join(f"{mb:.0f}" for mb in memory(served.pid)),
            )


def _probing(served: Served, pool: ThreadPoolExecutor, lasts_s: float) -> Iterator["Future[Probe]"]:
    """Send a probe now and then, whatever became of those before; each about a lead of its own."""
    began = time.monotonic()
    for number in range(int(lasts_s / PROBES_EVERY_S)):
        time.sleep(max(began + number * PROBES_EVERY_S - time.monotonic(), 0))
        yield pool.submit(_probe, served, number)


def _probe(served: Served, number: int) -> Probe:
    lead, since = f"probe-{number}", time.monotonic()
    event = {"type": "track", "event": "Trial Downloaded", "userId": lead, "messageId": lead}
    position = served.send(event, key=served.server_key).json["position"]
    acknowledged = time.monotonic()
    path = f"/api/leads/{lead}?min_position={position}&wait={NOT_SEEN_S:.0f}s"
    try:
        reply = served.ask(path, authorization=f"Bearer {served.token}")
    except TimeoutError:  # its turn to read did not come
        return Probe(acknowledged - since, NOT_SEEN_S)
    seen_s = time.monotonic() - acknowledged
    if reply.status == 504:
        return Probe(acknowledged - since, NOT_SEEN_S)
    assert reply.status == 200, reply
    assert reply.json["engagement"]["points"] != "0"
    return Probe(acknowledged - since, seen_s)


# Beside an import


def _import(options: argparse.Namespace) -> None:
    _head("load", "offered events/s", "acknowledged after p50 / p99 / max ms", "import took s", "rows/s imported")
    with tempfile.TemporaryDirectory(prefix="ripeline-import-") as folder:
        file = Path(folder) / "events.csv"
        duckdb.connect().execute(IMPORT_SQL.format(rows=options.rows, file=text_of(str(file))))
        for rate in options.rates:
            for importing in (False, True):
                _beside(file if importing else None, rate, options)


def _beside(file: Path | None, rate: int, options: argparse.Namespace) -> None:
    with _server() as served:
        load, since = _load(served, rate, options.seconds if file is None else None), time.monotonic()
        if file is not None:
            time.sleep(2)
            columns = ("--lead", "lead", "--name", "name", "--time", "time", "--type", "page")
            command = ("import", "events", str(file), "-w", str(served.workspace.root), *columns)
            since = time.monotonic()
            subprocess.run([sys.executable, "-m", "ripeline", *command], check=True, capture_output=True)
        took_s = time.monotonic() - since
        told = _ended(load, stop=file is not None)
        assert told is not None
        waits = told["acknowledged_after_ms"]
        _row(
            f"beside {options.rows:,} rows" if file else "alone",
            f"{told['sent_per_s']:,.0f}",
            f"{waits['p50']:.0f} / {waits['p99']:.0f} / {waits['max']:.0f}",
            f"{took_s:.0f}" if file else "",
            f"{options.rows / took_s:,.0f}" if file else "",
        )


# A million leads


def _million(options: argparse.Namespace) -> None:
    size = SMALL if options.small else FULL
    data = prepared(size, options.data)
    _head("workspace", "ready after s", "CPU s until ready", "VmRSS / VmHWM MB", "bytes a lead over an empty one")
    with tempfile.TemporaryDirectory(prefix="ripeline-million-", dir=options.data) as folder:
        empty = _started("empty", Served(Path(folder) / "empty", (HERE / "definition.yaml").read_text()), 0, 0)
        root = Path(folder) / "full"
        root.mkdir()
        shutil.copy(data.root / "book.sqlite", root)
        shutil.copytree(data.root / "history", root / "history", copy_function=os.link)
        served = Served(root, (HERE / "definition.yaml").read_text())
        what = f"{size.leads:,} leads, {size.events:,} events"
        _started(what, served, empty, size.leads, kill=True)
        _started("again, after a kill", served, empty, size.leads)
        _started("again, half a minute with 1,000 events/s before a kill", served, empty, size.leads, busy=True)


def _started(
    what: str, served: Served, empty_mb: float, leads: int, *, kill: bool = False, busy: bool = False
) -> float:
    """Start a server, print how it is, and stop it; return its memory. busy: it was killed at work before."""
    if busy:
        served.start()
        _ended(_load(served, 1_000, 30))
        print(f"| (at work: {' / '.join(f'{mb:.0f}' for mb in memory(served.pid))} MB) |", flush=True)
        served.kill()
    since = time.monotonic()
    served.start()
    ready_s, used_s = time.monotonic() - since, cpu_s(served.pid)
    served.applied(within_s=300)
    assert served.read("/api/leads?limit=1")["total"] >= leads
    resident, most = memory(served.pid)
    a_lead = f"{(resident - empty_mb) * 2**20 / leads:,.0f}" if leads else ""
    _row(what, f"{ready_s:.1f}", f"{used_s:.1f}", f"{resident:.0f} / {most:.0f}", a_lead)
    served.stop() if not kill else served.kill()
    return resident


# What the intake stands on


def _commit(_: argparse.Namespace) -> None:
    _head("bare SQLite, one thread", "bodies/s", "events/s", "a commit p50 / p99 ms")
    play = Play("r", 1_790_000_000_000_000, at_rate(10_000))
    made = batches(Traffic().messages(play), 100)
    bodies = [batch.body(None) for batch in islice(made, 2_000)]
    for together in (1, 4, 16, 64):
        waits = list(_committed(bodies, together))
        rate = len(waits) * together / sum(waits)
        cuts = _cuts([wait * 1e3 for wait in waits])
        _row(
            f"{together} bodies of 100 a commit", f"{rate:,.0f}", f"{rate * 100:,.0f}", f"{cuts[0]:.1f} / {cuts[1]:.1f}"
        )


def _committed(bodies: Sequence[bytes], together: int) -> Iterator[float]:
    with tempfile.TemporaryDirectory(prefix="ripeline-commit-") as folder:
        con = sqlite3.connect(Path(folder) / "inbox.sqlite", isolation_level=None)
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("PRAGMA synchronous = FULL")
        con.execute("CREATE TABLE inbox (position INTEGER PRIMARY KEY, received_us INTEGER, body BLOB)")
        for start in range(0, len(bodies) - together + 1, together):
            since = time.perf_counter()
            con.execute("BEGIN IMMEDIATE")
            rows = ((start, body) for body in bodies[start : start + together])
            con.executemany("INSERT INTO inbox (received_us, body) VALUES (?, ?)", rows)
            con.execute("COMMIT")
            yield time.perf_counter() - since
        con.close()


# Servers and loads


@contextmanager
def _server() -> Iterator[Served]:
    with tempfile.TemporaryDirectory(prefix="ripeline-live-") as folder:
        served = Served(Path(folder) / "live", demo_definition()).start()
        try:
            yield served
        finally:
            # Nothing is needed of it any more, and it may be writing files.
            served.kill()
            print(served.log(), end="")


def _load(served: Served, rate: int, lasts_s: float | None) -> "subprocess.Popen[str]":
    keys = ("--key", served.web_key, "--server-key", served.server_key)
    lasts = () if lasts_s is None else ("--for", f"{lasts_s}s")
    command = ("simulate", "--url", served.url, *keys, "--rate", f"{rate}/s", *lasts, "--format", "json")
    return subprocess.Popen([sys.executable, "-m", "ripeline", *command], stdout=subprocess.PIPE, text=True)


def _ended(load: "subprocess.Popen[str] | None", *, stop: bool = False) -> dict[str, Any] | None:
    if load is None:
        return None
    if stop:
        load.terminate()
    output, _ = load.communicate()
    assert load.returncode == 0
    return dict(json.loads(output))


def _cuts(figures: Sequence[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(figures, n=100, method="inclusive")
    return cuts[49], cuts[98]


def _head(*columns: str) -> None:
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)


def _row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
