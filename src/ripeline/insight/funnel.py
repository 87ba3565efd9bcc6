"""How far MQLs come, by the week or month in which they first were ones.

Everybody is looked at for equally many days from then on, so young cohorts do not look worse than old ones: a cohort
is over once its last lead has had all of them. Days are local; reached on the same day is 0 days.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ripeline.insight.journey import Journey
from ripeline.vocabulary.calendar import Zone, day_number
from ripeline.vocabulary.stages import CUSTOMER, QUIET, SALES_ACCEPTED, SALES_QUALIFIED

STEPS: Final = (SALES_ACCEPTED, SALES_QUALIFIED, CUSTOMER)
"""There is no step for an opportunity: neither sales' answers nor imported deals tell of one."""


def _week(day: int) -> tuple[int, int]:
    return day - day % 7, day - day % 7 + 6


def _month(day: int) -> tuple[int, int]:
    first = date.fromordinal(day + 1).replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return day_number(first), day_number(following) - 1


COHORTS: Final[Mapping[str, Callable[[int], tuple[int, int]]]] = {"week": _week, "month": _month}
"""What cohorts are made by, with the first and the last day of the one that a day lies in."""


@dataclass(slots=True)
class Cohort:
    """Who first was an MQL from one day to another.

    is_over: everybody has had all days there are. days: for each of STEPS, after how many days those came who did.
    """

    first: int
    last: int
    is_over: bool
    came: list["Passage"] = field(default_factory=list)
    days: dict[str, list[int]] = field(default_factory=lambda: {step: [] for step in STEPS})

    @property
    def leads(self) -> int:
        """How many they are."""
        return len(self.came)

    def add(self, one: "Passage") -> None:
        """Count a lead."""
        self.came.append(one)
        for step, days in one.days.items():
            self.days[step].append(days)


@dataclass(frozen=True, slots=True)
class Funnel:
    """Cohorts in order of time. left_out: how many first were MQLs by no act of theirs, on a day that says nothing."""

    cohorts: Sequence[Cohort]
    left_out: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A lead that was an MQL.

    lead: as it is shown. days: after how many days it came to each step that it came to. definition: the version that
    it first met; channel: by which it first came, campaign: that of the same.
    """

    lead: str
    began_us: int
    days: Mapping[str, int]
    definition: str = ""
    channel: str | None = None
    campaign: str | None = None


APART: Final[Mapping[str, Callable[[Passage], str | None]]] = {
    "channel": lambda one: one.channel,
    "campaign": lambda one: one.campaign,
    "definition": lambda one: one.definition,
}
"""What MQLs can be told apart by, beside when they first were ones."""


def passages(
    journeys: Iterable[Journey], period: tuple[int, int], within: int, zone: Zone
) -> tuple[list[Passage], int]:
    """Return who first was an MQL between two instants, and how many more by no act of theirs.

    within: days that everybody is given.
    """
    found, left_out = list[Passage](), 0
    for journey in journeys:
        began = journey.first_mql
        if began is None or not period[0] <= began.at_us <= period[1]:
            continue
        if began.cause in QUIET:
            left_out += 1
            continue
        days = {step: zone.day(at_us) - zone.day(began.at_us) for step, at_us in _reached(journey, began.at_us).items()}
        kept = {step: count for step, count in days.items() if count <= within}
        version = f"{began.definition}@{began.fingerprint}"
        found.append(Passage(journey.lead, began.at_us, kept, version, journey.channel, journey.campaign))
    return found, left_out


def funnel(
    journeys: Iterable[Journey], by: str, period: tuple[int, int], within: int, zone: Zone, now_us: int
) -> Funnel:
    """Return how far those came who first were MQLs between two instants. within: days that everybody is given."""
    cohorts, today = dict[int, Cohort](), zone.day(now_us)
    found, left_out = passages(journeys, period, within, zone)
    for passage in found:
        first, last = COHORTS[by](zone.day(passage.began_us))
        cohorts.setdefault(first, Cohort(first, last, is_over=last + within < today)).add(passage)
    return Funnel(sorted(cohorts.values(), key=lambda cohort: cohort.first), left_out)


def groups_of(made: Funnel, apart: str) -> dict[str | None, Cohort]:
    """Return the leads of the cohorts that are over by what tells them apart, of APART.

    Each group goes from the first day of its first cohort to the last of its last.
    """
    groups = dict[str | None, Cohort]()
    for cohort in made.cohorts:
        for one in cohort.came if cohort.is_over else ():
            group = groups.setdefault(APART[apart](one), Cohort(cohort.first, cohort.last, is_over=True))
            group.last = cohort.last
            group.add(one)
    return groups


def _reached(journey: Journey, since_us: int) -> dict[str, int]:
    """Return when each step was first come to since an instant, where it was: by a person's word, or by a deal."""
    said = [(line.after, line.at_us) for line in journey.lines if line.by and line.after in STEPS]
    won = [(CUSTOMER, at_us) for at_us in journey.won if at_us is not None]
    found = dict[str, int]()
    for step, at_us in [*said, *won]:
        if at_us >= since_us:
            found[step] = min(at_us, found.get(step, at_us))
    return found
