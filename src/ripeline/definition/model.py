"""A definition of a marketing qualified lead: what a business wrote, read, resolved and checked.

All points are micro-points, all windows whole days, all shares thousandths of a percent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ripeline.definition.conditions import Condition
from ripeline.vocabulary.looks import Moments


@dataclass(frozen=True, slots=True)
class HalfLife:
    """Half of the points are left after this many days."""

    days: int


@dataclass(frozen=True, slots=True)
class Fade:
    """Points fall in a straight line to nothing at this age."""

    days: int


@dataclass(frozen=True, slots=True)
class Step:
    """A share of what is left is lost every so many days."""

    lose: Fraction
    every: int


Decay = HalfLife | Fade | Step | None


@dataclass(frozen=True, slots=True)
class FrequencyCap:
    """Of a person's measure at most `most` count per "day", "week", "month" or "ever", youngest first."""

    most: int
    per: str


@dataclass(frozen=True, slots=True)
class EventMatch:
    """Which events count: a type ("any" for all), any of some names (None: any), a condition on fields.

    `where` may read traits too, where a part of the condition mixes both.
    """

    type: str
    names: tuple[str, ...] | None
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted per person and day: "count", "days", "visits", "minutes" or "sum" of a field."""

    kind: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Accrual:
    """Points for every unit of the measure, fading with age. within: only days younger than this."""

    match: EventMatch
    measure: Measure
    decay: Decay
    frequency_cap: FrequencyCap | None
    within: int | None


@dataclass(frozen=True, slots=True)
class Frequency:
    """Points once, while the measure over the window is at least so much and `without` did not happen."""

    match: EventMatch
    measure: Measure
    frequency_cap: FrequencyCap | None
    at_least: int
    window: int
    without: EventMatch | None


@dataclass(frozen=True, slots=True)
class Inactivity:
    """Points while the youngest matching event is this many days old, or none came in as long."""

    match: EventMatch
    days: int


@dataclass(frozen=True, slots=True)
class TraitUnits:
    """Points for each whole unit of a numeric trait."""

    trait: str


Form = Accrual | Frequency | Inactivity | TraitUnits


@dataclass(frozen=True, slots=True)
class HandRaise:
    """The person asked to talk to sales; open for so many days, then `stage`."""

    open_for: int
    stage: str


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing people do that tells of interest. gate: a condition on traits that opens the signal."""

    name: str
    label: str
    points: int
    form: Form
    gate: Condition | None
    cap: int | None
    floor: int | None
    group: str | None
    weak: bool
    hand_raise: HandRaise | None
    trusted: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    """One rule of fit."""

    name: str
    label: str
    when: Condition
    points: int
    group: str | None
    trusted: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Rules limited together. first: in order, only the first true criterion counts."""

    name: str
    at_most: int | None
    floor: int | None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A band of a score and the lowest score in it."""

    name: str
    lowest: int


@dataclass(frozen=True, slots=True)
class Fit:
    """Who they are."""

    min_known: int
    at_most: int | None
    floor: int | None
    criteria: tuple[Criterion, ...]
    groups: tuple[Group, ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Engagement:
    """What they do. weak_share: of the other evidence, how much weak evidence may add."""

    at_most: int | None
    floor: int | None
    weak_share: int
    signals: tuple[Signal, ...]
    groups: tuple[Group, ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What to do with leads of one fit and interest, and how that is called.

    by_lot: the share of them that go to sales though they are not ripe.
    """

    action: str
    rating: str
    by_lot: int = 0


@dataclass(frozen=True, slots=True)
class Suppression:
    """Leads that are nobody's business: own staff, competitors."""

    name: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Stages:
    """How stages remember. fall_below: (engagement, fit) in micro-points, None where not given."""

    fall_engagement: int | None = None
    fall_fit: int | None = None
    cool_down: int = 90
    remove_after: int = 180


@dataclass(frozen=True, slots=True)
class Promise:
    """A promised time in business hours: so many units of "m", "h" or "d"."""

    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Handoff:
    """What sales promises, and the reasons it may give for sending a lead back."""

    accept_within: Promise | None = None
    first_touch_within: Promise | None = None
    raise_accept_within: Promise | None = None
    raise_first_touch_within: Promise | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accounts:
    """How the interest of several people adds up for their company."""

    breadth: int
    breadth_cap: int


@dataclass(frozen=True, slots=True)
class Follows:
    """What the level of likelihoods follows: what became of leads at the last so many looks at them.

    within: in how many days they had to be won, None for ever; repeats: who was won is looked at again.
    """

    looks: int
    at: Moments
    within: int | None = None
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A calibrated table: (least points of the sum, likelihood in millionths), ascending.

    follows: None where it stays as it is.
    """

    of: str
    table: tuple[tuple[int, int], ...]
    follows: Follows | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """What a marketing qualified lead is, for one business. per: who qualifies, each lead or its whole account."""

    name: str
    timezone: str
    required: tuple[str, ...]
    fit: Fit
    engagement: Engagement
    matrix: Mapping[str, Mapping[str, Cell]]
    suppress: tuple[Suppression, ...] = ()
    stages: Stages = field(default_factory=Stages)
    handoff: Handoff = field(default_factory=Handoff)
    accounts: Accounts = field(default_factory=lambda: Accounts(5_000_000, 20_000_000))
    likelihood: Likelihood | None = None
    per: str = "lead"

    def rows(self) -> tuple[str, ...]:
        """Return the fit levels of the matrix, best first, then unknown."""
        return (*(level.name for level in self.fit.levels), "unknown")
