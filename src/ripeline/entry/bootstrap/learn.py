"""Learning from a workspace, which it only reads."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.past import StoredPast
from ripeline.entry.bootstrap.history import read_moments
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.workspace import Workspace, text_of
from ripeline.learning.findings import Telling, findings_of
from ripeline.learning.snapshots import Given
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Progress
from ripeline.usecases.learn import learn
from ripeline.usecases.learn_asked import learn_asked
from ripeline.usecases.learn_told import LearnTold
from ripeline.usecases.learned_record import learned_record
from ripeline.usecases.learned_text import learned_text
from ripeline.usecases.load_plan import load_plan
from ripeline.usecases.report.learned_page import learned_page
from ripeline.usecases.score import asked_rows

Record = dict[str, Any]


def learn_from(
    workspace: Workspace, definition: str | None, told: LearnTold, name: str, now_us: int, progress: Progress
) -> tuple[Record, str | None]:
    """Return the report, and the text of a definition of a name, None where there is nothing to propose."""
    file = workspace.definition(definition)
    own_text = text_of(file)
    plan = load_plan(own_text, file.stem, str(file), references())
    with opened_store(workspace) as store:
        past = StoredPast(store)
        asked = learn_asked(told, plan.zone, now_us, _reader(store, plan, past))
        learned = learn(past, plan, asked, progress)
    study = learned.study
    if study.verdict != "learned" or study.card is None:
        return learned_record(learned, name, None), None
    progress("looking for what speaks for each rule", 0.95)
    telling = Telling(asked.per_week, asked.seed, learned.is_dated, asked.repeats)
    found = findings_of(study, study.card, learned.looked, telling)
    record = learned_record(learned, name, found)
    return record, learned_text(learned, name, found, record, own_text)


def page_of(record: Record) -> str:
    """Return the report as a page."""
    return learned_page(record)


def _reader(store: Store, plan: Plan, past: StoredPast) -> Callable[[str], Given]:
    def given(file: str) -> Given:
        rows = asked_rows(plan, read_moments(store, Path(file)), None).rows or ()
        keys = past.keys([lead for lead, _ in rows])
        return Given(np.array([keys[lead] for lead, _ in rows]), np.array([at for _, at in rows]))

    return given
