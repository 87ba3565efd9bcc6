"""Levels and the cells that are handed over, worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.learning.arrays import Floats
from ripeline.learning.capacity import best_rows, ends, share_of, steps_of
from ripeline.learning.lines import lines_of
from ripeline.learning.sample import Sample
from ripeline.learning.snapshots import Snapshots
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.rates import Rate

SHARES = st.floats(0.01, 1)
POINTS = st.lists(st.tuples(st.integers(-30, 40), st.integers(-30, 40)), min_size=1, max_size=60)


def likely(fit: Floats, interest: Floats) -> Floats:
    return 1 / (1 + np.exp(-(fit + interest) / 10))


def test_of_one_part_alone_the_line_is_at_some_points() -> None:
    """Of hundred leads with 0 to 99 points the best quarter has 75 and more."""
    interest = np.arange(100.0)
    lines = lines_of(np.zeros(100), interest, likely(np.zeros(100), interest), np.ones(100), 0.25)
    assert lines.fit == {"poor": 0}
    assert lines.interest == {"high": 75, "medium": 50, "low": 0}
    assert lines.actions == {("poor", "high"): "handoff", ("poor", "medium"): "nurture", ("poor", "low"): "nurture"}
    assert np.flatnonzero(lines.handed(np.zeros(100), interest)).tolist() == list(range(75, 100))


def test_the_best_cells_are_handed_over_until_it_is_enough() -> None:
    """Of 200 leads 30 have high and 50 medium interest; of each, 3 in 10 are a good fit and 4 a fair one.

    A tenth are 20: the 9 of the best cell and the 12 of the next are nearest to it.
    """
    fit, interest = (
        np.array(
            [
                one[part]
                for one in [(f, i) for f in [0] * 3 + [10] * 4 + [20] * 3 for i in [0] * 12 + [30] * 5 + [60] * 3]
            ]
        )
        for part in range(2)
    )
    lines = lines_of(fit, interest, likely(fit, interest), np.ones(len(fit)), 0.1)
    assert (lines.fit, lines.interest) == ({"good": 20, "fair": 10, "poor": 0}, {"high": 60, "medium": 30, "low": 0})
    over = {cell for cell, action in lines.actions.items() if action == "handoff"}
    assert over == {("good", "high"), ("fair", "high")}
    assert lines.actions["poor", "high"] == "follow_up"
    assert lines.handed(fit, interest).sum() == 21


@given(POINTS, st.one_of(st.none(), SHARES))
def test_levels_fall_and_every_cell_says_what_is_done(points: list[tuple[int, int]], share: float | None) -> None:
    fit, interest = (np.array(part, dtype=np.float64) for part in zip(*points, strict=True))
    lines = lines_of(fit, interest, likely(fit, interest), np.ones(len(fit)), share)
    for levels, of in ((lines.fit, fit), (lines.interest, interest)):
        cuts = list(levels.values())
        assert cuts == sorted(set(cuts), reverse=True)
        # Everybody reaches the last level, and somebody the first.
        assert cuts[-1] <= of.min() or len(cuts) == 1
        assert cuts[0] <= of.max() or len(cuts) == 1
    assert set(lines.actions) == {(row, column) for row in lines.fit for column in lines.interest}
    assert lines.handed(fit, interest).any()


# ---- what lines bring -----------------------------------------------------------------------------------


def looked(days: list[int]) -> Snapshots:
    whole = np.arange(len(days))
    at_us = np.array(days) * DAY_US
    return Snapshots(whole, whole, at_us, at_us, np.zeros(len(days)), at_us, at_us, np.ones(len(days)))


def test_a_lead_reaches_a_line_once() -> None:
    """Two leads in two weeks: one has 5, then 20 points, and is won; the other has 10, twice."""
    sample = Sample(np.array([0.0, 1.0, 0.0, 0.0]), {}, person=np.array([7, 7, 3, 3]))
    steps = steps_of(np.array([5.0, 20.0, 10.0, 10.0]), sample, looked([0, 7, 0, 14]), is_dated=True)
    assert [(one.points, one.leads, one.per_week) for one in steps if one.points in {10, 20}] == [
        (10, 2, 1.0),
        (20, 1, 0.5),
    ]
    assert steps[-1].caught == Rate(1, 1)
    assert share_of(np.array([True, True, False, False]), sample) == (Rate(1, 2), Rate(1, 1))
    assert best_rows(np.array([0.1, 0.3, 0.2, 0.2]), sample.person).tolist() == [2, 1]


@pytest.mark.parametrize("order", [np.arange(20), np.arange(20)[::-1]])
def test_equal_points_at_the_edge_of_a_tenth_count_in_part(order: np.ndarray) -> None:
    """All have the same points, half are won: of the best two rows, and of the worst two, one is."""
    sample = Sample(np.repeat([0.0, 1.0], 10)[order], {})
    assert ends(np.zeros(20), sample) == (Rate(1, 2), Rate(1, 2))


@given(st.lists(st.tuples(st.integers(-5, 30), st.integers(0, 20), st.integers(1, 4)), min_size=2, max_size=60), SHARES)
def test_a_row_that_stands_for_many_leads_is_as_many_rows(rows: list[tuple[int, int, int]], share: float) -> None:
    """The same lines, and the same share of leads over them, as when each lead had a row of its own."""
    fit, interest, leads = (np.array(each, dtype=np.float64) for each in zip(*rows, strict=True))
    often = np.repeat(np.arange(len(rows)), leads.astype(np.int64))
    chance = likely(fit, interest)
    found = lines_of(fit, interest, chance, leads, share)
    assert found == lines_of(fit[often], interest[often], chance[often], np.ones(len(often)), share)
    whom = Sample((chance > 0.5).astype(np.float64), {}, leads=leads)
    handed = found.handed(fit, interest)
    flagged, caught = share_of(handed, whom)
    copied = share_of(handed[often], Sample(whom.won[often], {}))
    assert flagged.of <= copied[0].of
    assert caught.of <= copied[1].of
    assert flagged.count / flagged.of == pytest.approx(copied[0].count / copied[0].of, abs=0.501 / flagged.of)
    steps, others = (
        steps_of(totals, sample, looked([7] * len(totals)), is_dated=True)
        for totals, sample in ((fit, whom), (fit[often], Sample(whom.won[often], {})))
    )
    at = {one.points: one.leads for one in others}
    assert all(one.leads == at[one.points] for one in steps if one.points in at)
