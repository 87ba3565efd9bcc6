"""Kills a server 200 times while real clients send: `python -m benchmarks.kills`. Prints what held; writes nothing.

Two Python and two Node.js clients of tracking vendors tell one story after another, each in a process of its own; the
simulator sends beside them. Ends with an error where an acknowledged event is lost, one is there twice, or a live score
or reason is not that of the batch at the same moment. The tests do the same with 20 kills.
"""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from ripeline.entry.bootstrap.shipped import demo_definition
from tests.acceptance.live.killing import EVENTS, Found, Sent, kill_again_and_again, look
from tests.acceptance.live.served import Served

CLIENTS = ("segment", "rudder", "segment-node", "rudder-node")


def main() -> None:
    """Kill, compare, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rate", default="100/s", help="of the simulator")
    parser.add_argument("--explained", type=int, default=50, help="leads whose every contribution is compared")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ripeline-kills-") as folder:
        served = Served(Path(folder) / "live", demo_definition()).start()
        try:
            sent = kill_again_and_again(served, CLIENTS, options.kills, seed=options.seed, rate=options.rate)
            found = look(served, sent, explained=options.explained)
        finally:
            served.stop()
        assert "Traceback" not in served.log(), served.log()
    print("\n".join(_told(sent, found)))
    if found.lost or found.doubled or found.differing or found.explained_otherwise:
        sys.exit("it does not hold")


def _told(sent: Sent, found: Found) -> list[str]:
    simulated, by_client = sent.simulated, Counter(name.rsplit("-", 2)[0] for name in sent.stories)
    stories = ", ".join(f"{name} {count}" for name, count in by_client.items())
    return [
        f"kills                   {sent.kills} in {sent.lasted_s:,.0f} s, {sent.before_ready} of them before the server was ready",
        f"stories of clients      {stories}; {EVENTS + 3} events each, {len(sent.stories) * (EVENTS + 3):,} in all",
        f"given up by clients     {len(sent.given_up)} stories, which may be there in part",
        f"simulator               {simulated['acknowledged']:,} of {simulated['sent']:,} acknowledged, "
        f"{simulated['repeated']:,} of {simulated['requests']:,} requests were sent again",
        f"events stored           {found.stored:,}",
        f"acknowledged and lost   {len(found.lost)} {found.lost[:5] or ''}",
        f"stored twice            {found.doubled}",
        f"leads live as in batch  {found.leads - len(found.differing):,} of {found.leads:,} {found.differing[:5] or ''}",
        f"explained alike         {found.explained - len(found.explained_otherwise)} of {found.explained} {found.explained_otherwise[:5] or ''}",
    ]


if __name__ == "__main__":
    main()
