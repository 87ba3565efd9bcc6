"""What leads do without a project: come by now and then, read, look for a job, lose interest."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from ripeline.adapters.sources.demo.acts import (
    CAMPAIGN_SOURCES,
    JOB_HUNTING,
    JUST_LOOKING,
    STUDYING,
    DemoEvent,
    Interest,
    visit,
)
from ripeline.adapters.sources.demo.calendar import busy_moment
from ripeline.adapters.sources.demo.people import Character, DemoLead

_INTERESTS: Final[dict[Character, Interest]] = {
    Character.JOB_SEEKER: JOB_HUNTING,
    Character.STUDENT: STUDYING,
    Character.COMPETITOR: STUDYING,
}
_MOST_VISITS: Final = 60
# Interest thins out: the time from the first visit to a later one is mostly short and sometimes long.
_MEAN_DAYS_OF_INTEREST: Final = 45
_E_BOOKS: Final = ("buyers-guide", "security-checklist", "harvest-report-2026")
_E_BOOK_SHARE: Final = {Character.STUDENT: 0.75, Character.COMPETITOR: 0.6, Character.BUSINESS: 0.22}
_AD_SHARE: Final = 0.5


def habits(rng: random.Random, lead: DemoLead) -> Iterator[DemoEvent]:
    """Yield a lead's everyday acts from its creation on; a bought address does nothing."""
    if lead.character is Character.LISTED:
        return
    interest = _INTERESTS.get(lead.character, JUST_LOOKING)
    yield from _arrival(rng, lead, interest)
    for _ in range(_later_visits(rng)):
        day = lead.created.date() + timedelta(days=round(rng.expovariate(1 / _MEAN_DAYS_OF_INTEREST)))
        yield from visit(rng, lead, busy_moment(rng, day), interest)
    yield from _reading(rng, lead)


def _arrival(rng: random.Random, lead: DemoLead, interest: Interest) -> Iterator[DemoEvent]:
    if lead.lead_source == "Advertisement" and rng.random() < _AD_SHARE:
        yield DemoEvent(lead.id, "Ad Clicked", lead.created, campaign=rng.choice(CAMPAIGN_SOURCES))
    yield from visit(rng, lead, lead.created, interest)
    if lead.lead_source == "Webinar":
        yield DemoEvent(lead.id, "Webinar Attended", lead.created, asset="introduction")


def _later_visits(rng: random.Random) -> int:
    # A power law: most come back once or twice, a few dozens of times.
    return min(_MOST_VISITS, int(rng.paretovariate(1.1)) - 1)


def _reading(rng: random.Random, lead: DemoLead) -> Iterator[DemoEvent]:
    for asset in _E_BOOKS:
        if rng.random() < _E_BOOK_SHARE.get(lead.character, 0):
            day = lead.created.date() + timedelta(days=rng.randint(0, 60))
            yield DemoEvent(lead.id, "E-book Downloaded", busy_moment(rng, day), asset=asset)
