"""Salespeople as people and programs see them: by command, by route, and what is said when they cannot be read."""

import json
from pathlib import Path

import jsonschema
import pytest

from ripeline.entry.schemas import schema
from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.examples import ripeline
from tests.acceptance.examples import ripeline as own_process
from tests.acceptance.live.served import Served
from tests.acceptance.live.shop import DEFINITION

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

SALES = """
[sales]
timezone = "Europe/Berlin"
hours = "Mon-Fri 09:00-12:30, 13:30-17:30"
holidays = ["2026-12-25"]
[sales.people.maria]
mail = "maria@acme.example"
weight = 2
capacity = 15
[sales.people.jon]
mail = "jon@acme.example"
timezone = "America/New_York"
[sales.people.ada]
mail = "ada@acme.example"
absent = ["2026-12-24 to 2027-01-06"]
[sales.people.petra]
mail = "petra@acme.example"
label = "Petra [Roth]"
[sales.teams.dach]
members = ["maria", "ada"]
manager = "petra"
[sales.teams.world]
members = ["jon"]
[[sales.routes]]
when = "country in ('DE', 'AT', 'CH')"
team = "dach"
[[sales.routes]]
team = "world"
"""
AT = "2026-12-24T16:00:00+01:00"
"""A Thursday; 10:00 in New York."""


@pytest.fixture(scope="module")
def settings() -> str:
    return FIRST_SETTINGS + SALES


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "ripeline.toml").write_text(FIRST_SETTINGS + SALES, encoding="utf-8")
    (tmp_path / "qualification.yaml").write_text(DEFINITION, encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def told(workspace: Path, *words: str) -> str:
    done = ripeline("sales", "-w", workspace, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_people_read_it(workspace: Path) -> None:
    """Maria is at work until 17:30, Jon since 15:00 by Berlin's clocks; Ada is away."""
    lines = [" ".join(line.split()) for line in told(workspace, "--at", AT).splitlines()]
    assert lines[0] == "Salespeople, Thu 2026-12-24 16:00 in Europe/Berlin"
    for line in (
        "Maria at work 2 15 maria@acme.example",
        "Jon at work 1 jon@acme.example",
        "Ada absent until 2027-01-06 1 ada@acme.example",
        "Petra [Roth] at work 1 petra@acme.example",
        "Mon-Fri 09:00-12:30, 13:30-17:30 America/New_York 2026-12-25 Jon",
        "Ada 2026-12-24 2027-01-06",
        "dach Maria, Ada Petra [Roth]",
        "1 country in ('DE', 'AT', 'CH') dach",
        "2 everybody else world",
    ):
        assert line in lines
    then = "the team's manager is told and the lead goes to somebody else."
    assert lines[-1] == f"Owners are warned at 75% of a promise; once it is broken, {then}"
    assert not [line for line in lines if line.startswith("warning")]


def test_when_they_are_back(workspace: Path) -> None:
    """Christmas is a Friday: Maria is back on Monday, and Jon at 15:00 of Berlin; on 7 January Ada is no longer told as away."""
    christmas = told(workspace, "--at", "2026-12-25T12:00:00Z")
    assert "from Mon 2026-12-28 09:00" in christmas
    assert "from Mon 2026-12-28 15:00" in christmas
    after = told(workspace, "--at", "2027-01-07T12:00:00Z")
    assert "Absences" not in after
    assert "absent" not in after


def test_who_is_left_out(workspace: Path) -> None:
    file = workspace / "ripeline.toml"
    file.write_text(
        file.read_text().replace('[[sales.routes]]\nteam = "world"\n', "").replace('manager = "petra"\n', "")
    )
    lines = [line for line in told(workspace).splitlines() if line.startswith("warning")]
    assert lines == [
        "warning a lead that no route fits has no owner: a last route without a condition takes all others",
        "warning no route leads to team world: write a route to it, or leave it out",
        'warning Petra [Roth] is in no team: "petra" can be a member or the manager of one',
    ]
    document = json.loads(told(workspace, "--format", "json"))
    assert document["warnings"] == [line.removeprefix("warning ").partition(":")[0] for line in lines]


def test_nobody(workspace: Path) -> None:
    (workspace / "ripeline.toml").write_text(FIRST_SETTINGS)
    assert told(workspace).startswith("There are no salespeople: nobody gets a lead. Write them into ripeline.toml")
    document = json.loads(told(workspace, "--format", "json"))
    jsonschema.Draft202012Validator(schema("sales")).validate(document)
    assert document["people"] == document["teams"] == document["routes"] == []


def test_what_init_shows_can_be_used(workspace: Path) -> None:
    """The lines of [sales] in a new workspace, without their marks."""
    before, head, sales = FIRST_SETTINGS.partition("# [sales]\n")
    own = (head + sales).partition("\n\n")[0]
    (workspace / "ripeline.toml").write_text(before + own.replace("# ", ""))
    assert "Maria, Jon" in told(workspace)


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        (
            '"Europe/Berlin"',
            '"Europe/Berln"',
            'sales.timezone: "Europe/Berln" is no time zone; did you mean "Europe/Berlin"?',
        ),
        (
            '"maria", "ada"',
            '"mara", "ada"',
            'sales.teams.dach.members: "mara" is no salesperson; did you mean "maria"?',
        ),
        ("[sales.people.jon]", "[sales.poeple.jon]", '"poeple" is no setting of [sales]; did you mean "people"?'),
    ],
)
def test_what_is_wrong_is_said(workspace: Path, wrong: str, right: str, message: str) -> None:
    """By the command, and by the server, which does not start."""
    file = workspace / "ripeline.toml"
    file.write_text(file.read_text().replace(wrong, right))
    for done in (ripeline("sales", "-w", workspace), own_process("serve", "-w", workspace, "--port", 0)):
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert f"{file}: {message}" in " ".join(done.stderr.split())


def test_no_time(workspace: Path) -> None:
    done = ripeline("sales", "-w", workspace, "--at", "soon")
    assert done.returncode == 1
    assert '"soon" is no time' in done.stderr


def test_programs_read_it(standing_shop: Served) -> None:
    """The route answers what the command writes, with who is at work by the server's clock unless it is told a time."""
    document = standing_shop.read(f"/api/sales?at={AT}")
    jsonschema.Draft202012Validator(schema("sales")).validate(document)
    assert document == json.loads(told(standing_shop.workspace.root, "--at", AT, "--format", "json"))
    assert document["as_of"] == "2026-12-24T15:00:00.000000Z"
    people = {one["name"]: one for one in document["people"]}
    assert [people[name]["at_work"] for name in ("maria", "jon", "ada")] == [True, True, False]
    # Ada is away until 6 January, a Wednesday; work goes on at 09:00 of Berlin.
    assert people["ada"]["absent_until"] == "2027-01-06"
    assert people["ada"]["at_work_from"] == "2027-01-07T08:00:00.000000Z"
    assert people["maria"]["at_work_from"] == document["as_of"]
    assert standing_shop.read("/api/sales")["as_of"] == "2026-03-27T09:00:00.000000Z"
    token = f"Bearer {standing_shop.token}"
    assert standing_shop.ask("/api/sales?at=soon", authorization=token).status == 400
    assert standing_shop.ask("/api/sales").status == 401
