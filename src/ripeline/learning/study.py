"""What is learned from a sample, and how good it is on people and times that it was not learned from.

The rules are found twice: in what was known before the last stretch, to be judged on it; and in everything, to be used.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from ripeline.learning.arrays import Flags, Floats
from ripeline.learning.calibration import curve_of, stretch_of
from ripeline.learning.enough import CLEAR, ENOUGH_OF_EACH, LEAST_OF_EACH
from ripeline.learning.evaluation import Group, Judgement, gain_z, groups_of, judged
from ripeline.learning.odoo import odoo_of
from ripeline.learning.own import Begin
from ripeline.learning.sample import Sample
from ripeline.learning.scorecard.choice import Progress, Trial, trial_of
from ripeline.learning.scorecard.points import Card, no_card, whole
from ripeline.learning.snapshots import Snapshots

Verdict = Literal["learned", "no_signal", "not_enough"]

LAST_STRETCH: Final = 0.25
LEAST_JUDGED: Final = 20
"""Fewer won rows, or others, are no judge; people are then foretold from the others, all in turn."""

RECENT, RECENT_SHARE = 500, 0.1
"""The chance of everybody follows what became of the last: of those so many rows back, or such a share, half counts."""


@dataclass(frozen=True, slots=True)
class Split:
    """Which rows are learned from and which judge. kind: "time", "order" of import, "random", or "folds" of people."""

    kind: str
    learned: Flags
    judged: Flags


@dataclass(frozen=True)
class Study:
    """What came of it. card: what was learned, of no rules where the verdict is another; None where there are no rows.

    judgements: of the learned chances, of everybody's chance, of the company's own score where it has one, and of
    Odoo's method, on rows that were not learned from. gain, z: what the chances save on people who were left out.
    """

    verdict: Verdict
    card: Card | None
    trial: Trial | None = None
    split: Split | None = None
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    gain: float = 0.0
    z: float = 0.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to learn. most: rules; is_dated: snapshots have times; is_ordered: people were imported in order of time.

    begin: the definition that is started from.
    """

    most: int
    seed: int
    is_dated: bool
    is_ordered: bool = False
    begin: Begin | None = None


@dataclass(frozen=True)
class Looked:
    """A sample with its snapshots. own_score: points of each row by the company's own definition, None without one."""

    sample: Sample
    snapshots: Snapshots
    own_score: Floats | None

    def rows(self, which: Flags) -> "Looked":
        """Return some rows."""
        own = None if self.own_score is None else self.own_score[which]
        return Looked(self.sample.rows(which), self.snapshots.rows(which), own)


def studied(of: Looked, wanted: Wanted, progress: Progress) -> Study:
    """Learn from what was looked at."""
    sample = of.sample
    few = min(len(np.unique(sample.person[sample.won == kind])) for kind in (0.0, 1.0))
    if few < LEAST_OF_EACH:
        return Study("not_enough", no_card(sample) if len(sample) else None)
    split = _split(of, wanted)
    trial = trial_of(sample, wanted.most, wanted.seed, progress, wanted.begin)
    judgements, groups = _judged(of, split, trial, wanted, progress)
    gain, z = gain_z(trial.best.chances, trial.constant, trial.sample.won, trial.sample.person, trial.sample.leads)
    progress("learning from everything", 0.9)
    card = learned_card(trial, of, wanted)
    verdict: Verdict = "learned"
    if z < CLEAR or not card.rules:
        verdict, card = ("no_signal" if few >= ENOUGH_OF_EACH else "not_enough"), no_card(sample)
    return Study(verdict, card, trial, split, judgements, groups, gain, z)


def learned_card(trial: Trial, of: Looked, wanted: Wanted) -> Card:
    """Return the card that a trial takes, as sure as it was right to be about people who were left out."""
    card = trial.best.way.card(of.sample)
    return at_recent_level(card.stretched(stretch_of(trial.best.chances, trial.sample), of.sample), of, wanted)


def at_recent_level(card: Card, of: Looked, wanted: Wanted) -> Card:
    """Return a card by which of the last leads as many are won as were; the same where nothing tells which are last."""
    if not (wanted.is_dated or wanted.is_ordered):
        return card
    order = of.snapshots.told_us if wanted.is_dated else of.snapshots.arrived
    back = len(order) - 1 - np.argsort(np.argsort(order, kind="stable"), kind="stable")
    half = max(RECENT, RECENT_SHARE * len(order))
    return card.by_weight(of.sample, of.sample.weight * np.exp2(-back / half))


def _split(of: Looked, wanted: Wanted) -> Split:
    kind, learned, judges = _stretch(of, wanted)
    won = of.sample.won
    parts = (np.count_nonzero(won[part] == side) for part in (learned, judges) for side in (0.0, 1.0))
    if min(parts) >= LEAST_JUDGED:
        return Split(kind, learned, judges)
    everything = np.ones(len(won), dtype=np.bool_)
    return Split("folds", everything, everything)


def _stretch(of: Looked, wanted: Wanted) -> tuple[str, Flags, Flags]:
    if wanted.is_dated:
        cut = np.quantile(of.snapshots.at_us, 1 - LAST_STRETCH, method="higher")
        # What became of a row has to be known before the first that judges.
        return "time", of.snapshots.told_us < cut, of.snapshots.at_us >= cut
    people, place = np.unique(of.sample.person, return_inverse=True)
    if wanted.is_ordered:
        arrived = np.argsort(np.argsort(of.snapshots.arrived, kind="stable"), kind="stable")
        later = arrived >= (1 - LAST_STRETCH) * len(arrived)
        return "order", ~later, later
    drawn = np.random.default_rng(wanted.seed).permutation(len(people))[place] < LAST_STRETCH * len(people)
    return "random", ~drawn, drawn


def _judged(
    of: Looked, split: Split, trial: Trial, wanted: Wanted, progress: Progress
) -> tuple[dict[str, Judgement], tuple[Group, ...]]:
    """Return what all chances are worth on rows they were not learned from, and groups of like chances of ours."""
    if split.kind == "folds":
        sample, chances = trial.sample, {"card": trial.best.chances, "constant": trial.constant}
    else:
        learned, sample = of.rows(split.learned), of.sample.rows(split.judged)
        learned_trial = trial_of(learned.sample, wanted.most, wanted.seed, progress, wanted.begin)
        card = learned_card(learned_trial, learned, wanted)
        chances = {
            "card": card.chances(sample),
            "constant": at_recent_level(no_card(learned.sample), learned, wanted).chances(sample),
            "odoo": odoo_of(learned.sample).chances(sample),
        }
        if of.own_score is not None and learned.own_score is not None:
            curve = curve_of(whole(learned.own_score), learned.sample)
            chances["rule_score"] = curve.chances(whole(of.own_score[split.judged]))
    progress("judging what was learned", 0.8)
    own = sample.won, sample.person, wanted.seed, sample.leads
    judgements = {name: judged(each, *own) for name, each in chances.items()}
    return judgements, tuple(groups_of(chances["card"], sample.won, sample.leads))
