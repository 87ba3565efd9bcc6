"""Stages and handoffs as plain values: in answers, in files, and in what the outside is told."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ripeline.definition.words import WHOLE
from ripeline.vocabulary.calendar import day_text, instant_text
from ripeline.vocabulary.handoffs import Handoff, Step
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.scores import Contribution
from ripeline.vocabulary.stages import StageChange

Record = dict[str, Any]


def stage_record(line: StageChange) -> Record:
    """Return a line of the log of stages, points as decimal text."""
    return {
        "number": line.number,
        "definition": f"{line.definition}@{line.fingerprint}",
        "lead": line.lead.value,
        "from": line.before,
        "to": line.after,
        "at": instant_text(line.at_us),
        "cause": line.cause,
        "by": line.by or None,
        "why": line.why,
        "resting_until": _day(line.resting_until),
        "fit": _lines(line.fit),
        "engagement": _lines(line.engagement),
    }


def handoff_record(one: Handoff, steps: Sequence[Step] = ()) -> Record:
    """Return a handoff with what happened to it, points as decimal text, instants in UTC."""
    record: Record = {
        "number": one.number,
        "definition": f"{one.definition}@{one.fingerprint}",
        "lead": one.lead.value,
        "stage": one.stage,
        "cause": one.cause,
        "hand_raise": one.hand_raise,
        "account": one.account,
        "fit": points_text(one.fit),
        "engagement": points_text(one.engagement),
        "rating": one.rating or None,
        "by_lot": None if one.by_lot is None else one.by_lot / WHOLE,
        "state": one.state,
        "owner": one.owner,
        "why": one.why,
        "made_at": instant_text(one.made_us),
        "assigned_at": _instant(one.assigned_us),
        "accept_by": _instant(one.accept_due_us),
        "touch_by": _instant(one.touch_due_us),
        "breached_at": _instant(one.breached_us),
        "accepted_at": _instant(one.accepted_us),
        "touched_at": _instant(one.touched_us),
        "qualified_at": _instant(one.qualified_us),
        "closed_at": _instant(one.closed_us),
        "reason": one.reason,
        "comment": one.comment,
        "competitor": one.competitor,
        "resting_until": _day(one.resting_until),
        "found": asdict(one.found),
        "lapsed": list(one.lapsed),
        "flags": list(one.flags),
    }
    return record | ({"steps": [_step(step) for step in steps]} if steps else {})


def _step(step: Step) -> Record:
    return {"at": instant_text(step.at_us), "what": step.what, "by": step.by, "why": step.why}


def _lines(lines: Sequence[Contribution]) -> list[Record]:
    return [{"name": line.name, "points": points_text(line.micro)} for line in lines]


def _instant(at_us: int | None) -> str | None:
    return None if at_us is None else instant_text(at_us)


def _day(day: int | None) -> str | None:
    return None if day is None else day_text(day)
