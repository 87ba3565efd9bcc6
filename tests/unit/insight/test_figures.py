"""MQLs since a moment against what sales can answer, counted by hand. Days are those of March 2026."""

from dataclasses import replace

import pytest

from ripeline.insight.foretold import foretold
from ripeline.insight.in_use import Became
from ripeline.insight.mqls import Mqls, mqls_since
from ripeline.insight.proposals_of_figures import of_calibration, of_thresholds
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.stages import StageChange
from tests.unit.insight.march import day, line


def moved(lead: str, at: float, after: str = "mql", cause: str = "event", by: str = "") -> StageChange:
    return replace(line(at, after, cause, by), lead=Name("user", lead))


def test_who_became_an_mql() -> None:
    """Ada twice, Bob by an import; Cid before, Dan later; what a person says, and who asked for more, is no new MQL."""
    lines = [
        moved("cid", 1),
        moved("ada", 3),
        moved("ada", 4, "lead"),
        moved("ada", 5),
        moved("bob", 6, cause="import"),
        moved("eva", 7, "sales_qualified", "hand_raise"),
        replace(moved("eva", 7, "sales_qualified"), before="mql"),
        moved("fin", 8, "sales_qualified", "person", by="maria"),
        moved("dan", 17),
    ]
    found = mqls_since(lines, day(2), day(16))
    assert found == Mqls(own=2, quiet=1, weeks=2)
    assert found.per_week == 1


def test_weeks_begin_with_the_log() -> None:
    """Nothing was logged before the 9th."""
    found = mqls_since([moved("ada", 9)], day(2), day(16))
    assert found == Mqls(own=1, quiet=0, weeks=1)
    early = mqls_since([moved("ada", 15)], day(2), day(16))
    assert early is not None
    assert early.per_week is None


def test_nothing_is_logged() -> None:
    assert mqls_since([], day(2), day(16)) is None
    assert mqls_since([moved("ada", 17)], day(2), day(16)) is None


@pytest.mark.parametrize(
    ("own", "capacity", "what"),
    [
        # 40 in two weeks where 28 can be answered: 12 more than 28, whose deviation is 5.3: 2.3 of them.
        (40, 14, "Raise"),
        (36, 14, None),  # 1.5 of them: chance
        # A quarter of 28 is 7; one is 2.3 deviations below.
        (1, 14, "Lower"),
        (4, 14, None),
        (400, None, None),
    ],
)
def test_more_or_fewer_than_sales_can_answer(own: int, capacity: int | None, what: str | None) -> None:
    found = [one.what.split()[0] for one in of_thresholds(Mqls(own, 0, 2), capacity)]
    assert found == ([] if what is None else [what])


def test_before_a_week_is_over_nothing_is_said() -> None:
    assert list(of_thresholds(Mqls(500, 0, 0.9), 7)) == []
    assert list(of_thresholds(None, 7)) == []


def test_a_likelihood_that_does_not_come_true() -> None:
    """Of 200 leads of 60 % only 70 are won."""
    became = [Became("good", "high", 600_000, 200, 70, 200, 70), Became("good", "high", 100_000, 200, 20, 200, 20)]
    (one,) = of_calibration(foretold(became))
    assert "90 of 400 leads were won, 140 were foretold" in one.why
    assert "furthest off where 60 % were foretold: 70 of 200" in one.why
    assert list(of_calibration(foretold([replace(became[0], won_in_time=120), became[1]]))) == []
    assert list(of_calibration(None)) == []
