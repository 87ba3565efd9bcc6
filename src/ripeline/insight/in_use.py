"""A definition in use, as it is looked at: leads at an instant, and those who were handed over. Plain counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ripeline.insight.drift import Spread
from ripeline.vocabulary.people import Name

RuleKey = tuple[str, str]
"""A rule: "fit" or "engagement", and its name."""


@dataclass(frozen=True, slots=True)
class Points:
    """What a rule gives at an instant: to how many leads; the least and the most micro-points that anybody has."""

    leads: int = 0
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Became:
    """Leads in one cell of the matrix and with one likelihood (in millionths, None where there is none).

    Those who were won before, or nobody knows when, are left out. won: by the end of the review; ended: of these and of
    those lost; won_in_time: within the days that the likelihood is about, of the others nothing is asked.
    """

    fit_level: str
    engagement_level: str
    likelihood: int | None
    leads: int
    won: int = 0
    ended: int = 0
    won_in_time: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """Everybody as a definition saw them at an instant, with what was known by then."""

    leads: int
    mqls: int
    fit: Spread
    engagement: Spread
    cells: Mapping[tuple[str, str], int]
    traits: Mapping[str, Spread]
    points: Mapping[RuleKey, Points]
    became: Sequence[Became] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A handoff. answer: True taken on, False sent back, None where nobody said. reason: why it was sent back."""

    lead: Name
    made_us: int
    answer: bool | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Cells:
    """One trait of leads when they were handed over, in their order; None where nobody knew.

    numbers: in millionths, None where some have a text. is_age: they are days since a date. is_boolean: the texts say
    true and false, and nothing is one.
    """

    texts: Sequence[str | None]
    numbers: Sequence[int | None] | None = None
    is_age: bool = False
    is_boolean: bool = False


@dataclass(frozen=True, slots=True)
class Handed:
    """Handoffs of leads who are known, with the micro-points that each rule gave them then, and their traits."""

    given: Sequence[Given]
    points: Sequence[Mapping[RuleKey, int]]
    traits: Mapping[str, Cells] = field(default_factory=dict)
