"""What a lead can do, as one event each: view a page, download, ask, open a mail."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from ripeline.adapters.sources.demo.people import DemoLead

_PATHS: Final = {
    "Home": ("/",),
    "Pricing": ("/pricing", "/pricing", "/pricing/enterprise"),
    "Docs": ("/docs/install", "/docs/api", "/docs/security", "/docs/migration"),
    "Blog": ("/blog/ripe-or-not", "/blog/harvest-report", "/blog/ten-tips"),
    "Careers": ("/careers", "/careers/developer", "/careers/sales"),
}
CAMPAIGN_SOURCES: Final = ("search", "social", "newsletter", "partner")
_FROM_CAMPAIGN: Final = 0.3

# How a visit is spread over the pages, by what the visitor is after.
JUST_LOOKING: Final = {"Home": 45, "Blog": 35, "Docs": 12, "Pricing": 6, "Careers": 2}
COMPARING: Final = {"Home": 20, "Blog": 8, "Docs": 37, "Pricing": 35}
STUDYING: Final = {"Home": 20, "Blog": 45, "Docs": 33, "Pricing": 2}
JOB_HUNTING: Final = {"Home": 20, "Blog": 10, "Careers": 70}

Interest: TypeAlias = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """One recorded act as `events.csv` has it, still without an id; None is an empty cell."""

    lead: str
    name: str
    time: datetime
    type: Literal["page", "track"] = "track"
    path: str | None = None
    campaign: str | None = None
    asset: str | None = None
    price: str | None = None


def visit(rng: random.Random, lead: DemoLead, start: datetime, interest: Interest) -> Iterator[DemoEvent]:
    """Yield the page views of one visit; never more than 25 minutes are silent in it."""
    moment = start
    campaign = rng.choice(CAMPAIGN_SOURCES) if rng.random() < _FROM_CAMPAIGN else None
    for _ in range(_views_in_visit(rng)):
        page = rng.choices(list(interest), list(interest.values()))[0]
        yield DemoEvent(lead.id, page, moment, type="page", path=rng.choice(_PATHS[page]), campaign=campaign)
        moment += timedelta(seconds=rng.randint(8, 420))
        campaign = None  # only the landing page carries the campaign


def _views_in_visit(rng: random.Random) -> int:
    return min(9, 1 + int(rng.expovariate(1 / 2.2)))
