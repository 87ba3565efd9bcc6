"""Learning from a workspace, which it only reads."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from ripeline.adapters.book.handoffs import handoffs_where
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.logged import of_persons
from ripeline.adapters.engines.past import StoredPast
from ripeline.definition.diff import changes
from ripeline.definition.words import WHOLE
from ripeline.entry.bootstrap.book import book_connection
from ripeline.entry.bootstrap.history import read_moments
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.workspace import Workspace, text_of
from ripeline.learning.findings import Telling, findings_of, handed_over
from ripeline.learning.own import Begin
from ripeline.learning.snapshots import Given
from ripeline.plan.nodes import Plan
from ripeline.ports.handoffs import HandoffsAsked
from ripeline.ports.learning import Past
from ripeline.ports.scores import Progress
from ripeline.usecases.compare import diff_record
from ripeline.usecases.learn import Learned, learn
from ripeline.usecases.learn_asked import HANDOFFS, learn_asked
from ripeline.usecases.learn_told import LearnTold
from ripeline.usecases.learned_record import learned_record
from ripeline.usecases.learned_text import learned_text
from ripeline.usecases.load_plan import load_plan
from ripeline.usecases.refined_text import refined_text
from ripeline.usecases.report.learned_page import learned_page
from ripeline.usecases.score import asked_rows
from ripeline.usecases.starting import own_lines
from ripeline.vocabulary.calendar import NEVER
from ripeline.vocabulary.handoffs import WITHDRAWN, Handoff
from ripeline.vocabulary.issues import InputError

MOST_HANDOFFS: Final = 1_000_000

Record = dict[str, Any]


def learn_from(
    workspace: Workspace, file: Path, told: LearnTold, name: str, now_us: int, progress: Progress
) -> tuple[Record, str | None]:
    """Return the report, and the text of a definition of a name, None where there is nothing to propose.

    file: of the definition that is compared with, or started from. Handoffs are those of the definition of its name.
    """
    own_text = text_of(file)
    plan = load_plan(own_text, file.stem, str(file), references())
    given = _given_to_sales(workspace, file.stem) if told.score_at == HANDOFFS else []
    with opened_store(workspace) as store:
        past = StoredPast(store)
        asked = learn_asked(told, plan.zone, now_us, _reader(store, plan, past, given))
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


def _given_to_sales(workspace: Workspace, definition: str) -> list[Handoff]:
    """Return the handoffs of a definition that somebody had to answer."""
    with book_connection(workspace) as db:
        _, found = handoffs_where(db, HandoffsAsked({"definition": definition}, limit=MOST_HANDOFFS))
    given = [one for one in found if one.assigned_us is not None and one.state != WITHDRAWN]
    if not given:
        raise InputError(f'nobody was given a lead by "{definition}" yet; leave out --score-at handoffs')
    return given


def _reader(store: Store, plan: Plan, past: StoredPast, handoffs: Sequence[Handoff]) -> Callable[[str], Given]:
    def given(file: str) -> Given:
        if file == HANDOFFS:
            return _of_handoffs(store, handoffs)
        rows = asked_rows(plan, read_moments(store, Path(file)), None).rows or ()
        keys = past.keys([lead for lead, _ in rows])
        return Given(np.array([keys[lead] for lead, _ in rows]), np.array([at for _, at in rows]))

    return given


def _of_handoffs(store: Store, handoffs: Sequence[Handoff]) -> Given:
    """Return when leads were given to sales; who was drawn by lot stands for all of whom one was."""
    whose = of_persons(store, [(one.lead, one.made_us, one) for one in handoffs], NEVER)
    rows = [
        (key, one.made_us, 1.0 if one.by_lot is None else WHOLE / one.by_lot)
        for key, own in whose.items()
        for one in own
    ]
    keys, instants, leads = (np.array(each) for each in zip(*rows, strict=True))
    return Given(keys, instants, leads, HANDOFFS)
