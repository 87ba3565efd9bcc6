"""Fields to leave out before anything is learned, or to ask about, and fields that tell the time.

A field that was filled in after the outcome tells it perfectly, and nothing of the next lead: S. Kaufman, S. Rosset,
C. Perlich and O. Stitelman, Leakage in data mining (2012). Figures show some of them, and those that change with every
step of a deal only their names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from ripeline.learning.arrays import Flags
from ripeline.learning.leaks.names import telling_word
from ripeline.learning.leaks.tally import FOLDS, SEED, Known, Tally, weights
from ripeline.learning.rules import Missing
from ripeline.learning.sample import Sample, Trait

EXPLAINED: Final = 0.27
"""What was known in time hardly takes away so much of the doubt about who is won."""

ODDS, SURE, ODDS_ROWS = 3.0, 3.0, 5
"""So much greater odds to be known among the won; standard deviations from chance; rows that speak for it."""

ONLY_ODDS, ONLY_SHARE, ONLY_ROWS = 20.0, 0.05, 10
"""Of a field that only one side has: odds, not more of the other side, rows."""

ODDS_ALONE: Final = 5.0
"""Where nothing else speaks against a field: those who are interested tell more of themselves, honestly."""

PURE_WINS: Final = 0.3
"""So much of what was won has values that are nearly always won."""

TOGETHER, FIELDS, TOGETHER_ROWS = 0.95, 3, 20
"""How alike it is which rows miss fields, as a correlation; of how many fields; rows with and without them."""

MISSING_LEAST, MISSING_MOST = 0.1, 0.95

CLOCK: Final = 0.8
"""A field tells the time where it puts so many pairs of an early and a late row in order."""

ENOUGH: Final = 2
"""Findings that prove so much together are no chance."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A field that was probably written late (block), or may have been (ask), or that tells early from late (clock).

    reason: why, in a sentence for the people who know where the field comes from.
    """

    name: str
    kind: Literal["block", "ask", "clock"]
    reason: str


def leaks_of(sample: Sample, seed: int = SEED) -> list[Leak]:
    """Return the fields to leave out, then those to ask about, each by name."""
    fold, weight, together = sample.folds(FOLDS, seed), weights(sample), missing_together(sample.traits)
    leaks = []
    for name, trait in sample.traits.items():
        tally = Tally.of(trait, sample.won, weight, fold)
        found = [*_of_figures(tally), *_of_others(together.get(name, 0)), *_of_name(name)]
        if len(found) > 1 or any(finding.alone for finding in found):
            leaks.append(_leak(name, found))
    return sorted(leaks, key=lambda leak: (leak.kind != "block", leak.name))


def clocks_of(sample: Sample, later: Flags, seed: int = SEED) -> list[Leak]:
    """Return the fields that tell later rows from the others, by name: a warning, since time alone can do that."""
    fold, weight, label = sample.folds(FOLDS, seed), weights(sample), later.astype(np.float64)
    told = {name: Tally.of(trait, label, weight, fold).auc() for name, trait in sample.traits.items()}
    reason = "It tells early from late in {} of pairs of leads: what it teaches may only be that times have changed."
    return [Leak(name, "clock", reason.format(_percent(auc))) for name, auc in sorted(told.items()) if auc >= CLOCK]


def missing_together(traits: Mapping[str, Trait]) -> dict[str, int]:
    """Return with how many other fields a field is missing, of those that are filled in, or not, in one go."""
    flags = {name: Missing(name).holds(trait) for name, trait in traits.items()}
    names = [name for name, missing in flags.items() if _is_partly(missing)]
    if len(names) < FIELDS:
        return {}
    alike = np.corrcoef(np.array([flags[name] for name in names], dtype=np.float64)) >= TOGETHER
    return {name: int(many) - 1 for name, many in zip(names, alike.sum(axis=1), strict=True) if many >= FIELDS}


class _Finding(NamedTuple):
    """What speaks against a field. proof: 0 only asks, 1 needs another beside it, ENOUGH is proof.

    alone: it is reason enough to ask.
    """

    proof: int
    text: str
    alone: bool = True


def _of_figures(tally: Tally) -> Iterator[_Finding]:
    explained, known, pure = tally.explained(), tally.known(), tally.pure()
    if explained >= EXPLAINED:
        yield _Finding(1, f"alone it takes away {_percent(explained)} of the doubt about who is won")
    if proof := _proof(known):
        text = f"it is known of {_percent(known.won)} of the won but {_percent(known.lost)} of the lost"
        yield _Finding(proof, text, alone=proof >= ENOUGH or known.odds >= ODDS_ALONE)
    if pure >= PURE_WINS:
        yield _Finding(1, f"values that are nearly always won hold {_percent(pure)} of the wins")


def _proof(known: Known) -> int:
    if abs(known.surprise) < SURE:
        return 0
    # Which side alone has it does not matter: why a deal was lost is written late, too.
    odds = max(known.odds, 1 / known.odds if known.odds else np.inf)
    if odds >= ONLY_ODDS and min(known.won, known.lost) <= ONLY_SHARE and known.rows >= ONLY_ROWS:
        return ENOUGH
    return int(known.odds >= ODDS and known.rows >= ODDS_ROWS)


def _of_others(others: int) -> Iterator[_Finding]:
    if others:
        yield _Finding(0, f"it is filled in only together with {others} other fields")


def _of_name(name: str) -> Iterator[_Finding]:
    if word := telling_word(name):
        yield _Finding(0, f'"{word}" in its name says that it may be written after the outcome')


def _leak(name: str, found: list[_Finding]) -> Leak:
    """Tell the two findings that prove most; beside a proof, nothing that only asks."""
    is_late = sum(finding.proof for finding in found) >= ENOUGH
    strongest = sorted((each for each in found if each.proof or not is_late), key=lambda each: -each.proof)
    told = ", and ".join(finding.text for finding in strongest[:2])
    advice = "probably filled in after the outcome" if is_late else "ask when it is filled in"
    return Leak(name, "block" if is_late else "ask", f"{told[0].upper()}{told[1:]}: {advice}.")


def _is_partly(missing: Flags) -> bool:
    rows, many = int(missing.sum()), max(len(missing), 1)
    return MISSING_LEAST <= rows / many <= MISSING_MOST and TOGETHER_ROWS <= rows <= many - TOGETHER_ROWS


def _percent(share: float) -> str:
    """Return a share for people.

    >>> _percent(0.571), _percent(0.004), _percent(0.0)
    ('57 %', '0.4 %', '0 %')
    """
    return f"{share * 100:.1f} %" if 0 < share < 0.01 else f"{share * 100:.0f} %"  # noqa: PLR2004 - one percent
