"""Kills the server again and again while clients send, then looks whether all that they were promised holds."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path
from random import Random
from typing import Any

from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served
from tests.acceptance.live.shop import batch, live
from tests.acceptance.live.stories import tell
from tests.acceptance.live.test_faults import must_be_whole

UP_AT_MOST_S = 1.0
"""A server is killed within this time after it is ready, or as long after it was started where that is tried."""

BEFORE_READY = 0.2
"""The share of kills that come before the server is ready."""

EVENTS = 250
"""Of one story, between its first and its last ones."""

TOLD_WITHIN_S = 180.0
QUIET_S = 5.0
"""How long everybody goes on after the last kill, so that scores are kept current by touches and not by a start."""


@dataclass
class Seat:
    """One client after another tells its story, each in a process of its own and about somebody new.

    stories: about whom everything was delivered; given_up: about whom a client lost patience.
    """

    served: Served
    number: int
    client: str
    name: str = ""
    stories: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    process: "subprocess.Popen[bytes] | None" = None

    def go_on(self) -> None:
        """Let the next one begin where nobody is speaking."""
        if self.process is not None and self.process.poll() is None:
            return
        self.end()
        self.name = f"{self.client}-{self.number}-{len(self.stories) + len(self.given_up)}"
        self.process = tell(self.served, self.client, self.name, EVENTS)

    def end(self) -> None:
        """Wait for the story's end; the client says that everything was delivered, or that it gave something up."""
        if self.process is not None:
            self.process.communicate(timeout=TOLD_WITHIN_S)
            (self.given_up if self.process.returncode else self.stories).append(self.name)
        self.process = None


@dataclass(frozen=True)
class Sent:
    """What was sent to a server that was killed.

    before_ready: the kills that came before it was ready. stories: delivered, as their clients say; given_up: of clients
    that lost patience. simulated: the simulator's summary; log: what it wrote down of each message.
    """

    kills: int
    before_ready: int
    lasted_s: float
    stories: list[str]
    given_up: list[str]
    simulated: dict[str, Any]
    log: Path


@dataclass(frozen=True)
class Found:
    """What was there after it. lost: acknowledged and not there; doubled: there twice."""

    stored: int
    lost: list[str]
    doubled: int
    leads: int
    differing: list[str]
    explained: int
    explained_otherwise: list[str]


def kill_again_and_again(served: Served, clients: Sequence[str], kills: int, *, seed: int, rate: str) -> Sent:
    """Kill a running server so many times while clients and, at a rate, the simulator send; start it each time."""
    rng, since, log = Random(seed), time.monotonic(), served.workspace.root / "simulated.jsonl"
    seats = [Seat(served, *numbered) for numbered in enumerate(clients)]
    simulator = _simulating(served, rate, log)
    try:
        _wait_for_the_first(served, simulator)
        early = _killed(served, seats, kills, rng)
        time.sleep(QUIET_S)
        for seat in seats:
            seat.end()
        simulator.send_signal(signal.SIGINT)
        output, errors = simulator.communicate(timeout=60)
    finally:
        for process in (simulator, *(seat.process for seat in seats)):
            if process is not None and process.poll() is None:
                process.kill()
                process.communicate()
    assert simulator.returncode == 0, errors
    return Sent(
        kills=kills,
        before_ready=early,
        lasted_s=time.monotonic() - since,
        stories=[name for seat in seats for name in seat.stories],
        given_up=[name for seat in seats for name in seat.given_up],
        simulated=json.loads(output),
        log=log,
    )


def _wait_for_the_first(served: Served, simulator: "subprocess.Popen[str]") -> None:
    """Wait until the simulator sends: it takes a moment to invent its company."""
    while simulator.poll() is None and not served.read("/api/position")["accepted"]:
        time.sleep(0.05)


def _killed(served: Served, seats: Sequence[Seat], kills: int, rng: Random) -> int:
    """Kill; return how many kills came before the server was ready."""
    done, early = 0, 0
    while done < kills:
        for seat in seats:
            seat.go_on()
        time.sleep(rng.random() * UP_AT_MOST_S)
        served.kill()
        done += 1
        if done < kills and rng.random() < BEFORE_READY:
            served.begin()
            time.sleep(rng.random() * UP_AT_MOST_S)
            served.kill()
            done, early = done + 1, early + 1
        served.start()
    return early


def look(served: Served, sent: Sent, *, explained: int) -> Found:
    """Compare what was acknowledged with what is stored, and live scores with the batch at one instant.

    explained: of how many leads every contribution is compared.
    """
    served.applied(within_s=120)
    must_be_whole(served)
    stored = Counter(id_.hex for (id_,) in served.stored("e.id"))
    as_of = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    served.due(as_of)
    now, then = live(served), batch(served, as_of)
    sample = Random(1).sample(sorted(then), min(explained, len(then)))
    return Found(
        stored=stored.total(),
        lost=_lost_of_stories(served, sent.stories) + _lost_of_simulated(stored, sent.log),
        doubled=stored.total() - len(stored),
        leads=len(then),
        differing=[lead for lead in sorted(now.keys() | then.keys()) if now.get(lead) != then.get(lead)],
        explained=len(sample),
        explained_otherwise=[
            lead for lead in sample if _live_reasons(served, lead, as_of) != _batch_reasons(served, lead, as_of)
        ],
    )


def _simulating(served: Served, rate: str, log: Path) -> "subprocess.Popen[str]":
    keys = ("--key", served.web_key, "--server-key", served.server_key)
    command = ("simulate", "--url", served.url, *keys, "--rate", rate, "--batch", "10", "--log", str(log))
    return subprocess.Popen(
        [sys.executable, "-m", "ripeline", *command, "--faults", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _lost_of_stories(served: Served, stories: Sequence[str]) -> list[str]:
    """Return the events of the stories that are not there; one that is there twice is found by its id."""
    columns = 'i.value, e.name, e."properties.number:number"'
    stored = set(served.stored(columns))
    expected: set[tuple[Any, ...]] = {
        (name, "Counted", number * 1_000_000) for name in stories for number in range(EVENTS)
    }
    expected |= {(name, event, None) for name in stories for event in ("Trial Downloaded", "Pricing Requested")}
    expected |= {(f"{name}-device", "Pricing", None) for name in stories}
    return sorted(str(one) for one in expected - stored)


def _lost_of_simulated(stored: Counter[str], log: Path) -> list[str]:
    """Return the simulator's acknowledged messages that are not there."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    acknowledged = (line for line in lines if line["outcome"] == "acknowledged" and line["reason"] is None)
    events = (line for line in acknowledged if line["type"] in {"track", "page"})
    return [line["id"] for line in events if _stored_as(line["key"], line["id"]) not in stored]


def _stored_as(source: str, message: str) -> str:
    return md5(f"{source}\x1f{message}".encode(), usedforsecurity=False).hexdigest()


def _live_reasons(served: Served, lead: str, as_of: str) -> dict[str, Any]:
    record = served.read(f"/api/leads/{lead}?as_of={as_of.replace('+00:00', 'Z')}")
    del record["position"]
    return record


def _batch_reasons(served: Served, lead: str, as_of: str) -> dict[str, Any]:
    done = ripeline("explain", lead, "-w", served.workspace.root, "--as-of", as_of, "--format", "json")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))
