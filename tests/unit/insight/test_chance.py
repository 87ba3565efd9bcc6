"""Two shares compared, by hand and against the same in whole numbers."""

from fractions import Fraction
from math import comb, log10

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.insight.chance import by_chance, deviations, is_sure, strength
from ripeline.vocabulary.rates import Rate


def exactly(one: Rate, other: Rate) -> Fraction:
    """All ways in which chance gives one as many or more, of all ways there are."""
    hits, whole = one.count + other.count, one.of + other.of
    ways = (comb(hits, k) * comb(whole - hits, one.of - k) for k in range(one.count, min(hits, one.of) + 1))
    return Fraction(sum(ways), comb(whole, one.of))


@st.composite
def rates(draw: st.DrawFn) -> Rate:
    of = draw(st.integers(1, 60))
    return Rate(draw(st.integers(0, of)), of)


@given(rates(), rates())
def test_it_is_fishers_test(one: Rate, other: Rate) -> None:
    """Where one has no greater share than the other, nothing is asked: 1."""
    if one.count * other.of > other.count * one.of:
        assert by_chance(one, other) == pytest.approx(float(exactly(one, other)), rel=1e-9)
    else:
        assert by_chance(one, other) == 1


def test_by_hand() -> None:
    """Five of five against none of five: one way of comb(10, 5) = 252."""
    assert by_chance(Rate(5, 5), Rate(0, 5)) == pytest.approx(1 / 252)
    # Eight of ten against three of ten: (45 x 120 + 10 x 45 + 1 x ... ) / comb(20, 10): 8, 9 and 10 of eleven hits.
    # comb(11, 8) comb(9, 2) + comb(11, 9) comb(9, 1) + comb(11, 10) = 165 x 36 + 55 x 9 + 11 = 6,446 of 184,756.
    assert by_chance(Rate(8, 10), Rate(3, 10)) == pytest.approx(6_446 / 184_756)


def test_many_are_as_quick_as_few() -> None:
    assert 0 < by_chance(Rate(60_000, 100_000), Rate(590_000, 1_000_000)) < 1e-6
    assert by_chance(Rate(100_000, 100_000), Rate(0, 100_000)) == 0


def test_of_several_each_has_to_be_clearer() -> None:
    chance = by_chance(Rate(5, 5), Rate(0, 5))
    assert is_sure(chance)
    assert is_sure(chance, 6)
    assert not is_sure(chance, 7)


def test_strength_is_how_seldom() -> None:
    assert strength(0.001) == pytest.approx(3)
    assert strength(0.001, 10) == pytest.approx(2)
    assert strength(0) == pytest.approx(-log10(1e-300))


def test_deviations() -> None:
    """Of tables of the normal distribution: 1.960 at 5 %, 2.576 at 1 %."""
    assert deviations() == pytest.approx(1.959964, abs=1e-6)
    assert deviations(5) == pytest.approx(2.575829, abs=1e-6)
