"""Reports of learning, small and invented, with every part; and a reader of pages that forgives nothing."""

import json
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from ripeline.usecases.report.learned_page import learned_page
from ripeline.vocabulary.rates import Rate


def rate(count: int, of: int) -> dict[str, Any]:
    one = Rate(count, of)
    low, high = one.interval or (None, None)
    return {"count": count, "of": of, "share": one.share, "low": low, "high": high}


def figure(value: float, within: float = 0.02) -> dict[str, float]:
    return {"value": value, "low": value - within, "high": value + within}


def judgement(auc: float, loss: float, brier: float, lift: float) -> dict[str, Any]:
    return {"auc": figure(auc), "log_loss": figure(loss), "brier": figure(brier), "lift10": figure(lift)}


def rule(label: str, points: float, part: str = "fit", **others: object) -> dict[str, Any]:
    return {
        "name": "one",
        "part": part,
        "label": label,
        "points": points,
        "was": None,
        "fades": False,
        "interval": [points - 3.4, points + 3.4],
        "with": rate(60, 100),
        "without": rate(40, 300),
        "found_again": 4,
        **others,
    }


def step(points: int, leads: int, held: int) -> dict[str, Any]:
    return {
        "points": points,
        "leads": leads,
        "per_week": leads / 10,
        "won": rate(held, leads),
        "caught": rate(held, 100),
    }


RECORD: dict[str, Any] = {
    "verdict": "learned",
    "definition": "proposal",
    "compared_with": "qualification@0123456789abcdef",
    "asked": {
        "as_of": "2026-03-31T21:59:59.999999Z",
        "win_within_days": 30,
        "score_at": "every:4d",
        "max_rules": 15,
        "repeat": False,
        "capacity_per_week": 20,
        "seed": 7,
        "ignored": ["city"],
        "kept": [],
    },
    "data": {
        "leads": 500,
        "outcomes": 450,
        "snapshots": 1_600,
        "leads_looked_at": 400,
        "by_lot": 0,
        "stand_for": 1_600,
        "won": 160,
        "not_won": 1_440,
        "leads_won": 40,
        "from": "2025-01-06",
        "to": "2026-02-27",
    },
    "split": {"kind": "time", "learned": 1_100, "judged": 420, "judged_from": "2025-11-03T23:59:59.999999Z"},
    "evaluation": {
        "card": judgement(0.84, 0.30, 0.09, 3.1),
        "rule_score": judgement(0.66, 0.35, 0.10, 1.9),
        "odoo": judgement(0.85, 0.41, 0.12, 3.0),
        "constant": judgement(0.5, 0.36, 0.11, 1.0),
    },
    "gain": {"log_loss": 0.06, "z": 9.54},
    "tried": [
        {"rules": 5, "together": False, "log_loss": 0.31, "taken": True},
        {"rules": 10, "together": False, "log_loss": 0.309, "taken": False},
    ],
    "calibration": {
        "error": 0.0213,
        "groups": [
            {"foretold": 0.05, **rate(6, 200)},
            {"foretold": 0.2, **rate(2, 3)},
            {"foretold": 0.4, **rate(90, 220)},
        ],
    },
    "rules": [
        rule("Visits from 3", -4, interval=[-9.0, 1.2]),
        rule("Demo asked, half after 14 days", 21, "engagement", fades=True),
        rule("Industry: software", 12),
    ],
    "likelihood": [[points, round(0.01 + points / 100, 4)] for points in range(-1, 34)],
    "line": {
        "fit": {"good": 12, "poor": -4},
        "engagement": {"high": 20, "medium": 5, "low": 0},
        "handed_over": [["good", "high"], ["poor", "high"]],
        "flagged": rate(100, 400),
        "caught": rate(55, 100),
        "best_tenth": rate(96, 160),
        "worst_tenth": rate(4, 160),
    },
    "capacity": [step(-4, 400, 100), step(8, 250, 90), step(21, 100, 60), step(33, 4, 3)],
    "leaks": [
        {"name": "Tags", "kind": "block", "reason": "It knows.", "kept": False},
        {"name": "Last visit", "kind": "ask", "reason": "It may know.", "kept": False},
        {"name": "Quality", "kind": "ask", "reason": "It may, too.", "kept": True},
    ],
    "clocks": [{"name": "price list", "reason": "It tells early from late."}],
    "undated": ["country"],
    "starting_from": None,
}

NOTHING_FOUND: dict[str, Any] = {
    "definition": None,
    "rules": [],
    "likelihood": [],
    "line": None,
    "capacity": [],
    "evaluation": {"card": judgement(0.5, 0.36, 0.11, 1.0), "odoo": judgement(0.51, 0.37, 0.12, 1.0)},
}
NO_SIGNAL = {**RECORD, **NOTHING_FOUND, "verdict": "no_signal", "gain": {"log_loss": -0.01, "z": -1.24}}
TOO_FEW = {
    **RECORD,
    **NOTHING_FOUND,
    "verdict": "not_enough",
    "evaluation": {},
    "split": None,
    "gain": {"log_loss": 0.0, "z": 0.0},
    "tried": [],
    "calibration": {"error": None, "groups": []},
    "data": {
        **RECORD["data"],
        "snapshots": 0,
        "leads_looked_at": 0,
        "by_lot": 0,
        "stand_for": 0,
        "won": 0,
        "not_won": 0,
        "leads_won": 40,
        "from": None,
        "to": None,
    },
}
ONE_PART = {
    **RECORD,
    "asked": {**RECORD["asked"], "capacity_per_week": None, "score_at": "now", "win_within_days": None},
    "data": {**RECORD["data"], "snapshots": 400, "from": None, "to": None},
    "split": {"kind": "random", "learned": 300, "judged": 100, "judged_from": None},
    "rules": [rule("Industry: software", 12)],
    "line": {**RECORD["line"], "engagement": {"low": 0}, "handed_over": [["good", "low"]]},
    "capacity": [{**one, "per_week": None} for one in RECORD["capacity"]],
}
FOLDS = {
    **RECORD,
    "split": {"kind": "folds", "learned": 400, "judged": 400, "judged_from": None},
    "evaluation": {who: RECORD["evaluation"][who] for who in ("card", "constant")},
}
AGAIN = {**RECORD, "asked": {**RECORD["asked"], "repeat": True}}
CHANGE: dict[str, Any] = {
    "path": ["fit", "criteria", "one"],
    "subject": 'criterion "Size"',
    "what": "points",
    "new": "9",
}
CORRECTED = {
    **RECORD,
    "rules": [
        rule("Size", 9, was=30, found_again=None),
        rule("Seconds on the site", 0.012, "engagement", was=0.012, found_again=None),
        rule("Industry: software", 12),
    ],
    "starting_from": {
        "not_corrected": ["raised_hand"],
        "changes": [
            {**CHANGE, "kind": "changed", "old": "30", "text": 'criterion "Size": points 30 -> 9'},
            {**CHANGE, "kind": "new", "old": None, "text": "new criterion"},
            {**CHANGE, "kind": "removed", "old": "1", "new": None, "text": "removed signal"},
        ],
    },
}
FEW = json.loads(json.dumps(RECORD), object_hook=lambda one: {**one, **rate(1, 3)} if "share" in one else one)
EVERY = {
    "learned": RECORD,
    "one part": ONE_PART,
    "folds": FOLDS,
    "again": AGAIN,
    "few": FEW,
    "corrected": CORRECTED,
    "no signal": NO_SIGNAL,
    "not enough": TOO_FEW,
}


class Read(HTMLParser):
    """A page as a browser reads it, which forgives nothing: what is begun ends, in turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def every(self, tag: str, class_: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag and attrs.get("class") == class_]


def read(record: Mapping[str, Any]) -> Read:
    return Read(learned_page(record))
