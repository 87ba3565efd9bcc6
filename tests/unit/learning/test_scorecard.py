"""Rules are chosen as a plain search over all of them would, and what was planted is found again."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeline.learning.arrays import Floats
from ripeline.learning.columns import column
from ripeline.learning.evaluation import losses
from ripeline.learning.newton import PENALTY, chances, fitted, loss
from ripeline.learning.rules import Band, Missing, OneOf, TraitRule
from ripeline.learning.sample import Numbers, Sample, Texts, Trait
from ripeline.learning.scorecard.candidates import LEAST_ROWS, SAME, Gain, Slopes, candidates_of, edges_of, luck_of
from ripeline.learning.scorecard.points import LEAST, MOST, card_of
from ripeline.learning.scorecard.selection import chosen
from tests.how_many import most

RANDOM = settings(max_examples=most(20), deadline=None, suppress_health_check=list(HealthCheck))


def generated(seed: int, rows: int = 4_000) -> Sample:
    """Invented leads: 20 to 60 people, a buyer, and nobody without a known source are won more often."""
    rng = np.random.default_rng(seed)
    size = np.where(rng.random(rows) < 0.1, np.nan, np.floor(rng.lognormal(4, 1.5, rows)))
    role = np.array(["buyer", "engineer", "student", "clerk"])[rng.integers(0, 4, rows)]
    source = [None if one < 0.2 else "web" for one in rng.random(rows)]
    noise = rng.normal(size=rows)
    total = (
        -1.5 + 2 * ((size >= 20) & (size < 60)) + 1.5 * (role == "buyer") - 2 * np.array([s is None for s in source])
    )
    won = (rng.random(rows) < 1 / (1 + np.exp(-total))).astype(np.float64)
    traits: dict[str, Trait] = {"size": Numbers(size), "role": Texts.of(list(role)), "source": Texts.of(source)}
    return Sample(won, traits | {"noise": Numbers(noise)})


# ---- what is fitted -------------------------------------------------------------------------------------


def test_without_a_penalty_weights_are_differences_of_log_odds() -> None:
    """Of those with the column 3 in 4 were won, of the others 1 in 5."""
    on, won = np.array([1.0] * 8 + [0.0] * 10), np.array([1.0] * 6 + [0.0] * 2 + [1.0] * 2 + [0.0] * 8)
    columns = np.column_stack([np.ones(18), on])
    weights = fitted(columns, won, np.ones(18), np.zeros(2), penalty=0.0)
    assert weights == pytest.approx([np.log(1 / 4), np.log(3) - np.log(1 / 4)], abs=1e-6)


@RANDOM
@given(st.integers(0, 10_000))
def test_nothing_beside_the_weights_loses_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    columns = np.column_stack([np.ones(60), rng.random((60, 3)) < 0.4]).astype(np.float64)
    won, counts = (rng.random(60) < 0.3).astype(np.float64), rng.random(60) + 0.5
    weights = fitted(columns, won, counts, np.zeros(4))
    least = loss(columns, won, counts, weights)
    for place in range(4):
        for step in (-0.01, 0.01):
            beside = weights.copy()
            beside[place] += step
            assert loss(columns, won, counts, beside) > least


# ---- what is chosen -------------------------------------------------------------------------------------


def bands(name: str, trait: Numbers) -> list[TraitRule]:
    edges = [None, *edges_of(trait.values).tolist(), None]
    ends = combinations(range(len(edges)), 2)
    found = (Band(name, edges[begin], edges[end]) for begin, end in ends)
    return [*(band for band in found if (band.low, band.high) != (None, None)), Missing(name)]


def plainly(sample: Sample, rules: list[TraitRule], columns: Floats, weights: Floats) -> list[Gain]:
    """What each rule gains, one after the other, from whole matrices."""
    chance = chances(columns, weights)
    bend = chance * (1 - chance)
    inverse = np.linalg.inv((columns * bend[:, None]).T @ columns + np.eye(columns.shape[1]) * 1e-6)
    found = []
    for rule in rules:
        on = rule.holds(sample.traits[rule.trait]).astype(np.float64)
        pull, own, shared = on @ (sample.won - chance), on @ (bend * on), columns.T @ (bend * on)
        left = own - shared @ inverse @ shared
        contrary = np.sign(pull) != np.sign(on @ (sample.won - sample.won.mean()))
        if min(on.sum(), len(on) - on.sum()) >= LEAST_ROWS and left >= SAME * own and not contrary:
            found.append(Gain(float(pull**2 / (left + PENALTY)), rule))
    return found


@RANDOM
@given(st.integers(0, 10_000))
def test_all_bands_at_once_are_each_band_alone(seed: int) -> None:
    sample = generated(seed, 500)
    size = sample.traits["size"]
    assert isinstance(size, Numbers)
    columns = np.column_stack([np.ones(500), OneOf("role", ("buyer",)).holds(sample.traits["role"])]).astype(np.float64)
    weights = fitted(columns, sample.won, sample.weight, np.zeros(2))
    chance = chances(columns, weights)
    bend = chance * (1 - chance)
    bent = columns * bend[:, None]
    slopes = Slopes(
        sample.won - chance, bend, bent, np.linalg.inv(bent.T @ columns + np.eye(2) * 1e-6).astype(np.float64)
    )
    (candidates,) = candidates_of(Sample(sample.won, {"size": size}))
    best, plain = candidates.best(slopes), plainly(sample, bands("size", size), columns, weights)
    assert best is not None
    luck = luck_of(len(edges_of(size.values)))
    assert best.gain + luck == pytest.approx(max(plain).gain)
    assert best.rule in {one.rule for one in plain if one.gain == pytest.approx(best.gain + luck)}


@pytest.mark.parametrize("seed", range(3))
def test_what_was_planted_is_found(seed: int) -> None:
    """Bands are cut at quantiles, so an edge lies within one of them of where it was planted."""
    sample = generated(seed)
    found = chosen(sample, 10)
    assert OneOf("role", ("buyer",)) in found.rules
    assert {Missing("source"), OneOf("source", ("web",))} & {*found.rules}
    on = np.zeros(len(sample.won))
    for rule, weight in zip(found.rules, found.weights[1:], strict=True):
        on += weight * column(rule, sample) * (isinstance(rule, Band) and rule.trait == "size")
    size = sample.traits["size"]
    assert isinstance(size, Numbers)
    inside = on[(size.values >= 25) & (size.values < 50)].mean()
    assert inside - on[(size.values < 15) | (size.values >= 70)].mean() == pytest.approx(2, abs=0.5)


@pytest.mark.parametrize("seed", range(3))
def test_no_rule_contradicts_what_everybody_sees(seed: int) -> None:
    """A second trait that mostly says the same tempts to give points against it."""
    rng = np.random.default_rng(seed)
    true = rng.random(3_000) < 0.4
    twin = np.where(rng.random(3_000) < 0.85, true, ~true)
    won = (rng.random(3_000) < np.where(true, 0.7, 0.2) - np.where(twin, 0.15, 0)).astype(np.float64)
    sample = Sample(won, {"one": Texts.of([str(on) for on in true]), "twin": Texts.of([str(on) for on in twin])})
    above = won - won.mean()
    for guarded, contradicts in ((True, False), (False, True)):
        found = chosen(sample, 5, guarded=guarded)
        ways = np.sign(above @ found.columns[:, 1:])
        assert any(np.sign(weight) != way for weight, way in zip(found.weights[1:], ways, strict=True)) == contradicts


def test_of_nothing_comes_nothing() -> None:
    """Every lead was lost, or nobody knows anything: there is no rule, and the chance is everybody's."""
    lost = chosen(Sample(np.zeros(100), {"size": Numbers(np.arange(100.0))}), 5)
    unknown = Sample(np.tile([0.0, 1.0], 50), {"size": Numbers(np.full(100, np.nan)), "role": Texts.of([None] * 100)})
    assert (lost.rules, chosen(unknown, 5).rules) == ((), ())
    assert card_of(chosen(unknown, 5), unknown).chances(unknown) == pytest.approx(np.full(100, 0.5))


# ---- whole points ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_whole_points_lose_hardly_anything(seed: int) -> None:
    sample = generated(seed)
    found = chosen(sample, 10)
    card = card_of(found, sample)
    assert all(LEAST <= points <= MOST and points for points in card.points)
    unrounded = loss(found.columns, sample.won, sample.weight, found.weights, 0.0)
    assert losses(card.chances(sample), sample.won).sum() < unrounded * 1.003
    given = zip(card.rules, card.points, strict=True)
    lines = [points * column(rule, sample) for rule, points in given]
    assert card.totals(sample).tolist() == np.sum(lines, axis=0).tolist()


def test_the_same_sample_has_the_same_card() -> None:
    one, other = (card_of(chosen(sample, 8), sample) for sample in (generated(5), generated(5)))
    assert one == other
