"""Learning from a workspace, which it only reads."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.past import StoredPast
from ripeline.definition.diff import changes
from ripeline.entry.bootstrap.history import read_moments
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.workspace import Workspace, text_of
from ripeline.learning.findings import Telling, findings_of, handed_over
from ripeline.learning.own import Begin
from ripeline.learning.snapshots import Given
from ripeline.plan.nodes import Plan
from ripeline.ports.learning import Past
from ripeline.ports.scores import Progress
from ripeline.usecases.compare import diff_record
from ripeline.usecases.learn import Learned, learn
from ripeline.usecases.learn_asked import learn_asked
from ripeline.usecases.learn_told import LearnTold
from ripeline.usecases.learned_record import learned_record
from ripeline.usecases.learned_text import learned_text
from ripeline.usecases.load_plan import load_plan
from ripeline.usecases.refined_text import refined_text
from ripeline.usecases.report.learned_page import learned_page
from ripeline.usecases.score import asked_rows
from ripeline.usecases.starting import own_lines

Record = dict[str, Any]


def learn_from(
    workspace: Workspace, file: Path, told: LearnTold, name: str, now_us: int, progress: Progress
) -> tuple[Record, str | None]:
    """Return the report, and the text of a definition of a name, None where there is nothing to propose.

    file: of the definition that is compared with, or started from.
    """
    own_text = text_of(file)
    plan = load_plan(own_text, file.stem, str(file), references())
    with opened_store(workspace) as store:
        past = StoredPast(store)
        asked = learn_asked(told, plan.zone, now_us, _reader(store, plan, past))
        learned = learn(past, plan, asked, progress)
        if learned.study.verdict != "learned" or learned.study.card is None:
            return learned_record(learned, name, None), None
        progress("looking for what speaks for each rule", 0.95)
        telling = Telling(asked.per_week, asked.seed, learned.is_dated, asked.repeats)
        if learned.begin is not None:
            return _refined(past, learned, learned.begin, own_text, telling)
    found = findings_of(learned.study, learned.study.card, learned.looked, telling)
    record = learned_record(learned, name, found)
    return record, learned_text(learned, name, found, record, own_text)


def _refined(past: Past, of: Learned, begin: Begin, own_text: str, telling: Telling) -> tuple[Record, str]:
    """Return the report and the text of a definition that was started from."""
    card, name = of.study.card, of.plan.definition.name
    assert card is not None  # noqa: S101 - asked before
    found = findings_of(of.study, card, of.looked, replace(telling, lines=own_lines(of.plan)))
    text = refined_text(own_text, begin.rules, card, found, learned_record(of, name, found))
    plan = load_plan(text, name, f"{name}, corrected", references())
    handed = past.scored(plan, of.looked.snapshots).handed
    record = learned_record(of, name, handed_over(found, handed, of.looked, telling))
    compared = diff_record(of.plan.version, plan.version, changes(of.plan.definition, plan.definition))
    return record | {"starting_from": record["starting_from"] | {"changes": compared["changes"]}}, text


def page_of(record: Record) -> str:
    """Return the report as a page."""
    return learned_page(record)


def _reader(store: Store, plan: Plan, past: StoredPast) -> Callable[[str], Given]:
    def given(file: str) -> Given:
        rows = asked_rows(plan, read_moments(store, Path(file)), None).rows or ()
        keys = past.keys([lead for lead, _ in rows])
        return Given(np.array([keys[lead] for lead, _ in rows]), np.array([at for _, at in rows]))

    return given
