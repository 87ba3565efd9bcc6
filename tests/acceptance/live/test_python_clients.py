"""The Python tracking clients people use: what they send is what is stored, once each."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.live.served import Served

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

STORY = Path(__file__).parent / "clients" / "story.py"


def tell(served: Served, client: str, name: str, count: int) -> "subprocess.Popen[bytes]":
    key = served.server_key if client == "segment" else served.web_key
    return subprocess.Popen([sys.executable, STORY, client, served.url, key, name, str(count)], stderr=subprocess.PIPE)


def told(process: "subprocess.Popen[bytes]") -> None:
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors.decode()


@pytest.mark.parametrize("client", ["segment", "rudder"])
def test_what_is_sent_is_stored(served: Served, client: str) -> None:
    told(tell(served, client, "ada", 30))
    served.applied()
    assert served.failed() == []
    expected = [
        ("page", "Pricing", "ada-device"),
        ("track", "Pricing Requested", "ada"),
        ("track", "Trial Downloaded", "ada"),
    ]
    assert sorted(served.stored()) == sorted([*expected, *[("track", "Counted", "ada")] * 30])
    lead = served.read("/api/leads/ada@acme.example")
    assert (lead["lead"], lead["meets_definition"], lead["hand_raise"]) == ("ada", True, "pricing_request")
    assert "trial_download" in {line["name"] for line in lead["engagement"]["contributions"]}


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_by_kills(served: Served) -> None:
    """Four clients send while the server is killed again and again; then every event is there, once."""
    count = 400
    stories = [
        tell(served, client, name, count)
        for client, name in (("segment", "ada"), ("segment", "grace"), ("rudder", "alan"), ("rudder", "edsger"))
    ]
    for _ in range(20):
        if all(story.poll() is not None for story in stories):
            break
        served.kill()
        served.start()
    for story in stories:
        told(story)
    served.applied()
    assert served.failed() == []
    numbers = served.stored('i.value, e."properties.number:number"')
    for name in ("ada", "grace", "alan", "edsger"):
        found = sorted(number // 1_000_000 for value, number in numbers if value == name and number is not None)
        assert found == list(range(count)), name
