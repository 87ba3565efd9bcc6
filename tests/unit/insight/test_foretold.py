"""What was foretold against what happened, worked by hand."""

from math import log, sqrt

import pytest

from ripeline.insight.foretold import foretold
from ripeline.insight.in_use import Became


def became(likelihood: int | None, leads: int, won: int, cell: tuple[str, str] = ("good", "high")) -> Became:
    return Became(*cell, likelihood, leads, won, leads, won)


def test_as_foretold() -> None:
    """Of 100 leads of 10 % ten are won, of 100 of 60 % sixty."""
    found = foretold([became(100_000, 100, 10), became(600_000, 100, 60)])
    assert found is not None
    assert [(one.share, one.won.count, one.won.of) for one in found.groups] == [(0.1, 10, 100), (0.6, 60, 100)]
    assert [one.deviations for one in found.groups] == [0, 0]
    assert not found.is_off
    # Brier: (10 x 0.81 + 90 x 0.01 + 60 x 0.16 + 40 x 0.36) / 200 = 33 / 200; all alike at 35 %: 0.35 x 0.65.
    assert found.losses.brier == pytest.approx(0.165)
    assert found.losses.constant_brier == pytest.approx(0.2275)
    surprise = -(10 * log(0.1) + 90 * log(0.9) + 60 * log(0.6) + 40 * log(0.4)) / 200
    assert found.losses.log_loss == pytest.approx(surprise)
    assert found.losses.constant_log_loss == pytest.approx(-(0.35 * log(0.35) + 0.65 * log(0.65)))


def test_too_much_was_promised() -> None:
    """Of 100 of 60 % only 35 are won: 25 fewer, and the deviation is the root of 100 x 0.24 = 4.9."""
    found = foretold([became(100_000, 100, 10), became(600_000, 100, 35)])
    assert found is not None
    assert found.groups[1].deviations == pytest.approx(-25 / sqrt(24))
    assert found.is_off


def test_chance_is_no_error() -> None:
    """52 of 100 where 60 were foretold: 1.6 deviations, which of three numbers chance brings."""
    found = foretold([became(100_000, 100, 12), became(600_000, 100, 52)])
    assert found is not None
    assert not found.is_off


def test_leads_of_one_likelihood_stay_together_wherever_they_stand() -> None:
    rows = [became(200_000, 60, 10), became(200_000, 60, 14, ("poor", "low")), became(None, 500, 0)]
    found = foretold(rows)
    assert found is not None
    assert [(one.won.count, one.won.of) for one in found.groups] == [(24, 120)]


def test_tenths() -> None:
    """A hundred likelihoods of ten leads each are ten groups of a hundred."""
    found = foretold([became(10_000 * number + 5_000, 10, number // 10) for number in range(100)])
    assert found is not None
    assert [one.won.of for one in found.groups] == [100] * 10
    assert found.groups[0].share == pytest.approx(0.05)


@pytest.mark.parametrize(("leads", "won"), [(99, 50), (500, 9), (500, 491)])
def test_too_few_to_tell(leads: int, won: int) -> None:
    assert foretold([became(500_000, leads, won)]) is None


def test_who_was_sure_and_wrong_is_not_surprised_without_end() -> None:
    found = foretold([became(0, 100, 10), became(1_000_000, 100, 90)])
    assert found is not None
    assert found.losses.log_loss < 2
