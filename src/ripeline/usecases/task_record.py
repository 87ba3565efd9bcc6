"""Tasks as plain values, and which of them somebody asks for."""

from collections.abc import Mapping
from typing import Any

from ripeline.ports.tasks import USUAL, TasksAsked
from ripeline.usecases.handoffs_asked import MOST, must_be, whole
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.tasks import STATES, Task

Record = dict[str, Any]


def task_record(one: Task) -> Record:
    """Return a task, points as decimal text, instants in UTC."""
    return {
        "number": one.number,
        "definition": f"{one.definition}@{one.fingerprint}",
        "lead": one.lead.value,
        "reason": one.reason,
        "stage": one.stage,
        "cause": one.cause,
        "hand_raise": one.hand_raise,
        "account": one.account,
        "fit": points_text(one.fit),
        "fit_level": one.fit_level,
        "engagement": points_text(one.engagement),
        "engagement_level": one.engagement_level,
        "state": one.state,
        "owner": one.owner,
        "why": one.why,
        "made_at": instant_text(one.made_us),
        "assigned_at": None if one.assigned_us is None else instant_text(one.assigned_us),
        "closed_at": None if one.closed_us is None else instant_text(one.closed_us),
        "closed_by": one.closed_by,
        "comment": one.comment,
    }


def tasks_asked(parameters: Mapping[str, str]) -> TasksAsked:
    """Return which tasks parameters ask for: `state=open,waiting&owner=maria&limit=50`.

    Raises InputError for a parameter that is not known or takes something else.
    """
    must_be(parameters, ("state", "owner", "lead", "definition", "limit", "offset"))
    states = tuple(part for part in parameters.get("state", "").split(",") if part)
    for state in states:
        if state not in STATES:
            raise InputError(f'no task is "{state}"; {did_you_mean(state, STATES)}')
    equal = {name: parameters[name] for name in ("owner", "definition") if name in parameters}
    limit, offset = min(whole(parameters, "limit", USUAL), MOST), whole(parameters, "offset", 0)
    return TasksAsked(equal, states, limit, offset, parameters.get("lead"))
