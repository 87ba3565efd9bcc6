"""What benchmarks measure is made in the form that this Ripeline reads."""

from pathlib import Path

import pytest

from benchmarks.generate import Size, prepared
from tests.acceptance.examples import ripeline

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

DEFINITION = Path(__file__).parents[2] / "benchmarks" / "definition.yaml"


def test_the_invented_history_is_scored(tmp_path: Path) -> None:
    data = prepared(Size(4_000, 200, 40, 1_000), tmp_path)
    (data.root / "qualification.yaml").write_text(DEFINITION.read_text())
    (data.root / "ripeline.toml").write_text("")
    scores = tmp_path / "scores.csv"
    done = ripeline("score", "-w", data.root, "--as-of", "2026-06-30", "--output", scores)
    assert done.returncode == 0, done.stderr
    assert len(scores.read_text().splitlines()) > 200
    assert prepared(Size(4_000, 200, 40, 1_000), tmp_path) == data
