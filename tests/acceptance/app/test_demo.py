"""The app full of the invented company: served by one command, with a past, and with a login for every role."""

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ripeline.entry.bootstrap.book import make_token
from ripeline.entry.workspace import Workspace
from ripeline.insight.funnel import STEPS
from tests.acceptance.app.test_insight import figures
from tests.acceptance.app.visitors import Visitor
from tests.acceptance.live.served import Served

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb, pytest.mark.slow]

SINCE = "from=2026-04-01"
SERVED_SINCE = "2026-09-30T08:10:00Z"


class Demo(Served):
    """The demo as its command serves it. printed: what whoever runs it reads."""

    def __init__(self, root: Path, url: str, printed: str) -> None:
        self.workspace, self.url, self.printed = Workspace(root), url, printed
        self.token = make_token(self.workspace, "tests", ("read",), 0)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    root = tmp_path_factory.mktemp("demo") / "demo"
    command = [sys.executable, "-m", "ripeline", "demo", str(root), "--app", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            if line.startswith('{"url"'):
                break
            printed += line
        told = json.loads(line)
        assert "set_up" not in told
        yield Demo(root, told["url"], printed)
    finally:
        process.terminate()
        _, log = process.communicate(timeout=30)
    assert "Traceback" not in log


@pytest.fixture(scope="module")
def admin(demo: Demo) -> Visitor:
    return signed_in(demo, "admin@demo.example")


def signed_in(demo: Demo, mail: str) -> Visitor:
    """Sign in as somebody by what is printed."""
    found = re.search(rf"{re.escape(mail)} +password (\S+)", demo.printed)
    assert found
    visitor = Visitor(demo)
    assert visitor.sign_in(mail, found[1]).headers["location"] == "/"
    return visitor


def run(demo: Demo, *words: str) -> str:
    """Run a command on the demo, which goes well; return what it prints."""
    command = [sys.executable, "-m", "ripeline", *words, "-w", str(demo.workspace.root)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("mail", ["admin", "mia", "anna", "carla"])
def test_whoever_follows_what_is_printed_is_in(demo: Demo, mail: str) -> None:
    visitor = signed_in(demo, f"{mail}@demo.example")
    first = visitor.text("/")
    assert f"The app opens at {demo.url}. " in demo.printed
    assert "all people, companies and answers here are made up" in first
    assert f"delete the folder {demo.workspace.root}" in first
    page = "/definition" if mail == "mia" else "/queue"
    assert visitor.see(page).status == 200


def test_some_of_the_queue_is_to_be_answered_and_some_is_worked(demo: Demo, admin: Visitor) -> None:
    handoffs = demo.read("/api/handoffs?state=open,accepted&limit=200")["handoffs"]
    states = [one["state"] for one in handoffs]
    assert states.count("open") >= 3
    assert states.count("accepted") >= 5
    # The clock goes on from the end of the story: of what was just given, minutes or hours are left.
    assert any(one["accept_by"] > SERVED_SINCE for one in handoffs if one["state"] == "open")
    page = admin.see("/queue?whose=all").body.decode()
    assert all(f'"/queue/{one["number"]}"' in page for one in handoffs if one["state"] == "open")


def test_months_of_the_funnel_are_over_and_the_page_has_the_numbers_of_the_api(demo: Demo, admin: Visitor) -> None:
    record = demo.read("/api/funnel")
    over = [one for one in record["cohorts"] if one["over"]]
    assert len(over) >= 3
    assert len(record["cohorts"]) > len(over)
    assert all(one["sales_accepted"]["share"] is not None for one in over)
    table = figures(admin, "/funnel", "cohorts")
    for one in record["cohorts"]:
        name = next(row for row in table if row == one["first"][:7])
        leads, *steps = table[name]
        assert leads[0] == str(one["leads"])
        for step, cell in zip(STEPS, steps, strict=True):
            assert cell[1] == one[step]["share"]


def test_sales_answered_and_said_why_not_and_the_page_has_the_numbers_of_the_api(demo: Demo, admin: Visitor) -> None:
    record = demo.read(f"/api/sla?{SINCE}")
    answered = {one["group"]: one for one in record["groups"] if one["acceptance"]["of"] >= 5}
    assert set(answered) == {"anna", "ben", "carla"}
    assert len(record["total"]["rejected"]) >= 3
    assert record["total"]["breached"] > 0
    in_time = {name: one["accepted_in_time"]["share"] for name, one in answered.items()}
    assert in_time["anna"] > in_time["carla"]
    table = figures(admin, f"/response?{SINCE}", "groups")
    for name, one in answered.items():
        given, accepted, *_ = table[name.capitalize()]
        assert (given[0], accepted[1]) == (str(one["given"]), one["acceptance"]["share"])
    reasons = figures(admin, f"/response?{SINCE}", "reasons")
    told = {name.replace("_", " "): count for name, count in record["total"]["rejected"].items()}
    assert {name: row[0][1] for name, row in reasons.items()} == told


@pytest.mark.parametrize("by", ["team", "way", "channel"])
def test_answers_are_told_apart_in_other_ways(demo: Demo, by: str) -> None:
    groups = demo.read(f"/api/sla?by={by}&{SINCE}")["groups"]
    assert len([one for one in groups if one["given"] >= 5]) >= 2


def test_deals_that_sales_had_ended_as_the_story_has_it(demo: Demo) -> None:
    with (demo.workspace.root / "data" / "outcomes.csv").open(encoding="utf-8", newline="") as file:
        ends = {row["lead"]: row["outcome"] for row in csv.DictReader(file)}
    closed = demo.read("/api/handoffs?state=won,lost&limit=1000")["handoffs"]
    assert len(closed) > 50
    assert all(ends[one["lead"]] == one["state"] for one in closed)


def test_nothing_is_wrong_with_it(demo: Demo) -> None:
    told = json.loads(run(demo, "doctor", "--thorough", "--format", "json"))
    assert told["findings"] == []
    assert demo.read("/api/queues")["places"]["nowhere"] == 0


def test_the_server_scores_as_a_command_does(demo: Demo, tmp_path: Path) -> None:
    live = [one for offset in (0, 1000) for one in demo.read(f"/api/leads?limit=1000&offset={offset}")["leads"]]
    file = tmp_path / "scores.csv"
    run(demo, "score", "--as-of", max(one["as_of"] for one in live), "--output", str(file))
    with file.open(encoding="utf-8", newline="") as lines:
        batch = {row["lead"]: row for row in csv.DictReader(lines)}
    assert {one["lead"] for one in live} == {*batch}
    for one in live:
        row = batch[one["lead"]]
        assert (row["stage"], row["action"]) == (one["stage"], one["action"])
        assert (row["fit"], row["engagement"]) == (one["fit"], one["engagement"])
