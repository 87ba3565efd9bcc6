"""Leads with what became of them, as far as is known at an instant."""

from dataclasses import dataclass

import numpy as np

from ripeline.learning.arrays import Flags, Whole
from ripeline.vocabulary.calendar import EVER


@dataclass(frozen=True)
class Deals:
    """Outcomes. person: the lead's place among people; at_us: EVER where undated; won: else it was lost."""

    person: Whole
    at_us: Whole
    won: Flags


@dataclass(frozen=True)
class People:
    """Leads, in order of the texts that they are shown by. key: how history knows them.

    seen_us: when they came to be known, EVER where nothing of them is dated; arrived: their order in what was imported.
    """

    key: Whole
    seen_us: Whole
    arrived: Whole
    deals: Deals

    def __len__(self) -> int:
        """How many leads there are."""
        return len(self.key)

    @property
    def is_dated(self) -> bool:
        """Say whether it is known of outcomes when they came, and of leads since when they are."""
        return not ((self.deals.at_us == EVER).any() or (len(self) and (self.seen_us == EVER).all()))

    def closed_us(self) -> Whole:
        """Return of each lead when it was first won or lost, after all time where it never was."""
        first = np.full(len(self), np.iinfo(np.int64).max)
        np.minimum.at(first, self.deals.person, self.deals.at_us)
        return first
