"""What sales did: took up most projects and some cold leads, and won or lost them as the truth has it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from ripeline.adapters.sources.demo.acts import DemoEvent
from ripeline.adapters.sources.demo.buying import Project
from ripeline.adapters.sources.demo.calendar import TODAY, busy_moment
from ripeline.adapters.sources.demo.people import SALES_TALKS_TO, DemoLead
from ripeline.adapters.sources.demo.truth import HiddenTruth

_TAKEN_UP: Final = 0.64  # the other projects were overlooked and went cold
_CALLED_COLD: Final = 0.035


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """How a deal ended, and when."""

    lead: str
    outcome: Literal["won", "lost"]
    time: datetime


def close(
    rng: random.Random,
    truth: HiddenTruth,
    lead: DemoLead,
    project: Project | None,
    events: Sequence[DemoEvent],
) -> DemoOutcome | None:
    """Return how the deal with a lead ended, or None where there is none or it is still open."""
    day = _decision_day(rng, lead, project)
    if day is None:
        return None
    moment = busy_moment(rng, day)
    if moment.date() >= TODAY:
        return None
    chance = truth.likelihood(truth.points(lead, events, moment))
    return DemoOutcome(lead.id, "won" if rng.random() < chance else "lost", moment)


def _decision_day(rng: random.Random, lead: DemoLead, project: Project | None) -> date | None:
    """Draw the day on which the deal is decided: after the last act of a project, or after a cold call."""
    if project is not None and rng.random() < _TAKEN_UP:
        # From three days on: a last act on a Saturday may have moved to the Monday after.
        return project.last_day + timedelta(days=rng.randint(3, 30))
    if lead.character in SALES_TALKS_TO and rng.random() < _CALLED_COLD:
        return lead.created.date() + timedelta(days=rng.randint(10, 120))
    return None
