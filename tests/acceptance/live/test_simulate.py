"""`ripeline simulate`: what it says was acknowledged is what is stored, once each, also where the network fails."""

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.faulty import Fault, faulty
from tests.acceptance.live.served import Served

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

SCHEMA = json.loads((Path(__file__).parents[3] / "src/ripeline/entry/schemas/simulation.schema.json").read_text())
QUICK = ("--rate", "5000/s")
IN_HISTORY = ("track", "page")


def simulated(served: Served, *options: object, url: str = "") -> dict[str, Any]:
    done = ripeline("simulate", "--url", url or served.url, "--key", served.web_key, *options, "--format", "json")
    assert done.returncode == 0, done.stderr
    record = dict(json.loads(done.stdout))
    jsonschema.Draft202012Validator(SCHEMA).validate(record)
    return record


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def must_be_stored(served: Served, log: Path) -> None:
    """Everything that a log says was acknowledged is there once, at its time; what is broken failed for its reason."""
    served.applied()
    sent = [line for line in lines(log) if line["outcome"] == "acknowledged"]
    stored = Counter((kind, name, ts) for kind, name, ts in served.stored("e.type, e.name, e.ts"))
    expected = Counter(
        (line["type"], line["name"], _milliseconds(line["time"]))
        for line in sent
        if line["reason"] is None and line["type"] in IN_HISTORY
    )
    assert stored == expected
    failed = Counter(one["reason"] for one in served.read("/api/failed-events?limit=1000")["failed_events"])
    assert failed == Counter(line["reason"] for line in sent if line["reason"])


def _milliseconds(instant: str) -> int:
    from ripeline.vocabulary.values import read_time

    return (read_time(instant) or 0) // 1000 * 1000


def test_what_is_acknowledged_is_stored_once(served: Served, tmp_path: Path) -> None:
    log = tmp_path / "log"
    told = simulated(served, *QUICK, "--server-key", served.server_key, "--events", 3000, "--faults", "--log", log)
    assert (told["sent"], told["acknowledged"], told["unanswered"]) == (3000, 3000, 0)
    assert told["copies"] > 0
    assert told["broken"] > 0
    assert len(lines(log)) == 3000 - told["copies"]
    must_be_stored(served, log)
    assert served.read("/api/leads?meets_definition=true")["total"] > 0, "somebody asked for a price"


@pytest.mark.slow
def test_a_run_that_is_sent_again_counts_once(served: Served, tmp_path: Path) -> None:
    same = ("--events", 500, "--run", "same", "--start", "2026-11-01T10:00:00Z")
    simulated(served, *QUICK, *same, "--log", tmp_path / "log")
    simulated(served, *QUICK, *same)
    must_be_stored(served, tmp_path / "log")
    simulated(served, *QUICK, *same[:2], "--start", "2026-11-01T10:00:00Z")
    served.applied()
    told = sum(line["type"] in IN_HISTORY for line in lines(tmp_path / "log"))
    assert len(served.stored()) == 2 * told, "another run is not the same"


def test_failures_are_retried_with_the_same_ids(served: Served, tmp_path: Path) -> None:
    with faulty(served.url) as proxy:
        told = simulated(served, *QUICK, "--events", 600, "--log", tmp_path / "log", url=proxy.url)
    assert set(proxy.done) == set(Fault), f"every fault happened: {proxy.done}"
    assert (told["acknowledged"], told["unanswered"]) == (600, 0)
    assert {"200", "429", "500", "none"} == set(told["answers"])
    assert told["repeated"] == told["requests"] - told["answers"]["200"]
    must_be_stored(served, tmp_path / "log")


@pytest.mark.slow
@pytest.mark.slow
def test_a_server_that_comes_back_gets_the_rest(served: Served, tmp_path: Path) -> None:
    with _running(
        served, "--rate", "400/s", "--batch", "10", "--events", "1200", "--log", str(tmp_path / "log")
    ) as process:
        while served.read("/api/position")["accepted"] < 20:
            pass
        served.kill()
        served.start()
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    told = json.loads(output)
    assert (told["acknowledged"], told["unanswered"]) == (1200, 0)
    assert told["answers"]["none"] > 0
    must_be_stored(served, tmp_path / "log")


def test_ctrl_c_ends_with_the_summary(served: Served, tmp_path: Path) -> None:
    with _running(served, "--rate", "200/s", "--batch", "10", "--log", str(tmp_path / "log")) as process:
        while served.read("/api/position")["accepted"] < 5:
            pass
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    told = json.loads(output)
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    assert told["acknowledged"] == told["sent"] >= 50
    assert errors == ""
    must_be_stored(served, tmp_path / "log")


def _running(served: Served, *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "ripeline", "simulate", "--url", served.url, "--key", served.web_key]
    return subprocess.Popen(
        [*command, *options, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_wrong_use_is_told(served: Served) -> None:
    def said(*options: object) -> tuple[int, str]:
        done = ripeline("simulate", *options)
        return done.returncode, " ".join(done.stderr.split())

    here = ("--url", served.url, "--key", served.web_key)
    assert said("--url", served.url, "--key", "nobody", "--events", 1) == (
        1,
        f"error the server does not know this key: 127.0.0.1:{served.port} answered with 401",
    )
    assert said("--url", f"{served.url}/elsewhere", "--key", "x", "--events", 1)[0] == 1
    code, text = said("--url", "http://192.0.2.1", "--key", "x")
    assert (code, "is not this machine" in text) == (1, True)
    assert said("--url", "127.0.0.1:8321", "--key", "x")[0] == 1
    for wrong in (("--rate", "fast"), ("--rate", "0/s"), ("--for", "5"), ("--speed", "-1"), ("--batch", 0)):
        code, text = said(*here, *wrong)
        assert (code, wrong[0] in text) == (2, True)
    assert said(*here, "--rate", "5/s", "--speed", "5")[0] == 2
