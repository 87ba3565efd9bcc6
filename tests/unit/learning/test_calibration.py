"""Totals and chances: worked by hand, and against what is known of the best curve."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.learning.calibration import curve_of
from ripeline.learning.evaluation import losses
from ripeline.learning.sample import Sample

ROWS = st.lists(st.tuples(st.integers(-20, 60), st.booleans()), min_size=4, max_size=60)


def test_two_totals_have_the_chances_that_they_had() -> None:
    """At 0 points 1 in 10 was won, at 10 points 6 in 10: the curve goes through both."""
    totals = np.array([0] * 100 + [10] * 100)
    curve = curve_of(totals, Sample(np.array([1.0] * 10 + [0.0] * 90 + [1.0] * 60 + [0.0] * 40), {}))
    assert curve.chances(np.array([0, 10])) == pytest.approx([0.1, 0.6], abs=1e-3)
    table = curve.table(totals)
    assert [at for at, _ in table] == list(range(11))
    assert [table[0][1], table[10][1]] == pytest.approx([100_000, 600_000], abs=1_000)


def test_rows_count_as_much_as_they_weigh() -> None:
    """A row of weight 3 is three rows."""
    once = Sample(np.array([1.0, 0.0, 0.0, 1.0]), {}, weight=np.array([3.0, 1.0, 1.0, 1.0]))
    thrice = Sample(np.array([1.0, 1.0, 1.0, 0.0, 0.0, 1.0]), {})
    one, other = curve_of(np.array([5, 5, 0, 0]), once), curve_of(np.array([5, 5, 5, 5, 0, 0]), thrice)
    assert (one.level, one.slope) == pytest.approx((other.level, other.slope))


def test_equal_totals_have_the_rate_of_all() -> None:
    curve = curve_of(np.zeros(8, dtype=np.int64), Sample(np.array([1.0] * 2 + [0.0] * 6), {}))
    assert curve.chances(np.array([0])) == pytest.approx([0.25])


def test_points_that_never_err_end_somewhere() -> None:
    curve = curve_of(np.array([0] * 50 + [9] * 50), Sample(np.array([0.0] * 50 + [1.0] * 50), {}))
    low, high = curve.chances(np.array([0, 9]))
    assert 0 < low < 0.02
    assert 0.98 < high < 1


@given(ROWS)
def test_on_average_it_is_right(rows: list[tuple[int, bool]]) -> None:
    """As of every logistic curve with a level of its own: the chances add up to what was won."""
    totals, won = np.array([total for total, _ in rows]), np.array([float(won) for _, won in rows])
    curve = curve_of(totals, Sample(won, {}))
    assert curve.chances(totals).sum() == pytest.approx(won.sum(), abs=0.01)
    constant = np.clip(won.mean(), 1e-6, 1 - 1e-6)
    assert losses(curve.chances(totals), won).sum() <= losses(np.full(len(won), constant), won).sum() + 0.01
