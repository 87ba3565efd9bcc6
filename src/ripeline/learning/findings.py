"""What is told of a learned card: what speaks for its rules, where its line is, and what that line brings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ripeline.learning.arrays import Flags
from ripeline.learning.capacity import Step, best_rows, ends, leads_per_week, share_of, steps_of
from ripeline.learning.evidence import Evidence, evidence_of
from ripeline.learning.lines import Lines, lines_of
from ripeline.learning.sample import Sample
from ripeline.learning.scorecard.points import Card, whole
from ripeline.learning.study import Looked, Study
from ripeline.vocabulary.rates import Rate


@dataclass(frozen=True)
class Findings:
    """What is told of a card.

    table: likelihood in millionths from each whole total on. steps: what lines at other totals would bring. flagged:
    leads over the line; caught: of those who were won; best, worst: won rows of the best and the worst tenth.
    """

    evidence: Sequence[Evidence]
    lines: Lines
    table: Sequence[tuple[int, int]]
    steps: Sequence[Step]
    flagged: Rate
    caught: Rate
    best: Rate
    worst: Rate


@dataclass(frozen=True, slots=True)
class Telling:
    """What decides where the line is: how many leads can be answered, whether snapshots have times, and wins repeat.

    lines: those of a definition that is started from.
    """

    per_week: int | None
    seed: int
    is_dated: bool
    repeats: bool
    lines: Lines | None = None


def findings_of(study: Study, card: Card, of: Looked, telling: Telling) -> Findings:
    """Return what is told of the card that a study learned."""
    assert study.trial is not None  # noqa: S101 - nothing is learned without one
    whom = _whom(of.sample, repeats=telling.repeats)
    fit, interest = card.parts(of.sample)
    totals, chance = fit + interest, card.chances(of.sample)
    share = None
    if telling.per_week is not None and telling.is_dated:
        share = min(1.0, telling.per_week / leads_per_week(whom, of.snapshots))
    best = best_rows(chance, whom.person)
    lines = telling.lines or lines_of(fit[best], interest[best], chance[best], whom.leads[best], share)
    flagged, caught = share_of(lines.handed(fit, interest), whom)
    best_tenth, worst_tenth = ends(totals, whom)
    return Findings(
        evidence_of(card, of.sample, study.trial.best.way, telling.seed),
        lines,
        card.curve.table(whole(totals)),
        steps_of(totals, whom, of.snapshots, is_dated=telling.is_dated),
        flagged,
        caught,
        best_tenth,
        worst_tenth,
    )


def handed_over(found: Findings, handed: Flags, of: Looked, telling: Telling) -> Findings:
    """Return findings with what a definition's own verdicts bring. handed: whether sales is told of each row."""
    flagged, caught = share_of(handed, _whom(of.sample, repeats=telling.repeats))
    return replace(found, flagged=flagged, caught=caught)


def _whom(sample: Sample, *, repeats: bool) -> Sample:
    """Return rows by their leads, each of whom is handed over once; who is won again and again, at each moment anew.

    So is who was handed over by lot: each time stands for others.
    """
    return replace(sample, person=np.arange(len(sample))) if repeats or (sample.leads > 1).any() else sample
