"""Everything that is stored of one person, for the person or for another system."""

from collections.abc import Iterable
from typing import Any

from ripeline.plan.nodes import Plan
from ripeline.ports.history import History, TimelineAsked
from ripeline.usecases.explain import explain, explanation_record
from ripeline.usecases.identity import identity_record
from ripeline.usecases.timeline import timeline_record
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.notes import Note

Record = dict[str, Any]


def export_record(
    history: History, plans: Iterable[Plan], hold: Record | None, notes: Iterable[Note], lead: str, at_us: int
) -> Record:
    """Return a lead's names and links, its scores by each plan with every reason, its whole timeline, and notes.

    hold: what keeps it from being removed, None where nothing does.

    Raises InputError where nobody is that lead.
    """
    named = identity_record(history, lead, at_us)
    scores = [explanation_record(explain(plan, history, lead, at_us)) for plan in plans]
    entries = timeline_record(history, lead, at_us, TimelineAsked())["entries"]
    told = [{"time": instant_text(one.at_us), "by": one.by, "text": one.text} for one in notes]
    return {**named, "scores": scores, "hold": hold, "entries": entries, "notes": told}
