"""What other thresholds do, by hand and beside counting leads one by one."""

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripeline.adapters.engines.thresholds import StoredWeeks
from ripeline.definition.model import Definition, Level
from ripeline.insight.thresholds import Group, Moves, Stand, Week, moves_of
from ripeline.usecases.thresholds import with_thresholds
from ripeline.vocabulary.issues import InputError
from tests.how_many import most
from tests.unit.definition.acme import ACME
from tests.unit.definition.texts import read

Row = dict[str, Any]
DEFINITION = read(ACME)
"""fit good 50, fair 25; interest high 60, medium 25; handed over: good, fair and unknown with high."""


def stand(before: str, after: str, count: int = 1, **told: object) -> Stand:
    cells = [tuple(cell.split()) for cell in (before, after)]
    made = Stand((cells[0][0], cells[0][1]), (cells[1][0], cells[1][1]), False, True, False, "lead", count)
    return replace(made, **told)  # type: ignore[arg-type]


def test_who_moves_and_what_became_of_them() -> None:
    found = moves_of(
        DEFINITION,
        [
            stand("good high", "good high", 10),
            stand("poor high", "fair high", 4),
            stand("poor high", "fair high", 2, stage="sales_accepted"),
            stand("poor high", "fair high", 1, stage="customer"),
            stand("good high", "good medium", 3, stage="lost"),
            stand("poor high", "fair high", 5, may=False),
            stand("poor low", "fair low", 6, raised=True),
            stand("poor high", "fair high", 100, is_suppressed=True, may=False),
        ],
    )
    assert found == Moves(
        {
            ("good", "high"): (13, 10),
            ("poor", "high"): (12, 0),
            ("fair", "high"): (0, 12),
            ("good", "medium"): (0, 3),
            ("poor", "low"): (6, 0),
            ("fair", "low"): (0, 6),
        },
        moved=21,
        met=Group(19, 0, 0),
        meets=Group(23, 3, 1),
        entering=Group(7, 3, 1),
        leaving=Group(3, 0, 0),
    )


def test_thresholds_are_tried_and_wrong_ones_told() -> None:
    tried = with_thresholds(DEFINITION, {"fit/levels/good": "62.5", "engagement/levels/medium": "", "other": "x"})
    assert [level.lowest for level in tried.fit.levels] == [62_500_000, 25_000_000, 0]
    assert tried.engagement == DEFINITION.engagement
    for said, why in (
        ({"fit/levels/good": "25"}, "good fit has to begin above fair"),
        ({"engagement/levels/medium": "61"}, "high interest has to begin above medium"),
        ({"engagement/levels/medium": "0"}, "medium interest has to begin above low"),
        ({"fit/levels/good": "much"}, 'where good begins: "much" is no number'),
    ):
        with pytest.raises(InputError) as told:
            with_thresholds(DEFINITION, said)
        assert why in str(told.value)


def is_met(definition: Definition, looked: Row) -> bool:
    row = "unknown" if looked["unknown"] else level(definition.fit.levels, looked["fit"])
    handed = definition.matrix[row][level(definition.engagement.levels, looked["engagement"])].action == "handoff"
    return bool(looked["may"]) and (bool(looked["raised"]) or handed)


def level(levels: tuple[Level, ...], points: int) -> str:
    return next(one.name for one in levels if points * 1_000_000 >= one.lowest or one is levels[-1])


LOOKED = st.fixed_dictionaries(
    {"fit": st.integers(-30, 120), "engagement": st.integers(-30, 120)}
    | {name: st.booleans() for name in ("unknown", "may", "raised")}
)
STEPS = st.fixed_dictionaries(
    {"week": st.integers(0, 2), "before": LOOKED, "after": LOOKED, "won": st.booleans(), "counts": st.integers(1, 9)}
)


@settings(deadline=None, max_examples=most(30))
@given(st.lists(STEPS, min_size=1, max_size=30), st.integers(26, 100), st.integers(1, 59))
def test_weeks_are_counted_as_one_would_by_hand(steps: list[Row], good: int, medium: int) -> None:
    tried = with_thresholds(DEFINITION, {"fit/levels/good": str(good), "engagement/levels/medium": str(medium)})
    flat = [
        {name: one[name] for name in ("week", "won", "counts")}
        | {f"{side}_{name}": value for side in ("before", "after") for name, value in one[side].items()}
        for one in steps
    ]
    with TemporaryDirectory() as folder:
        told, file = Path(folder) / "steps.json", Path(folder) / "steps.parquet"
        told.write_text(json.dumps(flat))
        duckdb.sql(f"COPY (SELECT * FROM read_json('{told}')) TO '{file}' (FORMAT parquet)")
        found = StoredWeeks([7, 14, 21], file).entering(tried)
    came = [one for one in steps if is_met(tried, one["after"]) and not is_met(tried, one["before"])]
    assert found == [
        Week(
            day,
            sum(one["counts"] for one in came if one["week"] == week),
            sum(one["counts"] for one in came if one["week"] == week and one["won"]),
        )
        for week, day in enumerate((7, 14, 21))
    ]
