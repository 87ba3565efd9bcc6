"""Conditions on one trait that a card gives points for."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from ripeline.definition.conditions import And, Compare, Condition, DaysSince, Expr, IsNull, Literal, Name, Or
from ripeline.learning.arrays import Flags, Floats
from ripeline.learning.sample import UNKNOWN, Numbers, Sample, Texts, Trait
from ripeline.vocabulary.values import Value, typed


@dataclass(frozen=True, slots=True)
class Band:
    """A number from low on, and below high; None where it is open there. At least one of them is said.

    is_age: of how many days ago the date was that a trait holds.
    """

    trait: str
    low: float | None = None
    high: float | None = None
    is_age: bool = False

    @property
    def condition(self) -> Condition:
        """What a definition says for it.

        >>> from ripeline.definition.render import condition_text
        >>> condition_text(Band("visits", 3.0, 7.5).condition), condition_text(Band("Page Views", high=2.0).condition)
        ('visits >= 3 and visits < 7.5', '"Page Views" < 2')
        >>> condition_text(Band("since", high=30.0, is_age=True).condition)
        'days_since(since) < 30'
        """
        name = Name("trait", self.trait)
        of: Expr = DaysSince(name) if self.is_age else name
        ends = ((">=", self.low), ("<", self.high))
        parts = [Compare(how, of, _literal(Decimal(repr(at)))) for how, at in ends if at is not None]
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def holds(self, of: Trait) -> Flags:
        """Say of each row whether it is true."""
        if isinstance(of, Texts):
            return np.zeros(len(of.codes), dtype=np.bool_)
        low, high = (-np.inf if self.low is None else self.low), (np.inf if self.high is None else self.high)
        return (of.values >= low) & (of.values < high)


@dataclass(frozen=True, slots=True)
class OneOf:
    """A text that is one of some. is_boolean: it is true or false instead."""

    trait: str
    levels: tuple[str, ...]
    is_boolean: bool = False

    @property
    def condition(self) -> Condition:
        """What a definition says for it.

        >>> from ripeline.definition.render import condition_text
        >>> condition_text(OneOf("source", ("it's",)).condition), condition_text(OneOf("x", ("a", "b")).condition)
        ("source = 'it''s'", "x in ('a', 'b')")
        >>> condition_text(OneOf("known", ("true",), is_boolean=True).condition)
        'known = true'
        """
        values = (
            Literal(Value(boolean=level == "true")) if self.is_boolean else _literal(level) for level in self.levels
        )
        parts = [Compare("=", Name("trait", self.trait), value) for value in values]
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def holds(self, of: Trait) -> Flags:
        """Say of each row whether it is true."""
        if isinstance(of, Numbers):
            return np.zeros(len(of.values), dtype=np.bool_)
        return np.isin(of.codes, [code for code, level in enumerate(of.levels) if level in self.levels])


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing is known of a trait."""

    trait: str

    @property
    def condition(self) -> Condition:
        """What a definition says for it."""
        return IsNull(Name("trait", self.trait))

    def holds(self, of: Trait) -> Flags:
        """Say of each row whether it is true."""
        return np.isnan(of.values) if isinstance(of, Numbers) else of.codes == UNKNOWN


TraitRule = Band | OneOf | Missing


def trait_column(rule: TraitRule, sample: Sample) -> Floats:
    """Return a rule as 1 and 0 of each row."""
    return rule.holds(sample.traits[rule.trait]).astype(np.float64)


def _literal(told: str | Decimal) -> Literal:
    """Return what conditions compare with. Raises ValueError for empty text, which is no value of a trait."""
    value = typed(told)
    if value is None:
        raise ValueError("nothing is equal to empty text")
    return Literal(value)
