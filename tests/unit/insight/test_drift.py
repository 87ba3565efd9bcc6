"""The population stability index, worked by hand."""

from math import log

import pytest

from ripeline.insight.drift import (
    CHANGED,
    ELSE,
    FEW,
    LOOK,
    STABLE,
    Band,
    Drift,
    Spread,
    bands_of_numbers,
    bands_of_texts,
    drift,
    levels_moved,
    moved_by_chance,
    psi,
)

MICRO = 1_000_000


def told(bands: list[Band]) -> dict[str, tuple[int, int]]:
    return {band.name: (band.then, band.now) for band in bands}


def test_nothing_moved_is_nothing() -> None:
    assert psi([Band("a", 10, 100), Band("b", 10, 100)]) == 0


def test_by_hand() -> None:
    """39 and 59 of 98 then, 59 and 39 now. With half a lead each: 39.5 and 59.5 of 99.

    (59.5 - 39.5) / 99 x ln(59.5 / 39.5), twice: 2 x 0.20202 x 0.40969 = 0.16553.
    """
    assert psi([Band("a", 39, 59), Band("b", 59, 39)]) == pytest.approx(2 * 20 / 99 * log(59.5 / 39.5))
    assert psi([Band("a", 39, 59), Band("b", 59, 39)]) == pytest.approx(0.1655, abs=1e-4)


def test_an_empty_band_has_half_a_lead() -> None:
    """None of 9 then, all of 9 now: 0.05 and 0.95 against 0.95 and 0.05: 2 x 0.9 x ln(19) = 5.3."""
    assert psi([Band("a", 0, 9), Band("b", 9, 0)]) == pytest.approx(1.8 * log(19))


def test_what_chance_brings() -> None:
    """Of 11 bands chi squared with 10 degrees is below 18.307 in 19 of 20 cases; 1/100 + 1/400 of it is 0.2288."""
    bands = [Band(str(place), 100 if not place else 0, 400 if not place else 0) for place in range(11)]
    assert moved_by_chance(bands) == pytest.approx(18.307 * 0.0125, rel=1e-3)
    assert moved_by_chance(bands[:1]) == 0


def test_numbers_are_cut_into_tenths_of_then() -> None:
    """1 to 20 then: each tenth ends at an even number. Whoever is beyond, and of whom nothing is known, has a band."""
    then: dict[int | None, int] = {number * MICRO: 1 for number in range(1, 21)}
    bands = told(bands_of_numbers(then, {3 * MICRO: 4, 25 * MICRO: 5, None: 6}))
    assert bands["up to 2"] == (2, 0)
    assert bands["above 2 to 4"] == (2, 4)
    assert bands["above 18 to 20"] == (2, 0)
    assert bands["above 20"] == (0, 5)
    assert bands["not known"] == (0, 6)
    assert len(bands) == 12


def test_one_value_of_nearly_all_is_one_band() -> None:
    """Six of ten have 0: the tenths up to there are one."""
    bands = told(bands_of_numbers({0: 6, MICRO: 2, 2 * MICRO: 2}, {0: 1}))
    assert bands == {"up to 0": (6, 1), "above 0 to 1": (2, 0), "above 1 to 2": (2, 0)}


def test_texts_have_a_band_each_and_the_rare_share_one() -> None:
    then = {f"value{number:02d}": 30 - number for number in range(25)} | {ELSE: 3, None: 2}
    bands = told(bands_of_texts(then, {"new": 100, None: 1}))
    assert next(iter(bands)) == "new"
    assert bands["new"] == (0, 100)
    # 20 have a band: new and the first 19. The others: 11 + 10 + 9 + 8 + 7 + 6, and 3 that were rare before.
    assert bands[ELSE] == (54, 0)
    assert bands["not known"] == (2, 1)


def test_a_number_that_has_texts_by_now_is_told_by_texts() -> None:
    one = drift("size", Spread({"5": 50}, {5 * MICRO: 50}), Spread({"5": 40, "many": 10}))
    assert told(list(one.bands)) == {"5": (50, 40), "many": (0, 10)}


@pytest.mark.parametrize(
    ("then", "now", "verdict"),
    [
        ((29, 0), (0, 29), FEW),
        ((500, 500), (520, 480), STABLE),
        ((500, 500), (700, 300), LOOK),
        ((500, 500), (900, 100), CHANGED),
        # 30 leads each: 0.3 moves by chance alone as far as (1/30 + 1/30) x 3.75 = 0.25.
        ((15, 15), (21, 9), FEW),
    ],
)
def test_verdicts(then: tuple[int, int], now: tuple[int, int], verdict: str) -> None:
    levels = ("high", "low")
    counts = (dict(zip(levels, side, strict=True)) for side in (then, now))
    assert levels_moved("interest", levels, *counts).verdict == verdict


def test_what_moved_most() -> None:
    bands = [Band("a", 50, 40), Band("b", 30, 10), Band("c", 20, 50)]
    found = Drift("x", bands, 0, 0).moved
    assert found is not None
    assert found.name == "c"
    assert Drift("x", [Band("a", 5, 0)], 0, 0).moved is None
