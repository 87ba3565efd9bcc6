"""What the parts of a report of learning are called, and what figures mean, in words for people who sell."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ripeline.usecases.report.numbers import TOGETHER, counted

Record = Mapping[str, Any]

WHO: Final = {
    "card": "the learned points",
    "rule_score": "your own points",
    "odoo": "Odoo's method",
    "constant": "everybody's chance",
}

JUDGED: Final = {
    "time": "on the last stretch of time, of which nothing was learned",
    "order": "on the leads imported last, of which nothing was learned",
    "random": "on a quarter of the leads, drawn by lot, of which nothing was learned",
    "folds": "on leads that the others foretold, a quarter after the other, since there are few",
}

PARTS: Final = {"fit": "Fit: who the lead is", "engagement": "Engagement: what the lead does"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """A figure: its name, what it is about, what it is. unit: what stands behind its value."""

    name: str
    about: str
    told: str
    more_is_better: bool
    decimals: int = 3
    unit: str = ""

    @property
    def called(self) -> str:
        """Its name as a heading."""
        return f"{self.name[:1].upper()}{self.name[1:]}: {self.about}"


FIGURES: Final = {
    "auc": Meaning(
        "AUC",
        "the right order",
        "Take a lead that was won and one that was not: how often the won one has the better chance. 0.5 is a coin, 1 "
        "is never wrong.",
        more_is_better=True,
    ),
    "lift10": Meaning(
        "lift",
        "the best tenth",
        "How many times as often as all leads the best tenth was won. 1 is no better than picking blindly.",
        more_is_better=True,
        decimals=2,
        unit=f"{TOGETHER}\u00d7",
    ),
    "log_loss": Meaning(
        "log loss",
        "the surprise",
        "How much what happened surprises the chances; who was sure and wrong pays most. 0 is never surprised.",
        more_is_better=False,
    ),
    "brier": Meaning(
        "Brier score",
        "the error",
        "The square of the gap between chance and what happened (1 won, 0 not), on average. 0 is never wrong.",
        more_is_better=False,
    ),
}

_MOMENT: Final = re.compile(r"(every:|created\+)([0-9]+)([mhd])")
_MOMENTS: Final = {
    "now": "as they are known now",
    "given moments": "at moments that were given",
    "handoffs": "when they were given to sales",
}
_UNITS: Final = {"m": "minute", "h": "hour", "d": "day"}


def moments(score_at: str) -> str:
    r"""Return at which moments leads were looked at.

    >>> moments("every:4d"), moments("created+1h"), moments("now")
    ('every 4\xa0days', '1\xa0hour after they came', 'as they are known now')
    """
    if found := _MOMENT.fullmatch(score_at):
        length = counted(int(found[2]), _UNITS[found[3]])
        return f"every {length}" if found[1] == "every:" else f"{length} after they came"
    return _MOMENTS.get(score_at, score_at)


def looks(data: Record) -> str:
    """Return what one row of what was learned from is called: a lead, or one of its snapshots."""
    return "lead" if data["snapshots"] == data["leads_looked_at"] else "snapshot"


def drawn(data: Record) -> str:
    """Return how many of what was looked at were drawn by lot, as a sentence behind others; nothing where none was.

    >>> drawn({"by_lot": 20, "stand_for": 1_300})
    ' 20 of them were drawn by lot; together all stand for 1,300 leads.'
    """
    if not data["by_lot"]:
        return ""
    return f" {data['by_lot']:,} of them were drawn by lot; together all stand for {data['stand_for']:,} leads."


def handed(asked: Record) -> str:
    """Return what a line hands over: leads, or each of their snapshots where they can be won again."""
    return "snapshot" if asked["repeat"] else "lead"


def within(asked: Record) -> str:
    """Return in which time a win counts, to stand behind it; nothing where it always does."""
    days = asked["win_within_days"]
    return "" if days is None else f" within {counted(days, 'day')}"


def clear(gain: Record) -> str:
    """Return how clearly what was found is better than everybody's chance, or worse.

    >>> clear({"z": 31.61}), clear({"z": -3.59})
    ("31.6 standard errors better than everybody's chance", "3.6 standard errors worse than everybody's chance")
    """
    return f"{abs(gain['z']):.1f} standard errors {'better' if gain['z'] >= 0 else 'worse'} than everybody's chance"


def enumerated(names: Sequence[str], last: str = "and") -> str:
    """Return names one after the other.

    >>> enumerated(["AUC", "lift", "log loss"]), enumerated(["AUC"]), enumerated(["a", "b"], "or"), enumerated([])
    ('AUC, lift and log loss', 'AUC', 'a or b', '')
    """
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def minute(instant: str) -> str:
    """Return an instant to the minute.

    >>> minute("2026-03-31T21:59:59.999999Z")
    '2026-03-31 21:59 UTC'
    """
    return f"{instant[:16].replace('T', ' ')} UTC"


def pairs(figure: Record) -> str:
    """Return in how many of 100 pairs an order is right.

    >>> pairs({"value": 0.8446})
    '84'
    """
    return f"{100 * figure['value']:.0f}"
