"""Sends far more hostile requests than the tests do: `python -m benchmarks.hostile`, once after a change of the intake.

Ends with an error at the first request that does not keep what the tests promise; the seed makes it come again.
"""

import argparse
import tempfile
import time
from itertools import islice
from pathlib import Path

from benchmarks.intake import UNLIMITED
from ripeline.entry.bootstrap.shipped import template
from tests.acceptance.live.hostile import hostile, recorded
from tests.acceptance.live.reading import must_be_sound
from tests.acceptance.live.served import Served
from tests.acceptance.live.test_hostile import must_withstand


def main() -> None:
    """Read offline, then send; print how many of each there were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offline", type=int, default=200_000, help="requests that are read without a server")
    parser.add_argument("--online", type=int, default=20_000, help="requests that are sent to one server after another")
    parser.add_argument("--at-once", type=int, default=2_000, help="requests to one server")
    parser.add_argument("--names", type=int, default=40, help="different names of properties that are invented")
    parser.add_argument("--seed", type=int, default=1_000)
    options = parser.parse_args()
    print(f"{len(recorded())} recorded events are among what is changed")
    _offline(options.seed, options.offline)
    for start in range(0, options.online, options.at_once):
        _online(options.seed + start, min(options.at_once, options.online - start), options.names)


def _offline(seed: int, count: int) -> None:
    since, events, requests = time.monotonic(), 0, hostile(seed, count)
    while part := list(islice(requests, 1_000)):
        events += sum(map(must_be_sound, part))
    print(f"offline: {count:,} requests, {events:,} events in {time.monotonic() - since:.0f} s", flush=True)


def _online(seed: int, count: int, names: int) -> None:
    with tempfile.TemporaryDirectory(prefix="ripeline-hostile-") as folder:
        served = Served(Path(folder) / "live", template("b2b-saas"), UNLIMITED).start()
        since = time.monotonic()
        try:
            sums = must_withstand(served, seed, count, names)
        finally:
            served.stop()
        assert not served.defects()
        kinds = f"{sums.events:,} stored, {sums.others:,} others, {sums.copies:,} copies, {sums.failed:,} failed"
        print(f"online, seed {seed}: {count:,} requests, {kinds} in {time.monotonic() - since:.0f} s", flush=True)


if __name__ == "__main__":
    main()
