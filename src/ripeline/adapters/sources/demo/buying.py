"""Buying projects: a few weeks in which a lead compares, tries and asks, some in earnest and some not."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from ripeline.adapters.sources.demo.acts import CAMPAIGN_SOURCES, COMPARING, DemoEvent, visit
from ripeline.adapters.sources.demo.calendar import busy_moment, day_between
from ripeline.adapters.sources.demo.people import Character, DemoLead

# Whoever has the need has a project more often: firms from 100 people on.
_PROJECT_SHARE_OF_SMALL: Final = 0.4
_PROJECT_SHARE_OF_LARGE: Final = 0.6
_LARGE: Final = 100
_STARTS_AT_ONCE: Final = 0.4
_MEAN_DAYS_TO_START: Final = 60
_SEATS: Final = (5, 10, 25, 50, 100)
_PRICE_OF_A_SEAT: Final = 14.90


@dataclass(frozen=True, slots=True)
class Project:
    """One buying project; `earnest` lies between 0 and 1 and makes every act of it more frequent."""

    lead: DemoLead
    first_day: date
    last_day: date
    earnest: float


@dataclass(frozen=True, slots=True)
class Step:
    """An act within a project and how likely it is for the least and for the most earnest buyer."""

    name: str
    least: float
    most: float
    assets: tuple[str, ...] = ()


_STEPS: Final = (
    Step("E-book Downloaded", 0.20, 0.50, ("buyers-guide", "security-checklist")),
    Step("Webinar Attended", 0.05, 0.45, ("introduction", "migration-clinic")),
    Step("Trial Downloaded", 0.10, 0.85, ("ripe-trial",)),
    Step("Trial Downloaded", 0.00, 0.30, ("ripe-trial",)),
    Step("Demo Requested", 0.02, 0.50),
    Step("Contact Requested", 0.03, 0.25),
)
_QUOTE: Final = Step("Quote Requested", 0.01, 0.35)
_AD: Final = Step("Ad Clicked", 0.15, 0.15)


def draw_project(rng: random.Random, lead: DemoLead) -> Project | None:
    """Return the buying project of a lead, or None: most businesses and all others have none."""
    large = lead.company is not None and lead.company.size >= _LARGE
    share = _PROJECT_SHARE_OF_LARGE if large else _PROJECT_SHARE_OF_SMALL
    if lead.character is not Character.BUSINESS or rng.random() > share:
        return None
    wait = 0 if rng.random() < _STARTS_AT_ONCE else round(rng.expovariate(1 / _MEAN_DAYS_TO_START))
    first = lead.created.date() + timedelta(days=wait)
    return Project(lead, first, first + timedelta(days=rng.randint(3, 24)), earnest=rng.random())


def acts_of(rng: random.Random, project: Project) -> Iterator[DemoEvent]:
    """Yield what the buyer does between the project's first and last day."""
    lead = project.lead
    for _ in range(1 + int(8 * project.earnest * rng.random())):
        yield from visit(rng, lead, _moment_in(rng, project), COMPARING)
    for step in _STEPS:
        if _taken(rng, step, project):
            asset = rng.choice(step.assets) if step.assets else None
            yield DemoEvent(lead.id, step.name, _moment_in(rng, project), asset=asset)
    if _taken(rng, _QUOTE, project):
        price = f"{rng.choice(_SEATS) * _PRICE_OF_A_SEAT:.2f}"
        yield DemoEvent(lead.id, _QUOTE.name, _moment_in(rng, project), price=price)
    if _taken(rng, _AD, project):
        yield DemoEvent(lead.id, _AD.name, _moment_in(rng, project), campaign=rng.choice(CAMPAIGN_SOURCES))


def _taken(rng: random.Random, step: Step, project: Project) -> bool:
    return rng.random() < step.least + (step.most - step.least) * project.earnest


def _moment_in(rng: random.Random, project: Project) -> datetime:
    return busy_moment(rng, day_between(rng, project.first_day, project.last_day))
