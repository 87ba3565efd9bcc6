"""Whatever happens: every open handoff has one owner and one clock, nobody who is ripe is forgotten, nothing is done twice."""

from pathlib import Path

import pytest

from ripeline.entry.workspace import FIRST_SETTINGS
from tests.acceptance.live.handoff_runs import LOTS, SALES, SECRET, TOLD, Run, check, check_told, receiver, steps
from tests.acceptance.live.receivers import web
from tests.acceptance.live.served import serving
from tests.acceptance.live.shop import START

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "count", "together"), [(1, 150, 8), (2, 2_500, 40), (3, 2_500, 40)])
def test_nobody_is_forgotten(tmp_path: Path, seed: int, count: int, together: int) -> None:
    settings = FIRST_SETTINGS + SALES
    with (
        web(receiver(seed)) as crm,
        serving(tmp_path / "shop", LOTS, settings + TOLD.format(port=crm.port, secret=SECRET), START) as shop,
    ):
        run, seen = Run(shop, seed, together), list[dict[str, int]]()
        for done in steps(run, count):
            if done // 100 > len(seen):
                run.settle()
                seen.append(check(shop, run.now))
        run.settle()
        seen.append(check(shop, run.now))
        assert check_told(crm.heard) > 0
    assert run.has_done_all
    assert max(found["open"] for found in seen) > 0, "no check saw a clock that runs"
    assert run.told[200] > 0
    assert seen[-1]["drawn"] > 0, "nobody was drawn by lot"
