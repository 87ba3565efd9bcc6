"""What a definition compiles to: the few records that both readers walk through."""

from dataclasses import dataclass

from ripeline.definition.model import Criterion, Definition, Group, Signal
from ripeline.vocabulary.calendar import OLDEST_AGE, Zone
from ripeline.vocabulary.derived import Tables


@dataclass(frozen=True, slots=True)
class Units:
    """Micro-points for one unit of measure, by age in days.

    steady: the same at every age up to the oldest; by_age: one entry an age, nothing behind the last.
    """

    steady: int = 0
    by_age: tuple[int, ...] = ()

    def at(self, age: int) -> int:
        """Return what one unit is worth at an age.

        >>> Units(by_age=(10, 5)).at(1), Units(by_age=(10, 5)).at(2), Units(steady=7).at(36_501)
        (5, 0, 0)
        """
        if self.steady:
            return self.steady if age <= OLDEST_AGE else 0
        return self.by_age[age] if age < len(self.by_age) else 0

    @property
    def horizon(self) -> int:
        """The age from which on nothing is left."""
        return OLDEST_AGE + 1 if self.steady else len(self.by_age)


@dataclass(frozen=True, slots=True)
class SignalPlan:
    """A signal with its weights.

    horizon: days of this age and older count for nothing. moves: which events match changes with time
    alone, since their condition counts days.
    """

    signal: Signal
    units: Units
    horizon: int
    moves: bool

    @property
    def name(self) -> str:
        """The signal's name."""
        return self.signal.name


@dataclass(frozen=True, slots=True)
class Limits:
    """Cap of the positive and floor of the negative sum of some rules; `shown` names its key in evidence."""

    name: str
    at_most: int | None
    floor: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A definition ready to be read: with its zone, its tables and its fingerprint.

    traits, fields: the keys its conditions and signals read; derived_fields: those of events that are worked out from
    others, which stand in fields. trusted_traits: those of them that are read
    as trusted statements alone have them. ages_asked: traits whose age conditions ask for, each with the age in days
    from which on nothing that is asked of it is answered otherwise; None where conditions reckon with ages.
    """

    definition: Definition
    zone: Zone
    tables: Tables
    signals: tuple[SignalPlan, ...]
    traits: tuple[str, ...]
    fields: tuple[str, ...]
    derived_fields: tuple[str, ...]
    trusted_traits: tuple[str, ...]
    ages_asked: tuple[tuple[str, int], ...] | None
    fingerprint: str

    @property
    def counts_days(self) -> bool:
        """Say whether some condition tells by itself how old a trait is, so that time alone may change its answer."""
        return self.ages_asked != ()

    @property
    def version(self) -> str:
        """Name and fingerprint, as scores carry them."""
        return f"{self.definition.name}@{self.fingerprint}"

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria of fit, in the order of the file."""
        return self.definition.fit.criteria

    @property
    def fit_limits(self) -> tuple[Limits, ...]:
        """Limits of fit: groups in the order of the file, then the total."""
        fit = self.definition.fit
        return (*map(_limits, fit.groups), Limits("fit", fit.at_most, fit.floor))

    @property
    def engagement_limits(self) -> tuple[Limits, ...]:
        """Limits of engagement: groups in the order of the file, then the total."""
        engagement = self.definition.engagement
        return (*map(_limits, engagement.groups), Limits("engagement", engagement.at_most, engagement.floor))


def _limits(group: Group) -> Limits:
    return Limits(group.name, group.at_most, group.floor)
