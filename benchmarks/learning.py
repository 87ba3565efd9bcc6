"""Measures the learned card against other methods on real data: the part of docs/benchmarks.md that tells of it.

`make bench` runs it with everything else, `make bench ARGS=--learning` alone. `python -m benchmarks.learning` prints the part; `--only Relax CDNOW` asks only some of the questions. All methods
learn from the rows that `ripeline learn` learns from before it judges itself, and are judged on the same rows as it.
"""

import argparse
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

# Before numpy comes in: seconds are of one thread.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from sklearn.metrics import average_precision_score

from benchmarks.learning_baselines import ebm, facts_of, lightgbm, logistic, points
from benchmarks.learning_compared import Measured, Result
from benchmarks.learning_data import FEW_GOALS, TASKS, Task, learned_by
from benchmarks.learning_few import Few, few_of
from benchmarks.learning_page import section
from ripeline.learning.arrays import Floats
from ripeline.learning.evaluation import calibration_error, groups_of, judged
from ripeline.learning.odoo import odoo_of
from ripeline.learning.sample import Sample
from ripeline.learning.scorecard.choice import trial_of
from ripeline.learning.scorecard.points import Card, no_card
from ripeline.learning.study import Looked, Split, Wanted, at_recent_level, learned_card
from ripeline.scoring.level import Became, moved, steps_of
from ripeline.usecases.learn import Learned
from ripeline.usecases.learned_record import LOOKS
from ripeline.vocabulary.points import MICRO

FEWER: Final = 10
"""Rules of the second card, besides the one that may have as many as `learn` allows."""

LATE, AT_ONCE = 1_000, 250
"""Outcomes are known so many rows late; a level is made for so many rows at once."""

Method = Callable[[], tuple[Floats, int | None]]
"""Learns; returns the chances of the rows that judge, and how many rules there are, None where there are none."""


def main() -> None:
    """Ask every question whose data are there, and print the part of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    titles = [task.title for task in TASKS]
    parser.add_argument("--only", nargs="+", choices=titles, default=titles, metavar="TITLE", help="; ".join(titles))
    options = parser.parse_args()
    # interpret says that it draws no picture of what is missing, and works out the range of what always is.
    warnings.filterwarnings("ignore", message="Missing values detected|All-NaN slice")
    measures, few, began = list[Measured](), list[Few](), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for task in TASKS:
            if task.title in options.only and task.source.present:
                with _told_of(task.title, "ripeline learn"):
                    learned = learned_by(task, Path(folder))
                measures.append(_measured(task, learned))
                few += _from_few(task, learned)
    print("\n".join(section(measures, few, time.perf_counter() - began)))


@contextmanager
def _told_of(title: str, what: str) -> Iterator[None]:
    """Say what was done, and in how many seconds, to whoever waits."""
    began = time.perf_counter()
    yield
    print(f"{title}: {what}, {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)


def _measured(task: Task, learned: Learned) -> Measured:
    """Let every method learn, and judge what it says of the rows that judge."""
    looked, split = learned.looked, learned.study.split
    assert split is not None, f"{task.title}: too few leads"
    wanted, judges, results = _wanted(learned), looked.sample.rows(split.judged), dict[str, Result]()
    for name, method in _methods(looked, split, wanted).items():
        began = time.perf_counter()
        with _told_of(task.title, name):
            chances, rules = method()
        seconds = time.perf_counter() - began
        results[name] = Result(chances, judged(chances, judges.won, judges.person), seconds, rules)
    more = _more(results["card"].chances, judges)
    if split.kind == "order":
        more["brier_late"] = _brier_late(looked, split, wanted)
    many = int(split.learned.sum())
    return Measured(task, learned.study.verdict, split.kind, many, judges.won, judges.person, results, more)


def _wanted(learned: Learned) -> Wanted:
    return Wanted(learned.asked.most, learned.asked.seed, learned.is_dated, learned.asked.is_ordered)


def _methods(looked: Looked, split: Split, wanted: Wanted) -> dict[str, Method]:
    before, judges = looked.rows(split.learned), looked.sample.rows(split.judged)
    facts = facts_of(looked.sample, split.learned)
    both = facts.rows(split.learned), facts.rows(split.judged)
    return {
        "card": lambda: _told(_learned(before, wanted), judges),
        "card10": lambda: _told(_learned(before, replace(wanted, most=FEWER)), judges),
        "constant": lambda: (at_recent_level(no_card(before.sample), before, wanted).chances(judges), None),
        "logistic": lambda: (logistic(*both), None),
        "lightgbm": lambda: (lightgbm(*both), None),
        "ebm": lambda: (ebm(*both), None),
        "points": lambda: points(*both),
        "odoo": lambda: (odoo_of(before.sample).chances(judges), None),
    }


def _learned(before: Looked, wanted: Wanted) -> Card:
    """Return what `ripeline learn` judges: of as many rules as are worth it, at the level of the last outcomes."""
    return learned_card(trial_of(before.sample, wanted.most, wanted.seed, lambda *_: None), before, wanted)


def _told(card: Card, judges: Sample) -> tuple[Floats, int]:
    return card.chances(judges), len(card.rules)


def _more(chances: Floats, judges: Sample) -> dict[str, float]:
    """Return figures of the card that a judgement has not."""
    error = calibration_error(groups_of(chances, judges.won))
    assert error is not None, "rows judge"
    return {"average_precision": float(average_precision_score(judges.won, chances)), "calibration_error": error}


def _brier_late(looked: Looked, split: Split, wanted: Wanted) -> float:
    """Return the Brier score of likelihoods whose level follows outcomes as scores do, each known LATE rows after its own."""
    order = np.argsort(looked.snapshots.arrived, kind="stable")
    rows, won = looked.sample, looked.sample.won[order]
    card = _learned(looked.rows(split.learned), wanted)
    table = np.rint(card.chances(rows)[order] * MICRO).astype(np.int64)
    foretold, first = np.empty(len(order)), int(np.flatnonzero(split.judged[order])[0])
    for begin in range(first, len(order), AT_ONCE):
        known = slice(max(begin - LATE - LOOKS, 0), max(begin - LATE, 0))
        steps = steps_of(Became(int(chance), 1, int(hit)) for chance, hit in zip(table[known], won[known], strict=True))
        now = slice(begin, begin + AT_ONCE)
        foretold[now] = [moved(int(chance), steps) / MICRO for chance in table[now]]
    judges = split.judged[order]
    return float(((foretold - won)[judges] ** 2).mean())


def _from_few(task: Task, learned: Learned) -> list[Few]:
    if task.title not in FEW_GOALS or learned.study.split is None:
        return []
    with _told_of(task.title, "few leads"):
        return list(few_of(task.title, learned.looked, learned.study.split, _wanted(learned)))


if __name__ == "__main__":
    main()
