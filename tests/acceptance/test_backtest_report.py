"""`ripeline backtest` as files: a page for people and a record for programs, on an invented shop."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pytest

from ripeline.entry.schemas import schema
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.learning_runs import bring_in, empty_workspace, hashes, run
from tests.unit.learning.learned_reports import Read

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

DEFINITION = """\
version: 1
name: "{name}"
required: []
fit:
  criteria:
    pro: {{when: "plan = 'pro'", points: 10}}
  levels: {{good: 10, poor: 0}}
engagement:
  signals:
    hit: {{event: Hit, points: 1}}
  levels: {{high: {high}, low: 0}}
matrix:
  good: {{high: handoff, low: nurture}}
  poor: {{high: handoff, low: none}}
  unknown: {{high: nurture, low: none}}
"""
WIDE, NARROW = "<b>wide<img>", "narrow & strict"
HOSTILE = "<script>alert(1)</script>"
PERIOD = ("--from", "2026-03-02", "--to", "2026-03-29", "--win-within", "14d")
FIRST_DAY = date(2026, 3, 2)


def day(number: int) -> str:
    return f"{FIRST_DAY + timedelta(days=number)}T12:00:00Z"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with two definitions: one asks for one hit, the other for two.

    Even leads hit twice; every third one is won ten days after. One is won without ever hitting.
    """
    workspace = empty_workspace(tmp_path_factory.mktemp("shop"))
    for file, name, high in (("wide", WIDE, 1), ("narrow", NARROW, 2)):
        (workspace / f"{file}.yaml").write_text(DEFINITION.format(name=name, high=high), encoding="utf-8")
    hits = [(f"L{number}", day(number)) for number in range(18)]
    again = [(f"L{number}", day(number)) for number in range(0, 18, 2)]
    won = [(f"L{number}", day(number + 10)) for number in range(0, 18, 3)]
    bring_in(
        workspace,
        leads=[
            {"id": lead, "created": day(-1), "plan": "pro"}
            for lead in (HOSTILE, *(f"L{number}" for number in range(18)))
        ],
        events=[{"lead": lead, "name": "Hit", "time": time} for lead, time in (*hits, *again)],
        outcomes=[{"lead": lead, "outcome": "won", "time": time} for lead, time in (*won, (HOSTILE, day(20)))],
    )
    return workspace


def asked(shop: Path, *more: object) -> Sequence[object]:
    return ("backtest", shop / "wide.yaml", "-w", shop, "--against", shop / "narrow.yaml", *PERIOD, *more)


def test_files_say_what_is_printed(shop: Path, tmp_path: Path) -> None:
    page, record = tmp_path / "page.html", tmp_path / "record.json"
    printed = run(*asked(shop, "--step", "1d", "--report", page, "--json", record, "--format", "json")).stdout
    document = json.loads(record.read_text(encoding="utf-8"))
    assert document == json.loads(printed)
    jsonschema.Draft202012Validator(schema("backtest")).validate(document)
    wide, narrow = document["definitions"]
    both, only_wide, only_narrow = document["differ"]
    assert (wide["mqls"], narrow["mqls"]) == (18, 9)
    assert (both["mqls"], only_wide["mqls"], only_narrow["mqls"]) == (9, 9, 0)
    # Won: of all 18 each third one, six, and of the even ones three; nobody else but who never hit.
    assert (wide["won"]["count"], narrow["won"]["count"]) == (6, 3)
    assert (wide["caught"]["count"], narrow["caught"]["count"], wide["caught"]["of"]) == (6, 3, 7)
    assert [side["caught"] for side in document["differ"]] == [3, 3, 0]
    assert wide["days_to_win"]["half"] == 9  # from the end of the day of the hit


def test_the_page_names_everything_and_runs_nothing(shop: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    shown = run(*asked(shop, "--step", "1d", "--report", page)).stdout
    assert "Where they differ" in shown
    text = page.read_text(encoding="utf-8")
    found = Read(text)
    assert {name for name, _ in found.tags}.isdisjoint({"script", "b", "img"})
    told = " ".join(found.text.replace("\u00a0", " ").split())
    for said in (
        f"{WIDE} would have caught more of the wins: 86 %",
        "against 43 % by narrow & strict",
        HOSTILE,
        "The figures",
        "Week by week",
        "2026-03-09",
        "From MQL to win",
        "By level of fit",
        "By level of interest",
        "By channel of the first event",
        "Missed by",
        "Where they differ",
        "L17",
        "2026-03-02 to 2026-03-29",
        "of every day",
        "Made by ripeline backtest",
    ):
        assert said in told, said


def test_one_definition_makes_a_page_of_its_own(shop: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run("backtest", shop / "narrow.yaml", "-w", shop, *PERIOD, "--report", page)
    told = Read(page.read_text(encoding="utf-8")).text
    assert "What this definition would have done" in told
    assert WIDE not in told


def test_a_time_without_anybody_makes_a_page(shop: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run("backtest", shop / "wide.yaml", "-w", shop, "--from", "2024-01-01", "--to", "2024-01-31", "--report", page)
    assert "Nobody would have become an MQL in any week" in Read(page.read_text(encoding="utf-8")).text


@pytest.mark.parametrize("option", ["--report", "--json"])
def test_a_folder_that_is_missing_is_told_before_anything_is_done(shop: Path, option: str) -> None:
    before = hashes(shop)
    done = ripeline(*asked(shop, option, shop / "missing" / "file"))
    assert done.returncode == 1
    assert "cannot be written: there is no folder" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert "scoring" not in done.stderr
    assert hashes(shop) == before
