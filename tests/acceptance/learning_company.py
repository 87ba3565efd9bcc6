"""Invented companies whose truth is known: which facts and acts win deals, by how many points, and how they fade.

Every lead is looked at once, LOOK_DAYS after it came. Its chance is then a smooth curve over the points of its Truth,
and a draw by that chance decides whether it is won within WITHIN_DAYS after: what a learner should find again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

BEGIN: Final = datetime(2025, 1, 1, tzinfo=UTC)
DAYS: Final = 300
LOOK_DAYS: Final = 60
WITHIN_DAYS: Final = 14
INDUSTRIES: Final = ("software", "banking", "retail", "farming", "transport", "education")
COLOURS: Final = ("red", "green", "blue", "yellow")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """Something people do. mean: how often in LOOK_DAYS; points: of `full` times or more; half_life: in days."""

    name: str
    mean: float
    points: int = 0
    half_life: int | None = None
    full: int = 1

    def worth(self, ages: Sequence[int]) -> float:
        """Return its points for acts so many days ago."""
        left = sum(1.0 if self.half_life is None else 2 ** (-age / self.half_life) for age in ages)
        return self.points * min(left, self.full) / self.full


@dataclass(frozen=True)
class Truth:
    """What wins: points of acts, of 50 to below 500 employees, of industries, and of who has no website.

    A colour, a shoe size, and acts without points mean nothing.
    """

    acts: Sequence[Act]
    employees: int = 12
    industries: Mapping[str, int] = field(default_factory=lambda: {"software": 9, "banking": 9, "education": -9})
    no_website: int = -8
    level: float = -2.0
    slope: float = 0.12

    def points(self, traits: Row, ages: Mapping[str, Sequence[int]]) -> float:
        """Return all the points of a lead. ages: how many days ago it did what."""
        fit = self.employees * (50 <= traits["employees"] < 500) + self.industries.get(traits["industry"], 0)
        fit += self.no_website * (traits["website"] is None)
        return float(fit + sum(act.worth(ages.get(act.name, ())) for act in self.acts))

    def chance(self, points: float) -> float:
        """Return what a total of points means."""
        return float(1 / (1 + np.exp(-(self.level + self.slope * points))))


NOISE: Final = (Act("Newsletter Opened", 3.0), Act("Blog Read", 1.5))
TRUTH: Final = Truth(
    (
        Act("Pricing Viewed", 2.0, 20, half_life=14, full=2),
        Act("Webinar Attended", 0.8, 14, half_life=None),
        Act("Careers Viewed", 0.9, -14, half_life=60),
        *NOISE,
    )
)


@dataclass(frozen=True)
class Company:
    """Rows to import; and of each lead, when it is looked at and its true chance then."""

    leads: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    outcomes: list[Row] = field(default_factory=list)
    looks: list[Row] = field(default_factory=list)
    chances: dict[str, float] = field(default_factory=dict)


def invent(leads: int, seed: int = 0, truth: Truth = TRUTH, *, begin: datetime = BEGIN) -> Company:
    """Return a company of so many leads, which come in the DAYS after a moment."""
    random, made = np.random.default_rng(seed), Company()
    for number in range(leads):
        created = begin + timedelta(days=float(random.uniform(0, DAYS)))
        _live(made, truth, f"L{number:05d}", created.replace(microsecond=0), random)
    return made


def _live(made: Company, truth: Truth, lead: str, created: datetime, random: np.random.Generator) -> None:
    """Add all that one lead is and does, and what becomes of it."""
    look, traits = created + timedelta(days=LOOK_DAYS), _traits(random)
    made.leads.append({"id": lead, "created": at(created), **traits})
    made.looks.append({"lead": lead, "as_of": at(look)})
    ages: dict[str, list[int]] = {act.name: [] for act in truth.acts}
    for act in truth.acts:
        for back in random.uniform(0, LOOK_DAYS, random.poisson(act.mean)):
            time = (look - timedelta(days=float(back))).replace(microsecond=0)
            ages[act.name].append((look.date() - time.date()).days)
            made.events.append({"lead": lead, "name": act.name, "time": at(time)})
    chance = made.chances[lead] = truth.chance(truth.points(traits, ages))
    ended = look + timedelta(days=float(random.uniform(0.1, WITHIN_DAYS - 0.1)))
    outcome = "won" if random.random() < chance else "lost"
    made.outcomes.append({"lead": lead, "outcome": outcome, "time": at(ended)})


def _traits(random: np.random.Generator) -> Row:
    return {
        "employees": int(np.exp(random.normal(5, 1.5))) + 1,
        "industry": str(random.choice(INDUSTRIES)),
        "website": None if random.random() < 0.3 else f"w{random.integers(1_000_000)}.example",
        "colour": str(random.choice(COLOURS)),
        "shoe_size": int(random.integers(36, 47)),
    }


def at(time: datetime) -> str:
    """Return a moment as files have it, in whole seconds."""
    return time.replace(microsecond=0).isoformat().replace("+00:00", "Z")
