"""How many rules, and how they are found, by what they are worth to people who were not learned from.

Of the numbers of rules the smallest is taken that is within one standard error of the best: L. Breiman and others,
Classification and Regression Trees (1984), section 3.4.3.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ripeline.learning.arrays import Floats, added_up
from ripeline.learning.evaluation import losses
from ripeline.learning.own import Begin
from ripeline.learning.sample import Sample
from ripeline.learning.scorecard.points import Card, card_of
from ripeline.learning.scorecard.pooled import pooled, weighed
from ripeline.learning.scorecard.refining import Refined, refined_card, refinements
from ripeline.learning.scorecard.selection import Chosen, chosen, first_rules

NUMBERS: Final = (5, 10, 15, 25)
FURTHER: Final = (2, 5, 10)
"""Rules beside those of a definition that is started from."""

FOLDS: Final = 4

MOST_TRIED: Final = 30_000
"""Rows that ways are tried on; of more, those of some people are left out."""

FEW_ROWS: Final = 300
"""With fewer rows than this rules are never found one by one: what seems to help most is mostly luck."""

FEW_WON: Final = 400
"""With fewer won rows, or lost ones, weighing all plain facts together is tried as well."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Way:
    """One by one, or all plain facts together; and how many rules at most."""

    together: bool
    most: int

    @property
    def effort(self) -> int:
        """How many rules people would have to read at most."""
        return self.most

    def card(self, sample: Sample) -> Card:
        """Return the rules with whole points."""
        return card_of(self.chosen(sample), sample)

    def chosen(self, sample: Sample) -> Chosen:
        """Return rules that are found so."""
        return pooled(sample, self.most) if self.together else chosen(sample, self.most)

    def roughly(self, sample: Sample) -> Chosen:
        """Return nearly the same rules in half the time: none is exchanged in the end."""
        return pooled(sample, self.most) if self.together else first_rules(sample, self.most)(self.most)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a way is worth: log loss per row of people who were not learned from, and chances of each row."""

    way: Way | Refined
    log_loss: float
    chances: Floats


@dataclass(frozen=True)
class Trial:
    """All ways on the same rows. constant: the chance of each row by how many others were won."""

    sample: Sample
    constant: Floats
    tried: Sequence[Tried]

    @property
    def best(self) -> Tried:
        """The way with the least effort that is not clearly worse than the best."""
        best = min(self.tried, key=lambda one: one.log_loss)
        near = [one for one in self.tried if _is_near(one, best, self.sample)]
        return min(near, key=lambda one: (one.way.effort, one.log_loss))


def trial_of(sample: Sample, most: int, seed: int, progress: Progress, begin: Begin | None = None) -> Trial:
    """Try every way with at most so many rules: each quarter of people is foretold from the others.

    begin: the definition that is started from.
    """
    tried = _some(sample, seed)
    fold = tried.folds(FOLDS, seed)
    ways = _ways(tried, most) if begin is None else _refined(begin, tried, most)
    found = {way: np.empty(len(tried)) for way in ways}
    constant = np.empty(len(tried))
    for number in range(FOLDS):
        progress("trying how many rules are worth it", number / FOLDS)
        outside = fold == number
        learned, judged = tried.rows(~outside), tried.rows(outside)
        constant[outside] = learned.rate
        for way, card in _cards(learned, ways):
            found[way][outside] = card.chances(judged)
    lost = {way: float((tried.weight * losses(chance, tried.won)).mean()) for way, chance in found.items()}
    return Trial(tried, constant, [Tried(way, lost[way], chance) for way, chance in found.items()])


def _ways(sample: Sample, most: int) -> list[Way | Refined]:
    """Return what is tried: of very few rows only to weigh all plain facts together, of few won ones that as well."""
    numbers = sorted({min(number, most) for number in NUMBERS})
    if sample.weight.sum() < FEW_ROWS:
        return [Way(together=True, most=most)]
    few = min(sample.weight @ sample.won, sample.weight @ (1 - sample.won)) < FEW_WON
    return [Way(together, number) for together in ((False, True) if few else (False,)) for number in numbers]


def _refined(begin: Begin, sample: Sample, most: int) -> list[Way | Refined]:
    """Return what is tried of a definition: as it is, corrected, and with further rules, of very few rows none."""
    room = max(most - len(begin.rules), 0) if sample.weight.sum() >= FEW_ROWS else 0
    return [Refined(begin, None), *(Refined(begin, more) for more in sorted({0, *(min(one, room) for one in FURTHER)}))]


def _cards(sample: Sample, ways: Sequence[Way | Refined]) -> Iterator[tuple[Way | Refined, Card]]:
    """Yield each way's card; rules that are found one by one are found once, and the first of them taken."""
    single = [way.most for way in ways if isinstance(way, Way) and not way.together]
    one_by_one = first_rules(sample, max(single)) if single else None
    all_at_once = weighed(sample) if any(way.together for way in ways) else None
    further = [way for way in ways if isinstance(way, Refined)]
    refined = refinements(further[0].begin, sample, max(way.more or 0 for way in further)) if further else None
    for way in ways:
        if isinstance(way, Refined):
            assert refined is not None  # noqa: S101 - there is such a way
            yield way, refined_card(way.begin, refined(way.more), sample)
        else:
            found = all_at_once if way.together else one_by_one
            assert found is not None  # noqa: S101 - there is such a way
            yield way, card_of(found(way.most), sample)


def _some(sample: Sample, seed: int) -> Sample:
    if len(sample) <= MOST_TRIED:
        return sample
    drawn = np.random.default_rng(seed).random(int(sample.person.max()) + 1) < MOST_TRIED / len(sample)
    return sample.rows(drawn[sample.person])


def _is_near(one: Tried, best: Tried, sample: Sample) -> bool:
    people, place = np.unique(sample.person, return_inverse=True)
    lost = losses(one.chances, sample.won) - losses(best.chances, sample.won)
    worse = added_up(place, len(people), sample.weight * lost)
    return bool(worse.sum() <= np.sqrt(len(people)) * worse.std())
