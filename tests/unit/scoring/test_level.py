"""The level of likelihoods: as many are foretold as were won, and nobody changes places."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.scoring.level import MOST_STEPS, STEP, Became, moved, steps_of
from ripeline.vocabulary.points import MICRO

CHANCES = st.integers(1, MICRO - 1)
STEPS = st.integers(-MOST_STEPS, MOST_STEPS)


@st.composite
def rows(draw: st.DrawFn) -> list[Became]:
    some = draw(st.lists(st.tuples(CHANCES, st.integers(1, 300), st.integers(0, 300)), min_size=1, max_size=12))
    return [Became(chance, looks, min(won, looks)) for chance, looks, won in some]


def test_worked_by_hand() -> None:
    """1,000 looks of 10 %, 200 of them won: odds of 1 to 4 are 2.25 times those of 1 to 9, and 1.05 ** 17 is 2.29.

    With 16 steps 195.2 are foretold, with 17 202.97; to be drawn to none by 16 / 20 and 17 / 20 wins leaves 4.0 and -3.8.
    """
    assert steps_of([Became(100_000, 1_000, 200)]) == 17
    assert (moved(100_000, 16), moved(100_000, 17)) == (195_198, 202_977)


def test_a_few_looks_move_little() -> None:
    """Ten looks of 10 %, and none won: a likelihood of no win at all is not believed."""
    assert [steps_of([Became(100_000, looks, 0)]) for looks in (0, 1, 10, 100, 1_000)] == [0, -2, -12, -37, -71]


def test_what_is_certain_tells_nothing() -> None:
    assert steps_of([Became(0, 100, 50), Became(MICRO, 100, 50)]) == steps_of([]) == 0


@given(likelihood=CHANCES, steps=STEPS)
def test_odds_are_multiplied(likelihood: int, steps: int) -> None:
    odds = Fraction(likelihood, MICRO - likelihood) * STEP**steps
    assert abs(Fraction(moved(likelihood, steps), MICRO) - odds / (1 + odds)) <= Fraction(1, 2 * MICRO)


@given(one=CHANCES, other=CHANCES, steps=STEPS)
def test_nobody_changes_places(one: int, other: int, steps: int) -> None:
    low, high = sorted((one, other))
    assert 0 <= moved(low, steps) <= moved(high, steps) <= MICRO


@given(rows())
def test_no_other_number_of_steps_is_nearer(some: list[Became]) -> None:
    """What is missing, less what steps are drawn back by, is least where they end; looked for by trying them all."""

    def missing(steps: int) -> Fraction:
        won = sum(row.won for row in some)
        foretold = sum(row.looks * Fraction(moved(row.likelihood, steps), MICRO) for row in some)
        return abs(won - foretold - Fraction(steps, 20))

    best = min(range(-MOST_STEPS, MOST_STEPS + 1), key=lambda steps: (missing(steps), abs(steps)))
    assert steps_of(some) == best


@pytest.mark.parametrize("steps", [-3, 0, 4])
@given(chances=st.lists(st.integers(50_000, 950_000), min_size=1, max_size=9))
def test_a_level_that_is_right_stays(steps: int, chances: list[int]) -> None:
    """Of a million looks each as many were won as one level foretells, and what draws to none is little beside them."""
    assert steps_of([Became(chance, MICRO, moved(chance, steps)) for chance in chances]) == steps
