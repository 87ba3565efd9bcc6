"""Measures the app's pages over the invented history: `python -m benchmarks.pages`. Prints a table; writes nothing.

Times are those of a client on the same machine, from asking to the last byte, one page after the other; bytes are the
page's own and, once, of all files that it loads, as a browser that has none of them gets them. Leads are drawn by their
events: busy ones come more often.
"""

import argparse
import os
import random
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from benchmarks.generate import FULL, SMALL, prepared
from benchmarks.intake import memory
from ripeline.adapters.columnar.columns import text_of
from tests.acceptance.app.visitors import Visitor, set_up
from tests.acceptance.live.served import Served

HERE = Path(__file__).parent
COLUMNS = ("page", "p50 ms", "p95 ms", "slowest ms", "kB", "kB with files")
PACKED = {"accept-encoding": "gzip"}


def main() -> None:
    """Serve the history, sign in, and ask for every page again and again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a million events of 50,000 leads")
    parser.add_argument("--times", type=int, default=100, help="how often each page is asked for")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RIPELINE_BENCH_DATA", HERE / "data")))
    options = parser.parse_args()
    data = prepared(SMALL if options.small else FULL, options.data)
    with tempfile.TemporaryDirectory(prefix="ripeline-pages-", dir=data.root.parent) as folder:
        root = Path(folder)
        shutil.copytree(data.root / "history", root / "history", copy_function=os.link)
        shutil.copy(data.root / "book.sqlite", root)
        served = Served(root, (HERE / "definition.yaml").read_text(encoding="utf-8")).start()
        try:
            _measure(served, busy_leads(data.root, options.times), options.times)
        finally:
            served.stop()


def _measure(served: Served, leads: list[str], times: int) -> None:
    visitor = set_up(served)
    # Weeks behind are looked at once a day, beside everything else: not while pages are measured.
    while b"looked back once a day" in visitor.see("/definition/thresholds").body:
        time.sleep(1)
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for name, path in pages(leads):
        print(f"| {name} | {' | '.join(figures(visitor, path, times))} |", flush=True)
    print("VmRSS / VmHWM MB:", " / ".join(f"{mb:.0f}" for mb in memory(served.pid)))


def busy_leads(root: Path, times: int) -> list[str]:
    """Return leads, each as often as it is drawn by its events."""
    events, names = (text_of(str(root / "history" / kind / "*.parquet")) for kind in ("events", "identifiers"))
    found = duckdb.sql(
        f"SELECT i.value FROM (SELECT who FROM read_parquet({events}, union_by_name => true) USING SAMPLE {times * 50} ROWS "
        f"(reservoir, 7)) e JOIN read_parquet({names}) i ON i.who = e.who WHERE i.kind <> 'anonymous' ORDER BY hash(i.value) LIMIT {times}"
    ).fetchall()
    return [value for (value,) in found]


def pages(leads: list[str]) -> Iterator[tuple[str, Callable[[int], str]]]:
    """Yield what each page is called, and its address at each time."""
    rng = random.Random(7)
    thresholds = [
        f"fit/levels/good={rng.randrange(41, 90)}&engagement/levels/high={rng.randrange(41, 120)}" for _ in leads
    ]
    yield "home", lambda _: "/"
    yield "home: what needs you now", lambda _: "/now"
    yield "leads", lambda _: "/leads"
    yield (
        "leads, chosen and sorted",
        lambda n: f"/leads?fit_level=good&sort={('-engagement', 'fit', '-likelihood', 'stage')[n % 4]}",
    )
    yield "leads, by or", lambda n: f"/leads?fit_level=good&engagement_at_least={n % 60}&or=&fit_level=fair&rating=B1"
    yield "leads, far behind", lambda n: f"/leads?sort=-fit&offset={100_000 + 50 * n}"
    yield "leads, last event and next fall", lambda n: f"/leads?columns=last_event,next_fall&offset={50 * n}"
    yield "leads found by a part of their name", lambda n: f"/find?lead=person{2_000 + n}"
    yield "a lead", lambda n: f"/leads/of?lead={leads[n % len(leads)]}"
    yield "a lead, as of days ago", lambda n: f"/leads/of?lead={leads[n % len(leads)]}&back={1 + n % 90}"
    yield "what happened to it", lambda n: f"/leads/happened?lead={leads[n % len(leads)]}"
    yield "queue", lambda _: "/queue"
    yield "queue, with nobody yet", lambda _: "/queue?show=waiting"
    yield "queue, as a board", lambda _: "/queue?view=board"
    yield "definition, in words", lambda _: "/definition"
    yield "definition, form and text", lambda _: "/definition/draft"
    yield "funnel", lambda _: "/funnel"
    yield "funnel, by how they first came", lambda _: "/funnel?apart=channel"
    yield "response", lambda _: "/response"
    yield "data: what arrives", lambda _: "/data/live"
    yield "data: sources", lambda _: "/data/sources"
    yield "settings: the log", lambda _: "/settings/log"
    yield "a threshold is dragged", lambda n: f"/definition/thresholds?{thresholds[n % len(thresholds)]}"


def figures(visitor: Visitor, path: Callable[[int], str], times: int) -> list[str]:
    """Return the figures of a page that is asked for so many times; the first time is left out."""
    took, size = [], 0
    for number in range(times + 1):
        since = time.monotonic()
        reply = visitor.see(path(number))
        if reply.status == 303:  # to the same page under a tidier address
            reply = visitor.see(reply.headers["location"])
        took.append(time.monotonic() - since)
        if reply.status != 200:
            raise RuntimeError(f"{path(number)} answered with {reply.status}")
        size = max(size, len(reply.body))
    parts = statistics.quantiles(took[1:], n=100)
    files = sum(
        len(visitor.see(file, **PACKED).body) for file in set(re.findall(r'"(/static/[^"]+)"', reply.body.decode()))
    )
    return [f"{1e3 * one:.0f}" for one in (parts[49], parts[94], max(took[1:]))] + [
        f"{size / 1e3:.0f}",
        f"{(size + files) / 1e3:.0f}",
    ]


if __name__ == "__main__":
    main()
