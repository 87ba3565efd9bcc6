"""The hidden truth: what decides in the demo company whether a deal is won.

At the moment of a decision a lead has points: for facts that `leads.csv` tells of it (an empty cell counts
nothing), and for what it did before. An act's points halve every half-life, in whole UTC days, and are cut at
its cap. The chance to win is the logistic function of (points - offset) / scale, and won or lost is drawn
with that chance. `TRUTH` below has every number. Acts and facts that are not named there (mails opened,
blog pages, advertisements, the lead's source) decide nothing: a learner should find that out, too.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ripeline.adapters.sources.demo.acts import DemoEvent
from ripeline.adapters.sources.demo.calendar import age_in_days
from ripeline.adapters.sources.demo.people import FREE_DOMAINS, DemoLead


@dataclass(frozen=True, slots=True)
class ActTruth:
    """What one kind of act is worth: points each, the days in which they halve, the limit of the sum."""

    points: float
    half_life: int
    cap: float

    def worth(self, ages: Iterable[int]) -> float:
        """Return the points of acts of these ages in days.

        >>> ActTruth(points=10, half_life=30, cap=12).worth([0, 30])
        12.0
        >>> ActTruth(points=-3, half_life=60, cap=-9).worth([60])
        -1.5
        """
        total = sum(self.points * math.pow(0.5, age / self.half_life) for age in ages)
        return float(min(total, self.cap) if self.cap > 0 else max(total, self.cap))


@dataclass(frozen=True, slots=True)
class HiddenTruth:
    """Points per fact of fit, named as in `facts_of`, and per act by event name, and how they decide."""

    fit: Mapping[str, float]
    acts: Mapping[str, ActTruth]
    offset: float
    scale: float

    def points(self, lead: DemoLead, events: Iterable[DemoEvent], moment: datetime) -> float:
        """Return the points of a lead at a moment, from what it did before."""
        ages: dict[str, list[int]] = {}
        for event in events:
            if event.time < moment and event.name in self.acts:
                ages.setdefault(event.name, []).append(age_in_days(event.time, moment))
        fit = sum(self.fit[fact] for fact in sorted(facts_of(lead)))
        return fit + sum(self.acts[name].worth(ages[name]) for name in sorted(ages))

    def likelihood(self, points: float) -> float:
        """Return the chance to win with these points."""
        return 1 / (1 + math.exp((self.offset - points) / self.scale))


TRUTH: Final = HiddenTruth(
    fit={
        "100 to 500 people": 12,
        "more than 500 people": 6,
        "manufacturing or logistics": 7,
        "decides on IT": 10,
        "purchasing": 7,
        "Germany, Austria or Switzerland": 5,
        "free mail": -8,
        "student": -15,
    },
    acts={
        "Trial Downloaded": ActTruth(points=10, half_life=30, cap=15),
        "Pricing": ActTruth(points=2, half_life=14, cap=12),
        "Docs": ActTruth(points=0.5, half_life=14, cap=4),
        "Demo Requested": ActTruth(points=14, half_life=45, cap=14),
        "Quote Requested": ActTruth(points=18, half_life=45, cap=18),
        "Contact Requested": ActTruth(points=8, half_life=30, cap=8),
        "Webinar Attended": ActTruth(points=5, half_life=30, cap=8),
        "E-book Downloaded": ActTruth(points=1, half_life=30, cap=2),
        "Careers": ActTruth(points=-3, half_life=60, cap=-9),
        "Unsubscribed": ActTruth(points=-8, half_life=90, cap=-8),
    },
    offset=31,
    scale=8,
)


def facts_of(lead: DemoLead) -> frozenset[str]:
    """Return the names of the facts of fit that hold for a lead."""
    size = lead.company_size or 0
    function, seniority = (lead.title.function, lead.title.seniority) if lead.title else ("", "")
    holds = {
        "100 to 500 people": 100 <= size <= 500,
        "more than 500 people": size > 500,
        "manufacturing or logistics": lead.industry in {"manufacturing", "logistics"},
        "decides on IT": function == "it" and seniority in {"head", "director", "vp", "chief"},
        "purchasing": function == "purchasing",
        "Germany, Austria or Switzerland": lead.country in {"DE", "AT", "CH"},
        "free mail": lead.email_domain in FREE_DOMAINS,
        "student": seniority == "intern",
    }
    return frozenset(fact for fact, true in holds.items() if true)
