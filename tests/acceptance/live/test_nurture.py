"""The list of leads to nurture over a real server: who is on it, since when, and how they came there.

The shop nurtures whose fit is good (30) and interest low (below 8), or fair or poor and interest medium (8 to 20), or
unknown below high. The clock begins on Friday 2026-03-27 at 09:00 UTC; points of a trial, 10, do not fade.
"""

import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.served import Served
from tests.acceptance.live.test_handoffs import SALES, act, known, say, send

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

START = "2026-03-27T09:00:00.000000Z"


@pytest.fixture(scope="module")
def settings() -> str:
    return FIRST_SETTINGS + SALES


def listed(shop: Served, query: str = "") -> list[dict[str, Any]]:
    return list(shop.read(f"/api/nurture{query}")["leads"])


def names(shop: Served, query: str = "") -> list[str]:
    return [one["lead"] for one in listed(shop, query)]


def remembered(shop: Served) -> int:
    with sqlite3.connect(shop.workspace.book) as db:
        return int(db.execute("SELECT count(*) FROM nurtured").fetchone()[0])


def test_a_lead_is_on_the_list_until_it_ripens(shop: Served) -> None:
    send(shop, known("ada", email="ada@corp.example", consent="newsletter"))
    assert listed(shop) == [
        {
            "lead": "ada",
            "joined_at": START,
            "joined_by": "new",
            "stage": "lead",
            "resting_until": None,
            "fit_level": "good",
            "engagement_level": "low",
            "email": "ada@corp.example",
            "consent": "newsletter",
        }
    ]
    # A trial makes interest medium, so that a good fit is handed over.
    send(shop, act("ada", "Trial"))
    assert (listed(shop), remembered(shop)) == ([], 0)


def test_who_is_sent_back_is_nurtured_again(shop: Served) -> None:
    """She asked; the hand is down once she is recycled, and what she did, 15 points for asking, is medium interest."""
    send(shop, known("ada") | {"traits": {"company_size": 50, "plan": "pro"}}, act("ada", "Asked"))
    assert names(shop) == []
    shop.due("2026-03-27T10:00:00Z")
    say(shop, 1, "recycle", until="2026-05-04")
    shop.due("2026-03-27T10:00:00Z")
    (one,) = listed(shop)
    assert (one["joined_by"], one["stage"], one["resting_until"]) == ("recycled", "recycled", "2026-05-04")
    assert one["joined_at"] == "2026-03-27T10:00:00.000000Z"


def test_who_falls_is_nurtured_again(shop: Served) -> None:
    """Four hits: 12 points and 7 for coming often; two days later they are half, and 6 is low interest."""
    send(shop, known("ada"), *(act("ada", "Hit", number) for number in range(4)))
    assert shop.read("/api/leads/ada")["stage"] == "mql"
    shop.due("2026-03-29T10:00:00Z")
    (one,) = listed(shop)
    assert (one["lead"], one["joined_by"], one["engagement_level"]) == ("ada", "fell", "low")
    # The first instant of the day in Berlin.
    assert one["joined_at"] == "2026-03-28T23:00:00.000000Z"


def test_nobody_is_on_it_who_is_suppressed_or_is_not_anybody_any_more(shop: Served) -> None:
    send(shop, known("ada"), known("bob"), known("staff", email="x@shop.example"))
    assert names(shop) == ["ada", "bob"]
    assert shop.tell("/api/leads/ada/merge", {"identifier": "bob"}).status == 200
    shop.due("2026-03-27T09:00:00Z")
    assert names(shop) == ["ada"]
    assert remembered(shop) == 1
    assert shop.tell("/api/leads/ada/erase", {}).status == 200
    shop.due("2026-03-27T09:00:01Z")
    assert (names(shop), remembered(shop)) == ([], 0)


def test_it_is_remembered_over_kills_and_restarts(shop: Served) -> None:
    send(shop, known("ada"), known("bob"))
    shop.kill()
    shop.clock.write_text("2026-03-27T12:00:00Z")
    shop.start()
    send(shop, known("cid"))
    assert [(one["lead"], one["joined_at"]) for one in listed(shop)] == [
        ("ada", START),
        ("bob", START),
        ("cid", "2026-03-27T12:00:00.000000Z"),
    ]
    assert names(shop, "?since=2026-03-27T09:00:00.000001Z") == ["cid"]
    assert names(shop, "?since=2026-03-27") == ["ada", "bob", "cid"]
    assert names(shop, "?since=2026-03-28") == []
    assert names(shop, "?limit=1&offset=1") == ["bob"]
    assert shop.read("/api/nurture?limit=1")["total"] == 3


def test_csv_holds_no_formulas(shop: Served) -> None:
    send(shop, known("=1+2", email="ada@corp.example", consent="@SUM(A1)"), known("bob", consent=True))
    reply = shop.ask("/api/nurture", authorization=f"Bearer {shop.token}", accept="text/csv")
    assert reply.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(reply.body.decode())))
    assert [(row["lead"], row["email"], row["consent"]) for row in rows] == [
        ("'=1+2", "ada@corp.example", "'@SUM(A1)"),
        ("bob", "", "true"),
    ]


def test_the_command_says_the_same(shop: Served, tmp_path: Path) -> None:
    """Beside the running server; the command scores by the true clock, at which hits have long faded."""
    send(shop, known("ada", email="ada@corp.example"), known("bob"))
    folder = ("-w", shop.workspace.root)
    told = json.loads(ripeline("nurture", "list", *folder, "--format", "json").stdout)
    assert told == shop.read("/api/nurture")
    shown = ripeline("nurture", "list", *folder, "--limit", "1").stdout
    assert "2026-03-27 09:00" in shown
    assert "1 of 2 leads; more with --limit, all with -o" in shown
    for suffix in ("csv", "json"):
        file = tmp_path / f"leads.{suffix}"
        done = ripeline("nurture", "list", *folder, "-o", file)
        assert done.stdout.startswith("2 leads to nurture in"), done.stderr
    assert json.loads((tmp_path / "leads.json").read_text()) == told["leads"]
    assert (
        (tmp_path / "leads.csv")
        .read_text()
        .splitlines()[1]
        .startswith("ada,2026-03-27T09:00:00.000000Z,new,lead,,good,low,ada@")
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--since", "tomorrow"), '"tomorrow" is no time'),
        (("--definition", "qualifcation"), "is no definition that is live here"),
        (("-o", "leads.xlsx"), "written as .csv or .json"),
        (("-o", "/nowhere/leads.csv"), "cannot be written"),
    ],
)
def test_wrong_input_is_told(standing_shop: Served, arguments: tuple[str, ...], told: str) -> None:
    done = ripeline("nurture", "list", "-w", standing_shop.workspace.root, *arguments)
    assert (done.returncode, told in done.stderr.replace("\n", " ")) == (1, True), done.stderr


@pytest.mark.parametrize("query", ["since=soon", "limit=10001", "limit=x", "size=3", "offset=-1"])
def test_wrong_parameters_are_told(standing_shop: Served, query: str) -> None:
    reply = standing_shop.ask(f"/api/nurture?{query}", authorization=f"Bearer {standing_shop.token}")
    assert (reply.status, reply.json["code"]) == (400, "bad_input")
