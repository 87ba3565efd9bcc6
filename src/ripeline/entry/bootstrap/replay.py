"""History of a workspace played again."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ripeline.adapters.engines.replay import StoredReplay
from ripeline.entry.bootstrap.history import engine_of
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.workspace import Workspace, text_of
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Progress
from ripeline.usecases.backtest import BacktestAsked, backtest, backtest_record
from ripeline.usecases.load_plan import load_plan
from ripeline.vocabulary.calendar import Zone


def backtested(
    workspace: Workspace, files: Sequence[Path], asked_in: Callable[[Zone], BacktestAsked], progress: Progress
) -> dict[str, Any]:
    """Return what the definitions of some files would have done. asked_in: the question in a definition's time zone."""
    plans = [load_plan(text_of(file), file.stem, str(file), references()) for file in files]
    return backtested_plans(workspace, plans, asked_in(plans[0].zone), progress)


def backtested_plans(
    workspace: Workspace, plans: Sequence[Plan], asked: BacktestAsked, progress: Progress
) -> dict[str, Any]:
    """Return what definitions would have done."""
    with opened_store(workspace) as store:
        replay = StoredReplay(store, references().tables().channels, asked.now_us)
        judged, ends = backtest(replay, plans, asked, progress)
        return backtest_record(replay, engine_of(store, "duckdb"), judged, ends, asked)
