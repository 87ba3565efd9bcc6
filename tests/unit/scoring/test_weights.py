"""What is left of points at each age, against exact fractions and decimals of other making."""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripeline.definition.model import Decay, Fade, HalfLife, Step
from ripeline.plan.weights import units_of
from ripeline.vocabulary.calendar import OLDEST_AGE

points = st.integers(-10_000_000, 10_000_000).map(lambda thousandths: thousandths * 1_000)
days = st.integers(1, 400)
ages = st.integers(0, 1_000)


def half_even(exact: Fraction) -> int:
    """Python rounds fractions half to even by itself."""
    return round(exact)


@settings(deadline=None)
@given(points, days, ages)
def test_half_life_halves_every_so_many_days(micro: int, life: int, age: int) -> None:
    with localcontext() as context:
        context.prec = 90
        exact = Decimal(micro) * (Decimal(2).ln() * Decimal(-age) / life).exp()
        if age % life == 0:
            exact = Decimal(micro) / 2 ** (age // life)
        expected = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    assert units_of(micro, HalfLife(life)).at(age) == expected


@settings(deadline=None)
@given(points, days, ages)
def test_fade_falls_in_a_straight_line(micro: int, end: int, age: int) -> None:
    exact = Fraction(micro * (end - age), end) if age < end else Fraction(0)
    assert units_of(micro, Fade(end)).at(age) == half_even(exact)


@settings(deadline=None)
@given(points, st.just(0) | st.integers(1_000, 100_000), days, ages)
def test_a_step_loses_a_share_every_so_often(micro: int, lose: int, every: int, age: int) -> None:
    share = Fraction(lose, 100_000)
    exact = micro * (1 - share) ** (age // every)
    assert units_of(micro, Step(share, every)).at(age) == half_even(exact)


@pytest.mark.parametrize("decay", [None, HalfLife(36_500), Step(Fraction(0), 1), Fade(36_500)])
def test_nothing_is_left_after_36500_days(decay: Decay) -> None:
    units = units_of(10_000_000_000, decay)
    last = OLDEST_AGE if not isinstance(decay, Fade) else OLDEST_AGE - 1
    assert units.at(last) > 0
    assert units.at(last + 1) == units.at(OLDEST_AGE + 1) == 0
    assert units.horizon == last + 1


@settings(deadline=None)
@given(points, days, ages)
def test_negative_points_mirror_positive_ones(micro: int, life: int, age: int) -> None:
    assert units_of(-micro, HalfLife(life)).at(age) == -units_of(micro, HalfLife(life)).at(age)
