"""Looks back at how leads stood, for thresholds that somebody tries."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ripeline.adapters.engines.thresholds import StoredWeeks, lead_steps
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.workspace import Workspace
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Progress


def weeks_behind(workspace: Workspace, plan: Plan, days: Sequence[int], progress: Progress) -> StoredWeeks:
    """Return how leads stood at the ends of weeks; days: the last of each, and the one before the first."""
    with TemporaryDirectory(prefix="ripeline-") as folder:
        file = Path(folder) / "steps.parquet"
        with opened_store(workspace) as store:
            lead_steps(store, plan, days, file, progress)
        return StoredWeeks(days[1:], file)
