"""What was known of leads at moments of the past, and what became of them after: what is learned from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ripeline.learning.acts import Acts
from ripeline.learning.arrays import Flags, Floats, Whole

UNKNOWN = -1
"""The code of a text that is not known."""

ELSE = ""
"""The level of whatever has no name of its own: rare texts, and what is no text. No text is empty."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A trait that is a number, of each row; NaN where it is not known.

    is_age: it is a date, and the number is how many days ago that was.
    """

    values: Floats
    is_age: bool = False

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.values)

    def rows(self, which: Flags) -> "Numbers":
        """Return the same of some rows."""
        return Numbers(self.values[which], self.is_age)


@dataclass(frozen=True, slots=True)
class Texts:
    """A trait that is a text, of each row, as its place in levels; UNKNOWN where it is not known.

    is_boolean: its levels are "true" and "false".
    """

    codes: Whole
    levels: tuple[str, ...]
    is_boolean: bool = False

    @classmethod
    def of(cls, values: Sequence[str | None]) -> "Texts":
        """Take the texts themselves; levels are in order.

        >>> Texts.of(["b", None, "a"]).codes.tolist()
        [1, -1, 0]
        """
        levels = tuple(sorted({value for value in values if value is not None}))
        place = {level: code for code, level in enumerate(levels)}
        codes = [UNKNOWN if value is None else place[value] for value in values]
        return cls(np.array(codes, dtype=np.int64), levels)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.codes)

    def rows(self, which: Flags) -> "Texts":
        """Return the same of some rows."""
        return Texts(self.codes[which], self.levels, self.is_boolean)


Trait = Numbers | Texts


@dataclass(frozen=True)
class Sample:
    """Rows: a lead at a moment each. won: whether it was won in time after; traits: by their names, as known then.

    acts: what people had done. weight: how much each row counts, 1 where nothing else is said. person: whose a row is;
    each its own where nothing is said. leads: how many a row stands for, 1 where nothing is said; it is part of weight
    too. own: units of each rule of the definition that is started from, see own.Own.
    """

    won: Floats
    traits: Mapping[str, Trait]
    acts: Acts | None = None
    weight: Floats = field(default_factory=lambda: np.empty(0))
    person: Whole = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    own: Mapping[str, Floats] = field(default_factory=dict)
    leads: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        """Give every row the same weight, and its own person, where nothing is said of it."""
        if not len(self.weight):
            object.__setattr__(self, "weight", np.ones(len(self.won)))
        if not len(self.person):
            object.__setattr__(self, "person", np.arange(len(self.won)))
        if not len(self.leads):
            object.__setattr__(self, "leads", np.ones(len(self.won)))

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.won)

    def without(self, names: Collection[str]) -> "Sample":
        """Return the same without some traits."""
        return replace(self, traits={name: trait for name, trait in self.traits.items() if name not in names})

    def rows(self, which: Flags) -> "Sample":
        """Return some rows."""
        traits = {name: trait.rows(which) for name, trait in self.traits.items()}
        acts = None if self.acts is None else self.acts.rows(which)
        own = {key: units[which] for key, units in self.own.items()}
        return Sample(self.won[which], traits, acts, self.weight[which], self.person[which], own, self.leads[which])

    @property
    def rate(self) -> float:
        """How much of it was won."""
        return float(np.average(self.won, weights=self.weight))

    @property
    def log_odds(self) -> float:
        """The log odds of being won, held where all were, or none."""
        inside = min(max(self.rate, 1e-6), 1 - 1e-6)
        return float(np.log(inside / (1 - inside)))

    def folds(self, many: int, seed: int) -> Whole:
        """Return which of so many parts each row belongs to, drawn by lot; all rows of a person are in the same one."""
        people, place = np.unique(self.person, return_inverse=True)
        drawn = np.random.default_rng(seed).permutation(len(people)) % many
        return np.asarray(drawn[place], dtype=np.int64)
