"""What was measured of learning, as the part of docs/benchmarks.md that tells of it."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Final

from benchmarks.learning_compared import Measured
from benchmarks.learning_data import FEW_GOALS, Goal
from benchmarks.learning_few import DRAWS, STRENGTH, Few
from ripeline.usecases.learn_told import MOST_RULES

CARD, REFERENCE = "card", "lightgbm"
METHODS: Final = {
    CARD: f"**card, ≤ {MOST_RULES} rules**",
    "card10": "card, ≤ 10",
    "logistic": "logistic",
    REFERENCE: "LightGBM",
    "ebm": "EBM",
    "points": "ten points",
    "odoo": "Odoo",
}
CHANCE: Final = {"constant": "everybody's chance"}
FIGURES: Final = {
    "auc": "AUC",
    "log_loss": "log loss",
    "brier": "Brier",
    "lift10": "lift at 10 %",
    "average_precision": "average precision",
    "brier_late": "Brier, outcomes known 1,000 rows late",
    "calibration_error": "calibration error, ten groups",
}
HIGHER_IS_BETTER: Final = ("auc", "lift10", "average_precision")
CALIBRATED: Final = Goal("calibration_error", 0.05, 0.03)
SPLITS: Final = {
    "time": "last quarter of moments",
    "order": "last quarter in order",
    "random": "a quarter of leads, by chance",
    "folds": "all leads, foretold in turn",
}
NO_DATA: Final = "The data sets are not on this machine: set RIPELINE_SHARED_DATA to their folder."


def section(measures: Sequence[Measured], few: Sequence[Few], seconds: float) -> list[str]:
    """Return the lines of the part. seconds: that everything took."""
    if not measures:
        return [HEAD, "", NO_DATA]
    versions = ", ".join(f"{name} {version(name)}" for name in ("scikit-learn", "lightgbm", "interpret-core"))
    return [
        HEAD,
        "",
        METHOD.format(versions=versions, minutes=f"{seconds / 60:.0f}", most=MOST_RULES).strip(),
        "",
        *_questions(measures),
        *_figures(measures),
        *_seconds(measures),
        *_goals(measures),
        *(_few(few) if few else ()),
    ]


def _table(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> list[str]:
    lines = (heads, ["---", *["---:"] * (len(heads) - 1)], *rows)
    return [*(f"| {' | '.join(cells)} |" for cells in lines), ""]


def _questions(measures: Sequence[Measured]) -> list[str]:
    rows = (
        (
            one.task.title,
            one.task.question,
            SPLITS[one.split],
            f"{one.learned:,}",
            f"{len(one.won):,} ({one.won.mean():.1%})",
            one.verdict,
        )
        for one in measures
    )
    return _table(["set", "won means", "judged on", "rows learned", "judged (won)", "`ripeline learn` says"], rows)


def _figures(measures: Sequence[Measured]) -> Iterator[str]:
    """Yield a table for each figure, with the card's difference from the reference where its margin is told."""
    for name in ("auc", "log_loss", "brier", "lift10"):
        methods = METHODS if name in HIGHER_IS_BETTER else METHODS | CHANCE
        digits = 2 if name == "lift10" else 3
        against = [f"card - {METHODS[REFERENCE]}"] if name in {"auc", "log_loss"} else []
        yield f"### {FIGURES[name][0].upper()}{FIGURES[name][1:]}"
        yield ""
        rows = (
            (
                one.task.title,
                *(_figure(one, method, name, digits) for method in methods),
                *_difference(one, name, against),
            )
            for one in measures
        )
        yield from _table(["set", *methods.values(), *against], rows)


def _figure(of: Measured, method: str, name: str, digits: int) -> str:
    figure = of.results[method].judgement.by_name()[name]
    margin = f" ± {(figure.high - figure.low) / 2:.{digits}f}" if method == CARD else ""
    return f"{figure.value:.{digits}f}{margin}"


def _difference(of: Measured, name: str, wanted: Sequence[str]) -> list[str]:
    if not wanted:
        return []
    difference = of.difference(CARD, REFERENCE, name)
    return [f"{difference.value:+.3f} ± {difference.margin:.3f}"]


def _seconds(measures: Sequence[Measured]) -> Iterator[str]:
    yield "### Seconds of learning, and rules"
    yield ""
    rows = (
        (
            one.task.title,
            *(f"{one.results[method].seconds:.1f}" for method in METHODS),
            f"{one.results[CARD].seconds / one.results[REFERENCE].seconds:.1f}",
            *(str(one.results[method].rules) for method in (CARD, "card10", "points")),
        )
        for one in measures
    )
    rules = ("rules of the card", "≤ 10", "ten points")
    yield from _table(["set", *METHODS.values(), f"card / {METHODS[REFERENCE]}", *rules], rows)


def _goals(measures: Sequence[Measured]) -> Iterator[str]:
    yield "### Goals"
    yield ""
    yield GOALS.strip()
    yield ""
    rows = (_goal(one, goal) for one in measures for goal in (*one.task.goals, *_calibrated(one)))
    yield from _table(["set", "figure of the card", "must", "goal", "here", "LightGBM here", ""], rows)


def _calibrated(of: Measured) -> Sequence[Goal]:
    """Return the goal of calibration where the rate of wins is about the same before and after."""
    return (CALIBRATED,) if of.split == "random" else ()


def _goal(of: Measured, goal: Goal) -> Sequence[str]:
    here = of.figure(goal.of, goal.figure)
    other = f"{of.figure(REFERENCE, goal.figure):.3f}" if goal.figure not in of.more else ""
    who = f"{FIGURES[goal.figure]}{', at most 10 rules' if goal.of == 'card10' else ''}"
    sign = 1 if goal.figure in HIGHER_IS_BETTER else -1
    told = [f"{value:.3f}" for value in (goal.must, goal.goal, here)]
    return of.task.title, who, *told, other, _verdict(sign * (here - goal.must), sign * (here - goal.goal))


def _verdict(over_must: float, over_goal: float) -> str:
    """Return how far a figure is from what it must and should be; both are above 0 where it is better."""
    if over_goal >= 0:
        return "as the goal"
    return f"{-over_goal:.3f} from the goal" if over_must >= 0 else f"{-over_must:.3f} from what must be"


def _few(few: Sequence[Few]) -> Iterator[str]:
    yield "### Few closed leads"
    yield ""
    yield FEW.format(draws=DRAWS, strength=STRENGTH).strip()
    yield ""
    heads = ["set", "leads", "everybody's chance", "**card**", "ridge logistic", "Odoo", "card - ridge", "must", "goal"]
    rows = (_few_row(one) for one in few)
    yield from _table([*heads, "proposed", "seconds"], rows)


def _few_row(of: Few) -> Sequence[str]:
    lost, (must, goal) = of.log_loss, FEW_GOALS[of.title][of.leads]
    told = [f"{lost[name]:.3f}" for name in ("constant", "card", "ridge", "odoo")]
    apart = f"{lost['card'] - lost['ridge']:+.3f}"
    last = (f"{must:.3f}", f"{goal:.3f}", f"{of.proposed:.0%}", f"{of.seconds:.2f}")
    return of.title, str(of.leads), *told, apart, *last


HEAD = "## What is learned from deals won and lost"
METHOD = """
`python -m benchmarks.learning` makes workspaces of public data sets by the shipped imports, and lets every method learn
from the rows that `ripeline learn` learns from before it judges itself. All are judged on the same rows, which none of
them has seen: later moments where there are times, learning only from what was known before the first of them. It took
{minutes} minutes. {versions}; nothing was tuned.

- **Card**: whole points, at most {most} rules, or 10. How many are worth it is chosen by learning from parts, which is
  in its seconds; the level follows the last outcomes, as everybody's chance does here. That of the others does not.
- **Others** know the same traits, and of each thing people do how often, how often in the last 1, 3, 7, 14, 30 and 90
  days, faded with half-lives of 7, 30 and 90 days, and how long ago. Logistic regression with C = 1: medians for what is
  missing and a flag, sign x log, mean 0 and deviation 1, texts by their levels. LightGBM: 300 trees of 15 leaves, rate
  0.04, 30 rows a leaf. EBM: curves of single facts, four bags.
- **Ten points**: ten columns with -5 to 5 points each, by a beam search and rounding on several scales: the idea of
  FasterRisk (Liu and others, 2022), not its package. **Odoo**: its naive Bayes, with numbers in five parts.

Beside the card stands half of its 95 % interval, people drawn anew with all their rows; the difference to LightGBM is
paired row by row, and rows of one person count together. Where it is within its margin, none is shown to be better.
"""
GOALS = """
The goals were set for other rows than these: for a part of each set that nobody here has seen, mostly later in time.
What is reached here tells what can be hoped for there, and no more: on Bank, for instance, 12 % were won in the rows
that judge here and 26 % in those, and no method but the logistic regression ranks these better than a coin would.
"""
FEW = """
Mean log loss over {draws} draws of so many closed leads from the rows that are learned from, one row a lead; all judged
on the rows that judge above, one a lead too. Ridge: logistic regression with C = {strength}. Proposed: in how many of
the draws `ripeline learn` would be sure enough to propose the card; else it says that there is not enough evidence.
"""
