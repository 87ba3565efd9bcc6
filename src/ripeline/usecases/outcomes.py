"""Somebody says which leads were won and lost."""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from ripeline.intake.outcomes import Outcome
from ripeline.ports.history import History
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.calendar import Zone, instant_text
from ripeline.vocabulary.people import Name

Record = dict[str, Any]


class OutcomeTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is told of a lead, by any of its identifiers. time: a date or a time as text; None for now."""

    lead: str
    outcome: Literal["won", "lost"]
    time: str | None = None


def outcomes_of(history: History, told: Sequence[OutcomeTold], zone: Zone, now_us: int) -> list[Outcome]:
    """Return the outcomes as they are written down: of the lead that is shown, and never later than now.

    Raises InputError where there is no such lead, or a time is none; nothing is written then.
    """
    kin = history.kin(list(dict.fromkeys(one.lead for one in told)))
    whose = kin.links.until(now_us)
    return [
        _outcome(Name(shown.kind, shown.value), one, zone, now_us)
        for one in told
        for shown in (kin.identifiers[whose.person(kin.asked[one.lead])],)
    ]


def outcomes_record(outcomes: Sequence[Outcome], position: int) -> Record:
    """Return what was written down as plain values, and from which position on it holds."""
    told = ({"lead": one.lead.value, "outcome": one.outcome, "time": instant_text(one.at_us)} for one in outcomes)
    return {"outcomes": list(told), "position": position}


def _outcome(lead: Name, told: OutcomeTold, zone: Zone, now_us: int) -> Outcome:
    at_us = now_us if told.time is None else instant_of_text(told.time, zone)
    return Outcome(lead, told.outcome, min(at_us, now_us), dated=told.time is not None and at_us <= now_us)
