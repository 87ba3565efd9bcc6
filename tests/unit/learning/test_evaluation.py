"""Figures worked by hand, against plain counting, and what may not change them."""

from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.learning.arrays import Floats, Whole
from ripeline.learning.evaluation import (
    Figure,
    Group,
    Judgement,
    _Ranked,
    calibration_error,
    gain_z,
    groups_of,
    judged,
)
from ripeline.vocabulary.rates import Rate

ROWS = st.lists(st.tuples(st.integers(0, 8), st.booleans(), st.integers(0, 5)), min_size=1, max_size=40)
Rows = list[tuple[int, bool, int]]


def arrays(rows: Rows) -> tuple[Floats, Floats, Whole]:
    """Chances in few steps, so that many are equal; won; whose each row is."""
    chances, won, person = zip(*rows, strict=True)
    return np.array(chances) / 8, np.array(won, dtype=np.float64), np.array(person)


def value(figure: Figure | None) -> float:
    assert figure is not None
    return figure.value


def same(one: Judgement, other: Judgement) -> bool:
    """Both have the same figures, but for how sums are rounded."""
    mine, others = one.by_name(), other.by_name()
    return mine.keys() == others.keys() and all(
        (figure.value, figure.low, figure.high)
        == pytest.approx((others[name].value, others[name].low, others[name].high))
        for name, figure in mine.items()
    )


# ---- what chances are worth -----------------------------------------------------------------------------


def test_worked_by_hand() -> None:
    judgement = judged(np.array([0.4, 0.8, 0.1, 0.4]), np.array([1.0, 1.0, 0.0, 0.0]), np.arange(4))
    # Pairs: 0.4 beats 0.1, is equal to 0.4; 0.8 beats both: (1 + 0.5 + 2) / 4
    assert value(judgement.auc) == pytest.approx(0.875)
    # (0.6^2 + 0.2^2 + 0.1^2 + 0.4^2) / 4
    assert value(judgement.brier) == pytest.approx(0.1425)
    # -(ln 0.4 + ln 0.8 + ln 0.9 + ln 0.6) / 4
    assert value(judgement.log_loss) == pytest.approx(0.438905, abs=1e-6)
    # Four tenths of the row at 0.8, won, against half of all
    assert value(judgement.lift10) == pytest.approx(2.0)


def test_equal_chances_at_the_edge_of_the_tenth_count_in_part() -> None:
    """The tenth of 20 rows is 2: the best one, won, and one in four of those at 0.5, of which 1 in 4 was won."""
    chances = np.array([0.9] + [0.5] * 4 + [0.2] * 15)
    won = np.array([1.0] + [0.0, 0.0, 1.0, 0.0] + [1.0] * 2 + [0.0] * 13)
    assert value(judged(chances, won, np.arange(20)).lift10) == pytest.approx((1 + 0.25) / 2 / 0.2)


def test_equal_chances_put_nothing_in_order() -> None:
    judgement = judged(np.full(50, 0.3), np.array([1.0] * 20 + [0.0] * 30), np.arange(50))
    assert judgement.auc == Figure(0.5, 0.5, 0.5)
    assert judgement.lift10 is not None
    assert (judgement.lift10.low, judgement.lift10.high) == pytest.approx((1.0, 1.0))


@pytest.mark.parametrize("all_won", [0.0, 1.0])
def test_where_all_became_the_same_there_is_no_order_to_judge(all_won: float) -> None:
    judgement = judged(np.array([0.2, 0.7]), np.full(2, all_won), np.arange(2))
    assert [*judgement.by_name()] == ["brier", "log_loss"]


def test_of_no_rows_there_is_no_figure() -> None:
    empty = np.empty(0)
    assert judged(empty, empty, empty.astype(np.int64)).by_name() == {}


def test_a_chance_of_nothing_that_came_true_does_not_end_all() -> None:
    judgement = judged(np.array([0.0, 1.0]), np.array([1.0, 1.0]), np.arange(2))
    assert value(judgement.log_loss) == pytest.approx(-np.log(1e-6) / 2, rel=1e-4)


@given(ROWS)
def test_auc_and_lift_are_what_plain_counting_finds(rows: Rows) -> None:
    chances, won, person = arrays(rows)
    judgement = judged(chances, won, person)
    if not 0 < won.sum() < len(won):
        assert (judgement.auc, judgement.lift10) == (None, None)
        return
    pairs = [(mine > other) + (mine == other) / 2 for mine, other in product(chances[won == 1], chances[won == 0])]
    assert value(judgement.auc) == pytest.approx(np.mean(pairs))
    # Each row ten times, with all of a chance as won as they are on average: the tenth is then whole rows.
    shares = [float(won[chances == chance].mean()) for chance in np.repeat(np.sort(chances)[::-1], 10)]
    assert value(judgement.lift10) == pytest.approx(np.mean(shares[: len(won)]) / won.mean())


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: Rows, random: Random) -> None:
    mixed = [*rows]
    random.shuffle(mixed)
    assert same(judged(*arrays(rows)), judged(*arrays(mixed)))


@given(ROWS)
def test_only_the_order_of_chances_matters_to_auc_and_lift(rows: Rows) -> None:
    chances, won, person = arrays(rows)
    one, other = judged(chances, won, person), judged((chances**3 + chances) / 4, won, person)
    assert (one.auc, one.lift10) == (other.auc, other.lift10)


# ---- how far it can be trusted --------------------------------------------------------------------------


@given(ROWS, st.data())
def test_a_draw_is_what_its_rows_are_when_copied(rows: Rows, data: st.DataObject) -> None:
    """Whoever is drawn twice is there twice, with all rows."""
    chances, won, person = arrays(rows)
    people, place = np.unique(person, return_inverse=True)
    often = st.lists(st.integers(0, 3), min_size=len(people), max_size=len(people)).filter(any)
    counts = np.array(data.draw(often))
    rows_of = np.repeat(np.arange(len(won)), counts[place])
    plain = _Ranked.of(chances[rows_of], won[rows_of], person[rows_of], np.ones(len(rows_of)))
    drawn = _Ranked.of(chances, won, person, np.ones(len(won))).figures(counts.astype(np.float64))
    assert drawn == pytest.approx(plain.figures(np.ones(plain.sums.shape[1])), nan_ok=True)


@given(ROWS, st.data())
def test_a_row_that_stands_for_many_leads_is_as_many_rows(rows: Rows, data: st.DataObject) -> None:
    """Of one person, since the same lead seen often makes nothing surer: figures with intervals, gain, rates of groups."""
    chances, won, person = arrays(rows)
    leads = np.array(data.draw(st.lists(st.integers(1, 4), min_size=len(won), max_size=len(won))))
    often, stands = np.repeat(np.arange(len(won)), leads), leads.astype(np.float64)
    assert same(judged(chances, won, person, 1, stands), judged(chances[often], won[often], person[often], 1))
    base = np.full(len(won), won.mean())
    copied = gain_z(chances[often], base[often], won[often], person[often])
    assert gain_z(chances, base, won, person, stands) == pytest.approx(copied)
    groups, others = groups_of(chances, won, stands), groups_of(chances[often], won[often])
    assert [one.chance for one in groups] == pytest.approx([one.chance for one in others])
    # What they tell is less: as few rows as there are, and fewer where they stand for unequally many.
    assert all(one.rows <= other.rows for one, other in zip(groups, others, strict=True))


def test_rows_that_stand_for_unequally_many_tell_less() -> None:
    """Forty rows for themselves, ten for 9 leads each: (40 + 90)^2 / (40 + 810) = 19.9 rows; 9 * 6 + 8 of 130 were won."""
    won = np.array([1.0] * 8 + [0.0] * 32 + [1.0] * 6 + [0.0] * 4)
    (group,) = groups_of(np.full(50, 0.4), won, np.array([1.0] * 40 + [9.0] * 10))
    assert (group.rows, group.won) == (20, round(20 * 62 / 130))


@given(ROWS)
def test_saying_everything_thrice_makes_nothing_surer(rows: Rows) -> None:
    chances, won, person = arrays(rows)
    assert same(judged(chances, won, person), judged(np.tile(chances, 3), np.tile(won, 3), np.tile(person, 3)))


def test_the_interval_of_a_mean_is_the_one_in_books() -> None:
    """Of 2,000 rows the mean squared error lies within 1.96 standard errors; draws differ, so of 20 seeds on average."""
    rng = np.random.default_rng(3)
    chances = rng.random(2_000)
    won = (rng.random(2_000) < chances).astype(np.float64)
    found = [judged(chances, won, np.arange(2_000), seed).by_name()["brier"] for seed in range(20)]
    error = ((chances - won) ** 2).std() / np.sqrt(2_000)
    ends = np.mean([(brier.low - brier.value, brier.high - brier.value) for brier in found], axis=0)
    assert ends == pytest.approx([-1.96 * error, 1.96 * error], rel=0.07)


def test_the_same_seed_draws_the_same() -> None:
    rows = arrays([(place % 7, place % 3 == 0, place) for place in range(30)])
    assert judged(*rows, seed=1) == judged(*rows, seed=1)
    assert judged(*rows, seed=1) != judged(*rows, seed=2)


# ---- one beside the other -------------------------------------------------------------------------------

GAINED = 0.5 * np.exp([0.1, 0.3, 0.2, 0.4])
"""Chances of won rows that gain so much log loss over a chance of one half."""


def test_the_gain_worked_by_hand() -> None:
    """A mean of 0.25, with -0.15, 0.05, -0.05 and 0.15 from it."""
    base, won = np.full(4, 0.5), np.ones(4)
    # Each its own: the standard error of a mean, sqrt(0.05 / 3 / 4)
    assert gain_z(GAINED, base, won, np.arange(4)) == pytest.approx((0.25, 0.25 / np.sqrt(0.05 / 12)))
    # Two persons, -0.1 and 0.1 in sum: sqrt(2 x (0.01 + 0.01)) / 4 = 0.05
    assert gain_z(GAINED, base, won, np.array([7, 7, 2, 2])) == pytest.approx((0.25, 5.0))


def test_nothing_is_gained_over_oneself_and_lost_what_others_gain() -> None:
    base, won, person = np.full(4, 0.5), np.ones(4), np.arange(4)
    assert gain_z(base, base, won, person) == (0.0, 0.0)
    assert gain_z(base, GAINED, won, person) == pytest.approx([-each for each in gain_z(GAINED, base, won, person)])


@pytest.mark.parametrize(
    ("better", "person"), [(GAINED, np.zeros(4, dtype=np.int64)), (np.full(30, 0.9), np.arange(30) // 7)]
)
def test_what_does_not_differ_between_persons_has_no_error_to_measure_by(better: Floats, person: Whole) -> None:
    gain, z = gain_z(better, np.full(len(better), 0.5), np.ones(len(better)), person)
    assert gain > 0
    assert z == 0


def test_no_rows_gain_nothing() -> None:
    empty = np.empty(0)
    assert gain_z(empty, empty, empty, empty.astype(np.int64)) == (0.0, 0.0)


@given(ROWS)
def test_the_same_row_thrice_gains_what_it_does_once(rows: Rows) -> None:
    chances, won, person = arrays(rows)
    base = np.full(len(won), 0.4)
    thrice = gain_z(np.repeat(chances, 3), np.repeat(base, 3), np.repeat(won, 3), np.repeat(person, 3))
    assert thrice == pytest.approx(gain_z(chances, base, won, person), abs=1e-6)


# ---- what was foretold, and what happened ---------------------------------------------------------------


def test_groups_worked_by_hand() -> None:
    """The middle of four rows at 0.1 is the second of eight, that of two at 0.5 the fifth."""
    chances = np.array([0.9, 0.5, 0.1, 0.1, 0.1, 0.1, 0.5, 0.7])
    groups = groups_of(chances, np.array([1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]), many=2)
    assert [(group.rows, group.won) for group in groups] == [(4, 1), (4, 2)]
    assert [group.chance for group in groups] == pytest.approx([0.1, 0.65])
    # Shares of 1 in 4 and 2 in 4: (0.15 x 4 + 0.15 x 4) / 8
    assert calibration_error(groups) == pytest.approx(0.15)


def test_equal_chances_go_where_their_middle_is() -> None:
    """Six of ten rows at 0.5, the middle one the sixth: they are in the upper half, and so are all of them."""
    groups = groups_of(np.array([0.1] * 3 + [0.5] * 6 + [0.9]), np.zeros(10), many=2)
    assert [group.rows for group in groups] == [3, 7]


def test_a_group_tells_its_share_with_an_interval() -> None:
    assert Group(10, 8, 0.7).rate == Rate(8, 10)
    assert Group(10, 8, 0.7).rate.interval == pytest.approx((0.490, 0.943), abs=1e-3)
    assert Group(4, 2, 0.7).rate.share is None


@given(st.integers(10, 200))
def test_different_chances_make_ten_equal_groups(rows: int) -> None:
    chances = np.random.default_rng(rows).permutation(rows) / rows
    sizes = [group.rows for group in groups_of(chances, np.zeros(rows))]
    assert len(sizes) == 10
    assert max(sizes) - min(sizes) <= 1


@given(ROWS)
def test_each_row_is_in_one_group_and_equal_chances_in_the_same(rows: Rows) -> None:
    chances, won, _ = arrays(rows)
    groups = groups_of(chances, won)
    means = [group.chance for group in groups]
    assert means == sorted(means)
    assert (sum(group.rows for group in groups), sum(group.won for group in groups)) == (len(won), won.sum())
    assert sum(group.rows * group.chance for group in groups) == pytest.approx(chances.sum())
    # As chances have few steps, groups are whole steps.
    steps = np.cumsum(np.unique(chances, return_counts=True)[1])
    assert {*np.cumsum([group.rows for group in groups])} <= {*steps}


def test_right_chances_are_nearly_calibrated_and_shifted_ones_are_off_by_the_shift() -> None:
    rng = np.random.default_rng(5)
    chances = rng.uniform(0.2, 0.6, 20_000)
    won = (rng.random(20_000) < chances).astype(np.float64)
    right, shifted = (calibration_error(groups_of(each, won)) for each in (chances, chances + 0.2))
    assert right == pytest.approx(0, abs=0.02)
    assert shifted == pytest.approx(0.2, abs=0.02)


def test_no_rows_make_no_group() -> None:
    assert groups_of(np.empty(0), np.empty(0)) == []
    assert calibration_error([]) is None
