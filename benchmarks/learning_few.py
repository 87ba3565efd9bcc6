"""What is learned from few closed leads: the mean over draws of 40 to 320 of them, judged on the same many others."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from benchmarks.learning_baselines import facts_of, logistic
from ripeline.learning.arrays import Flags, Floats, Whole
from ripeline.learning.enough import CLEAR, LEAST_OF_EACH
from ripeline.learning.evaluation import gain_z, losses
from ripeline.learning.odoo import odoo_of
from ripeline.learning.sample import Sample
from ripeline.learning.scorecard.choice import Trial, trial_of
from ripeline.learning.scorecard.points import Card, no_card
from ripeline.learning.study import Looked, Split, Wanted, learned_card

NUMBERS: Final = (40, 80, 160, 320)
DRAWS: Final = 20
STRENGTH: Final = 0.1
"""C of the logistic regression: from few leads it has to shrink much."""


@dataclass(frozen=True)
class Few:
    """From so many leads: the mean log loss of each method; in which share of draws `learn` would propose the card."""

    title: str
    leads: int
    log_loss: dict[str, float]
    proposed: float
    seconds: float


def few_of(title: str, of: Looked, split: Split, wanted: Wanted) -> Iterator[Few]:
    """Yield what comes of each number of leads. Of each lead there is one row, by chance."""
    random = np.random.default_rng(0)
    one_each = _one_each(of.sample, split.learned, random) | _one_each(of.sample, split.judged, random)
    some = of.rows(one_each)
    some = replace(some, sample=replace(some.sample, weight=np.ones(len(some.sample))))  # no win is told of twice
    pool, judges = np.flatnonzero(split.learned[one_each]), split.judged[one_each]
    for number in NUMBERS:
        draws = [_draw(some, _drawn(some.sample, pool, number, draw), judges, wanted) for draw in range(DRAWS)]
        means = {name: float(np.mean([one[name] for one in draws])) for name in draws[0]}
        yield Few(title, number, means, means.pop("proposed"), means.pop("seconds"))


def _one_each(sample: Sample, which: Flags, random: np.random.Generator) -> Flags:
    order = random.permutation(np.flatnonzero(which))
    _, first = np.unique(sample.person[order], return_index=True)
    chosen = np.zeros(len(sample), dtype=np.bool_)
    chosen[order[first]] = True
    return chosen


def _drawn(sample: Sample, pool: Whole, number: int, seed: int) -> Flags:
    """Return so many rows of a pool, won ones and others among them."""
    random = np.random.default_rng(seed)
    while True:
        places = random.choice(pool, number, replace=False)
        if 0 < sample.won[places].sum() < number:
            break
    chosen = np.zeros(len(sample), dtype=np.bool_)
    chosen[places] = True
    return chosen


def _draw(of: Looked, drawn: Flags, judges: Flags, wanted: Wanted) -> dict[str, float]:
    """Return the log loss of each method, whether the card would be proposed, and the seconds that it took."""
    learned, judged = of.sample.rows(drawn), of.sample.rows(judges)
    facts = facts_of(of.sample, drawn, counts_only=True)
    began = time.perf_counter()
    trial = trial_of(learned, wanted.most, wanted.seed, lambda *_: None)
    card = learned_card(trial, of.rows(drawn), wanted)
    seconds = time.perf_counter() - began
    chances: dict[str, Floats] = {
        "constant": no_card(learned).chances(judged),
        "card": card.chances(judged),
        "ridge": logistic(facts.rows(drawn), facts.rows(judges), STRENGTH),
        "odoo": odoo_of(learned).chances(judged),
    }
    lost = {name: float(losses(each, judged.won).mean()) for name, each in chances.items()}
    return lost | {"proposed": float(_is_proposed(card, trial, learned)), "seconds": seconds}


def _is_proposed(card: Card, trial: Trial, learned: Sample) -> bool:
    """Say whether `ripeline learn` would propose a card."""
    few = min(learned.won.sum(), (1 - learned.won).sum())
    _, z = gain_z(trial.best.chances, trial.constant, trial.sample.won, trial.sample.person)
    return bool(card.rules and few >= LEAST_OF_EACH and z >= CLEAR)
