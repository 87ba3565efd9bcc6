"""Backups hold whoever was erased after them: that is said, and a restore can leave them out."""

import json
from pathlib import Path

import pytest

from ripeline.entry.workspace import Workspace
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.upkeep import accept, make_workspace, scores

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


@pytest.fixture
def acme(tmp_path: Path) -> Workspace:
    """A workspace of which there is a backup; u3 lies in files, u12 in the inbox, grace was imported."""
    workspace = make_workspace(tmp_path / "acme")
    assert ripeline("backup", tmp_path / "old.tar", "-w", workspace.root).returncode == 0
    return workspace


def erase(workspace: Workspace, lead: str) -> list[str]:
    done = ripeline("erase", lead, "-w", workspace.root, "--yes", "--format", "json")
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout)["backups"])


def found(workspace: Path) -> list[str]:
    done = ripeline("doctor", "-w", workspace, "--format", "json")
    return [one["where"] for one in json.loads(done.stdout)["findings"] if one["check"] == "erasures"]


def test_those_that_hold_somebody_are_told(acme: Workspace, tmp_path: Path) -> None:
    """By the command and by the doctor, as long as they lie there; a newer one holds nobody."""
    old = str(tmp_path / "old.tar")
    assert found(acme.root) == []
    assert b"grace" in Path(old).read_bytes()
    assert erase(acme, "grace") == [old]
    assert ripeline("backup", tmp_path / "new.tar", "-w", acme.root).returncode == 0
    assert found(acme.root) == [old]
    assert b"grace" not in (tmp_path / "new.tar").read_bytes()
    Path(old).unlink()
    assert found(acme.root) == []


@pytest.mark.parametrize("erased_before", [False, True])
def test_restored_without_those_who_were_erased_since(acme: Workspace, tmp_path: Path, erased_before: bool) -> None:
    """Wherever they lie in it; everybody else is as in the workspace, and they do not come back."""
    old = tmp_path / "old.tar"
    if erased_before:
        erase(acme, "ada")
        old = tmp_path / "newer.tar"
        assert ripeline("backup", old, "-w", acme.root).returncode == 0
    for lead in ("u3", "u12", "grace"):
        erase(acme, lead)
    wanted = scores(acme.root, tmp_path / "wanted.csv")
    plain = ripeline("restore", old, "-w", tmp_path / "with")
    assert "--erased-in" in plain.stdout
    assert b"grace" in scores(tmp_path / "with", tmp_path / "with.csv")
    done = ripeline("restore", old, "-w", tmp_path / "without", "--erased-in", acme.root)
    assert (done.returncode, "--erased-in" in done.stdout) == (0, False), done
    again = Workspace(tmp_path / "without")
    assert scores(again.root, tmp_path / "got.csv") == wanted
    assert wanted.count(b"\n") == 1 + (0 if erased_before else 1) + 15 - 2
    files = [file.read_bytes() for file in again.root.rglob("*") if file.is_file()]
    assert not any(b"grace" in text or b'"u12"' in text for text in files)
    accept(again, range(11, 14))
    assert scores(again.root, tmp_path / "got.csv") == wanted, "u11 and u13 were there already"


def test_another_workspace_is_refused(acme: Workspace, tmp_path: Path) -> None:
    """Where people were erased in both, under secrets of their own; nothing is left of the attempt."""
    erase(acme, "u3")
    assert ripeline("backup", tmp_path / "new.tar", "-w", acme.root).returncode == 0
    other = make_workspace(tmp_path / "other" / "acme")
    erase(other, "u3")
    done = ripeline("restore", tmp_path / "new.tar", "-w", tmp_path / "x", "--erased-in", other.root)
    assert (done.returncode, "not the same workspace" in done.stderr) == (1, True), done
    assert not (tmp_path / "x").exists()
    done = ripeline("restore", tmp_path / "new.tar", "-w", tmp_path / "x", "--erased-in", tmp_path)
    assert (done.returncode, "is not a workspace" in done.stderr) == (1, True), done
