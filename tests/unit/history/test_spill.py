"""What has no room in memory lies in the workspace, not wherever a command was started."""

from pathlib import Path

import pytest

from ripeline.entry.bootstrap.history import connection
from ripeline.entry.workspace import Workspace

pytestmark = pytest.mark.engine_duckdb


def test_it_lies_in_the_workspace_and_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, root = tmp_path / "here", tmp_path / "acme"
    for folder in (here, root):
        folder.mkdir()
    monkeypatch.chdir(here)
    con = connection(Workspace(root, memory_limit="200MB", threads=2))
    con.execute("CREATE TABLE t AS SELECT i, md5(CAST(i AS VARCHAR)) AS m FROM range(6000000) r(i) ORDER BY m")
    assert list((root / "spill").iterdir())
    con.close()
    assert not (root / "spill").exists()
    assert not list(here.iterdir())
