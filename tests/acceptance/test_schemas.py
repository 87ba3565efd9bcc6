"""Every JSON output is what its published schema says, and every command is in the docs."""

import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from ripeline.entry.cli.app import COMMANDS, IMPORTS
from ripeline.entry.schemas import schema

ROOT = Path(__file__).parents[2]
AS_OF = ("--as-of", "2026-09-30")


def _ran(*arguments: str, code: int = 0) -> str:
    command = [sys.executable, "-m", "ripeline", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == code, ran.stderr
    return ran.stdout


def _valid(name: str, text: str) -> object:
    document = json.loads(text)
    jsonschema.Draft202012Validator(schema(name)).validate(document)
    return document


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented company's workspace, as `ripeline demo` leaves it."""
    folder = tmp_path_factory.mktemp("demo") / "company"
    told = _ran("demo", str(folder))
    assert "leads to hand over" in told
    assert "The workspace stays in" in told
    return folder


def test_explanations(workspace: Path) -> None:
    """Ripe, suppressed, cold and silent leads alike."""
    for lead in ("L-01792", "L-00001", "L-00007", "L-00012"):
        _valid("explain", _ran("explain", lead, "-w", str(workspace), *AS_OF, "--format", "json"))


def test_scores(workspace: Path, tmp_path: Path) -> None:
    """One object a lead."""
    file = tmp_path / "scores.json"
    _ran("score", "-w", str(workspace), *AS_OF, "-o", str(file))
    document = _valid("scores", file.read_text())
    assert isinstance(document, list)
    assert len(document) == 2000


def test_accounts(workspace: Path, tmp_path: Path) -> None:
    """All of them on the screen and in a file, and one with its lines."""
    file = tmp_path / "accounts.json"
    _ran("accounts", "-w", str(workspace), *AS_OF, "-o", str(file))
    document = _valid("accounts", file.read_text())
    assert isinstance(document, list)
    printed = _valid("accounts", _ran("accounts", "-w", str(workspace), *AS_OF, "--format", "json"))
    assert printed == document
    best = max(document, key=lambda row: row["interested"])
    one = _valid("account", _ran("accounts", best["account"], "-w", str(workspace), *AS_OF, "--format", "json"))
    assert isinstance(one, dict)
    assert one["engagement"]["points"] == best["engagement"]
    assert sum(Decimal(line["points"]) for line in one["engagement"]["contributions"]) == Decimal(best["engagement"])


def test_preview_and_diff(workspace: Path) -> None:
    """What a stricter definition changes, in leads and in words."""
    stricter = str(workspace / "stricter.yaml")
    document = _valid("preview", _ran("preview", stricter, "-w", str(workspace), *AS_OF, "--format", "json"))
    assert isinstance(document, dict)
    entering, leaving = (document["meets_definition"][name]["count"] for name in ("entering", "leaving"))
    before, after = (document["meets_definition"][name]["count"] for name in ("before", "after"))
    assert before + entering - leaving == after
    _valid("diff", _ran("diff", str(workspace / "qualification.yaml"), stricter, "--format", "json"))


@pytest.mark.slow
def test_backtest_is_what_scores_of_then_say(workspace: Path, tmp_path: Path) -> None:
    """Who would have become an MQL in two weeks met the definition at the end of one, and not before them."""
    own = str(workspace / "qualification.yaml")
    period = ("--from", "2026-06-02", "--to", "2026-06-15", "--format", "json")
    document = _valid("backtest", _ran("backtest", own, "-w", str(workspace), "--against", own, *period))
    met = []
    for day in ("2026-06-01", "2026-06-08", "2026-06-15"):
        file = tmp_path / f"{day}.json"
        _ran("score", "-w", str(workspace), "--as-of", day, "--known-at", day, "-o", str(file))
        met.append({row["lead"] for row in json.loads(file.read_text()) if row["meets_definition"]})
    assert isinstance(document, dict)
    one, other = document["definitions"]
    both, *rest = document["differ"]
    assert one == other
    assert one["before"] == len(met[0])
    # Whoever was won already has nothing left to become.
    assert set(both["examples"]) <= (met[1] | met[2]) - met[0]
    assert 0 < one["mqls"] == both["mqls"] <= len((met[1] | met[2]) - met[0])
    assert [side["mqls"] for side in rest] == [0, 0]


@pytest.mark.slow
def test_learning(workspace: Path, tmp_path: Path) -> None:
    """The report, in both of its schemas, and the text that is proposed."""
    report, text = tmp_path / "report.json", tmp_path / "learned.yaml"
    _ran(
        "learn",
        "-w",
        str(workspace),
        *AS_OF,
        "--win-within",
        "30d",
        "--score-at",
        "every:60d",
        "-o",
        str(text),
        "--json",
        str(report),
    )
    document = _valid("learned", report.read_text())
    assert isinstance(document, dict)
    assert document["verdict"] == "learned"
    _valid("check", _ran("check", str(text), "--format", "json"))
    assert schema("learned") == json.loads((ROOT / "docs/schemas/learned.schema.json").read_text())


def test_publish_and_roll_back(workspace: Path) -> None:
    """What was published, and which version is live."""
    stricter, own = workspace / "stricter.yaml", workspace / "qualification.yaml"
    before = own.read_text()
    for command in (("publish", str(stricter)), ("publish",), ("rollback",)):
        document = _valid("publish", _ran(*command, "-w", str(workspace), "--yes", "--format", "json"))
        assert isinstance(document, dict)
        assert document["published"] == (document["preview"] is not None) == (command != ("publish",))
        if document["preview"] is not None:
            _valid("preview", json.dumps(document["preview"]))
    assert own.read_text() == before
    document = _valid("definitions", _ran("definitions", "-w", str(workspace), "--format", "json"))
    assert isinstance(document, dict)
    assert [one["live"] for one in document["definitions"][0]["versions"]] == [True, False, False]


def test_check(workspace: Path, tmp_path: Path) -> None:
    """A clean definition and one with mistakes."""
    _valid("check", _ran("check", str(workspace / "qualification.yaml"), "--format", "json"))
    broken = tmp_path / "broken.yaml"
    broken.write_text((workspace / "qualification.yaml").read_text().replace("points:", "pionts:"))
    document = _valid("check", _ran("check", str(broken), "--format", "json", code=1))
    assert isinstance(document, dict)
    assert document["errors"] > 0


def test_identity_and_merges(workspace: Path) -> None:
    """Of the invented company's leads; a merge that is taken back at once."""
    folder = ("-w", str(workspace))
    _valid("identity", _ran("identity", "L-01792", *folder, "--format", "json"))
    _valid("merge", _ran("merge", "L-01792", "L-00001", *folder, "--yes", "--format", "json"))
    merged = _valid("identity", _ran("identity", "L-00001", *folder, "--format", "json"))
    assert isinstance(merged, dict)
    assert merged["lead"] == "L-01792"
    _valid("merge", _ran("unmerge", "L-01792", "L-00001", *folder, "--yes", "--format", "json"))


def test_what_is_stored_of_a_lead(workspace: Path, tmp_path: Path) -> None:
    """Its timeline, an outcome that is told, and all of it as a file."""
    folder, file = ("-w", str(workspace)), tmp_path / "lead.json"
    _valid("outcomes", _ran("outcome", "L-00007", "won", "--at", "2026-09-01", *folder, "--format", "json"))
    page = _valid("timeline", _ran("timeline", "L-00007", *folder, "--limit", "2", "--format", "json"))
    assert isinstance(page, dict)
    assert len(page["entries"]) == 2
    _valid("exported", _ran("export", "L-00007", *folder, "-o", str(file), "--format", "json"))
    _valid("export", file.read_text("utf-8"))


@pytest.mark.slow
def test_commands_are_documented() -> None:
    """docs/commands.md names every command, and the help of each every option that it names."""
    text = (ROOT / "docs/commands.md").read_text()
    commands = [*COMMANDS, *(f"import {name}" for name in IMPORTS)]
    missing = [command for command in commands if f"`ripeline {command}" not in text]
    assert not missing
    for command in commands:
        shown = _ran(*command.split(), "--help")
        undescribed = re.findall(r"^│ +\*? +(--[a-z-]+)[^a-z]*$", shown, flags=re.MULTILINE)
        assert not undescribed, (command, undescribed)
