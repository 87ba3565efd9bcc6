"""Reports of backtests, small and invented: two definitions, one, and where there is little or nothing."""

import json
from typing import Any

from tests.unit.learning.learned_reports import rate


def week(first: str, mqls: int, won: int = 0, over: int | None = None) -> dict[str, Any]:
    return {"first": first, "mqls": mqls, "won": rate(won, mqls if over is None else over)}


def group(name: str, mqls: int, won: int, over: int) -> dict[str, Any]:
    return {"name": name, "mqls": mqls, "won": rate(won, over)}


def miss(lead: str, action: str = "nurture") -> dict[str, Any]:
    scores = {"fit": "35", "fit_level": "fair", "engagement": "-19.012606", "engagement_level": "medium"}
    return {"lead": lead, "won": "2026-01-20T10:02:57.000000Z", **scores, "action": action}


FIRST: dict[str, Any] = {
    "definition": "wide@0123456789abcdef",
    "mqls": 40,
    "before": 7,
    "per_week": 10.0,
    "won": rate(12, 34),
    "accepted": rate(1, 3),
    "caught": rate(18, 25),
    "days_to_win": {"quarter": 4, "half": 9, "three_quarters": 16},
    "weeks": [
        week("2026-01-05", 20, 8),
        week("2026-01-12", 0),
        week("2026-01-19", 15, 4, 14),
        week("2026-01-26", 5, 0, 0),
    ],
    "groups": {
        "fit": [group("good", 22, 11, 17), group("poor", 18, 1, 17)],
        "engagement": [group("high", 40, 12, 34)],
        "channel": [group("organic", 38, 12, 32), group("not known", 2, 0, 2)],
    },
    "missed": [miss("M-1", "handoff"), *(miss(f"M-{number}") for number in range(2, 8))],
}
SECOND: dict[str, Any] = {
    **FIRST,
    "definition": "narrow@fedcba9876543210",
    "mqls": 12,
    "before": 0,
    "per_week": 3.0,
    "won": rate(9, 10),
    "accepted": rate(0, 0),
    "caught": rate(8, 25),
    "days_to_win": {"quarter": 2, "half": 5, "three_quarters": 7},
    "weeks": [
        week("2026-01-05", 3, 3),
        week("2026-01-12", 3, 3),
        week("2026-01-19", 4, 3),
        week("2026-01-26", 2, 0, 0),
    ],
    "groups": {
        "fit": [group("good", 12, 9, 10)],
        "engagement": [group("high", 12, 9, 10)],
        "channel": [group("paid search", 12, 9, 10)],
    },
    "missed": [miss("M-8")],
}
TWO: dict[str, Any] = {
    "from": "2026-01-06",
    "to": "2026-02-01",
    "step": "1w",
    "looks": 5,
    "within_days": 30,
    "definitions": [FIRST, SECOND],
    "differ": [
        {"who": "both", "mqls": 10, "won": rate(8, 9), "caught": 7, "examples": ["B-1"]},
        {
            "who": "only_first",
            "mqls": 30,
            "won": rate(4, 25),
            "caught": 11,
            "examples": [f"F-{number}" for number in range(1, 9)],
        },
        {"who": "only_second", "mqls": 2, "won": rate(1, 1), "caught": 1, "examples": ["S-1", "S-2"]},
    ],
}
ONE = {**TWO, "step": "1d", "definitions": [FIRST], "differ": None}

NOBODY: dict[str, Any] = {
    **FIRST,
    "mqls": 0,
    "before": 0,
    "per_week": 0.0,
    "won": rate(0, 0),
    "accepted": rate(0, 0),
    "caught": rate(0, 0),
    "days_to_win": {"quarter": None, "half": None, "three_quarters": None},
    "weeks": [week("2026-01-05", 0), week("2026-01-12", 0)],
    "groups": {"fit": [], "engagement": [], "channel": []},
    "missed": [],
}
EMPTY = {**TWO, "definitions": [NOBODY], "differ": None}
BOTH_EMPTY = {
    **TWO,
    "definitions": [NOBODY, NOBODY],
    "differ": [{"who": one["who"], "mqls": 0, "won": rate(0, 0), "caught": 0, "examples": []} for one in TWO["differ"]],
}
SAME = {
    **TWO,
    "definitions": [FIRST, FIRST],
    "differ": [TWO["differ"][0], *BOTH_EMPTY["differ"][1:]],
}
"""A definition against itself."""

FEW = json.loads(
    json.dumps(TWO),
    object_hook=lambda one: {**one, **rate(1, 3)} if "share" in one else one | {"half": None} if "half" in one else one,
)
UNRIPE = {
    **TWO,
    "definitions": [
        {**one, "won": rate(0, 0), "weeks": [week(each["first"], each["mqls"], 0, 0) for each in one["weeks"]]}
        for one in TWO["definitions"]
    ],
}
ENDLESS = {**ONE, "definitions": [{**FIRST, "weeks": [week(f"{year}-01-01", 1) for year in range(1900, 2200)]}]}
EVERY = {
    "two": TWO,
    "one": ONE,
    "empty": EMPTY,
    "both empty": BOTH_EMPTY,
    "same": SAME,
    "few": FEW,
    "unripe": UNRIPE,
    "many weeks": ENDLESS,
}
