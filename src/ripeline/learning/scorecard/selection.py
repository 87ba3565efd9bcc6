"""Rules chosen one by one, exchanged where that helps, and none that contradicts its own won rate."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ripeline.learning.arrays import Floats
from ripeline.learning.columns import Rule, column, cost
from ripeline.learning.newton import PENALTY, chances, fitted, loss
from ripeline.learning.sample import Sample
from ripeline.learning.scorecard.candidates import Candidates, Slopes, candidates_of
from ripeline.learning.scorecard.signals import ways_of

LEAST_GAIN: Final = 4.0
"""A rule that gains less than this, which is 2 of log likelihood, is none."""

MOST_SCREENED: Final = 15_000
"""More rows choose no better rules."""

FIXED: Final = 1e9
"""A weight that costs so much stays at its prior."""

BETTER: Final = 0.3
"""By so much the penalised loss has to fall before one rule takes another's place."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rules with their weights. columns: 1, then each rule's, of every row of the sample; weights: in that order.

    penalty: what each rule's weight costs, for being away from its prior.
    """

    rules: tuple[Rule, ...]
    columns: Floats
    weights: Floats
    penalty: Floats
    prior: Floats

    @classmethod
    def of(cls, rules: Sequence[Rule], sample: Sample, penalty: float = PENALTY) -> "Chosen":
        """Return rules fitted to a sample."""
        columns = [column(rule, sample) for rule in rules]
        costs, begin = [penalty * cost(one) for one in columns], [sample.log_odds, *np.zeros(len(rules))]
        whole = np.column_stack([np.ones(len(sample)), *columns])
        return cls(tuple(rules), whole, np.array(begin), np.array(costs), np.zeros(len(rules))).fitted(sample)

    def fitted(self, sample: Sample) -> "Chosen":
        """Return the same with the weights that lose least."""
        weights = fitted(self.columns, sample.won, sample.weight, self.weights, self.penalty, self.prior)
        return replace(self, weights=weights)

    def first(self, number: int, sample: Sample) -> "Chosen":
        """Return the first so many rules, fitted again."""
        kept = self.columns[:, : number + 1], self.weights[: number + 1]
        return Chosen(self.rules[:number], *kept, self.penalty[:number], self.prior[:number]).fitted(sample)

    def without(self, place: int, sample: Sample) -> "Chosen":
        """Return the rest of the rules, fitted again."""
        columns, weights = np.delete(self.columns, place + 1, axis=1), np.delete(self.weights, place + 1)
        rules = self.rules[:place] + self.rules[place + 1 :]
        penalty, prior = np.delete(self.penalty, place), np.delete(self.prior, place)
        return Chosen(rules, columns, weights, penalty, prior).fitted(sample)

    def beside(self, rule: Rule, sample: Sample) -> "Chosen":
        """Return the rules with one more, fitted again."""
        new = column(rule, sample)
        columns, weights = np.column_stack([self.columns, new]), np.append(self.weights, 0.0)
        penalty, prior = np.append(self.penalty, PENALTY * cost(new)), np.append(self.prior, 0.0)
        return Chosen((*self.rules, rule), columns, weights, penalty, prior).fitted(sample)

    def weakest_first(self) -> list[int]:
        """Return the places of the rules, those first that move rows least."""
        return [int(place) for place in np.argsort(np.abs(self.weights[1:]) * self.columns[:, 1:].std(axis=0))]


def chosen(sample: Sample, most: int, *, guarded: bool = True) -> Chosen:
    """Return at most so many rules that tell won from lost best together.

    guarded: every rule points the way its own won rate points. Two rules that only together make sense, one of them
    against what everybody sees, are none that a salesperson would believe.
    """
    some = _screened(sample)
    everything = offers(some)
    found = grown(some, everything, Chosen.of((), some), most, guarded=guarded)
    found = _exchanged(some, everything, agreeing(found, some, guarded=guarded), guarded=guarded)
    return agreeing(Chosen.of(found.rules, sample), sample, guarded=guarded)


def _screened(sample: Sample) -> Sample:
    """Return as many people as rules are chosen by; how much each weighs is told by all."""
    if len(sample) <= MOST_SCREENED:
        return sample
    people = int(sample.person.max()) + 1
    return sample.rows((np.random.default_rng(0).random(people) < MOST_SCREENED / len(sample))[sample.person])


def first_rules(sample: Sample, most: int) -> Callable[[int], Chosen]:
    """Find rules one by one; return what tells the first so many of them."""
    every = grown(sample, offers(sample), Chosen.of((), sample), most, guarded=True)
    return lambda number: agreeing(every.first(number, sample), sample)


def offers(sample: Sample) -> list[Candidates]:
    """Return what could be given points for: what is known of people, and what they did."""
    return [*candidates_of(sample), *ways_of(sample)]


def grown(
    sample: Sample,
    candidates: Sequence[Candidates],
    card: Chosen,
    most: int,
    *,
    guarded: bool,
    least: float = LEAST_GAIN,
) -> Chosen:
    """Return a card with what gains most, again and again."""
    while len(card.rules) < most:
        slopes = replace(_slopes(sample, card), guarded=guarded)
        gains = [gain for one in candidates if (gain := one.best(slopes)) is not None]
        best = max(gains, key=lambda one: one.gain, default=None)
        if best is None or best.gain < least:
            break
        card = card.beside(best.rule, sample)
    return card


def _slopes(sample: Sample, card: Chosen) -> Slopes:
    chance = chances(card.columns, card.weights)
    bend = sample.weight * chance * (1 - chance)
    bent = card.columns * bend[:, None]
    # Without the penalty: what it shrank of a rule is no room for the same rule once more.
    inverse = np.linalg.inv(bent.T @ card.columns + np.eye(len(card.weights)) * 1e-6).astype(np.float64)
    return Slopes(sample.weight * (sample.won - chance), bend, bent, inverse)


def _exchanged(sample: Sample, candidates: Sequence[Candidates], card: Chosen, *, guarded: bool) -> Chosen:
    """Take each rule out once, the weakest first, and put in what helps most in its place, where that is better."""
    for rule in [card.rules[place] for place in card.weakest_first()]:
        if rule not in card.rules:
            continue
        rest = card.without(card.rules.index(rule), sample)
        other = grown(sample, candidates, rest, len(card.rules), guarded=guarded, least=0.0)
        if _loss(sample, other) < _loss(sample, card) - BETTER:
            card = other
    return card


def _loss(sample: Sample, card: Chosen) -> float:
    return loss(card.columns, sample.won, sample.weight, card.weights, card.penalty, card.prior)


def agreeing(card: Chosen, sample: Sample, *, guarded: bool = True) -> Chosen:
    """Leave rules out, the weakest first, until none contradicts its own won rate; those that are fixed stay."""
    above = sample.weight * (sample.won - sample.rate)
    while guarded:
        way = np.sign(above @ card.columns[:, 1:])
        against = (np.sign(card.weights[1:]) != way) & (card.penalty < FIXED)
        contrary = [place for place in card.weakest_first() if against[place]]
        if not contrary:
            break
        card = card.without(contrary[0], sample)
    return card
