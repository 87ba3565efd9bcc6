"""A rule holds in a sample where the same condition holds in a definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.definition.condition_text import parse_condition
from ripeline.definition.conditions import Name
from ripeline.definition.render import condition_text
from ripeline.learning.rules import Band, Missing, OneOf, TraitRule
from ripeline.learning.sample import Numbers, Texts, Trait
from ripeline.scoring.truth import Reader
from ripeline.vocabulary.calendar import UTC_ZONE
from ripeline.vocabulary.values import Value, typed

NUMBERS = st.one_of(st.none(), st.integers(-3, 12).map(lambda tenths: tenths / 4))
LEVELS = ("Lead Add Form", "it's", "nowhere", "Ümlaut")
TEXTS = st.one_of(st.none(), st.sampled_from(LEVELS))
EDGES = st.one_of(st.none(), st.integers(-2, 10).map(lambda tenths: tenths / 4))
BANDS = st.builds(Band, st.just("a number"), EDGES, EDGES).filter(lambda band: (band.low, band.high) != (None, None))
GROUPS = st.lists(st.sampled_from(LEVELS), min_size=1, unique=True).map(lambda some: OneOf("order", tuple(some)))


def told(rule: TraitRule, value: object) -> bool:
    """Say what the definition's own reader makes of the rule's text."""
    condition = parse_condition(condition_text(rule.condition))

    def lookup(name: Name) -> Value | None:
        assert name.key == rule.trait
        return typed(value)

    return Reader(lookup, UTC_ZONE, 0).holds(condition) is True


@given(st.one_of(BANDS, st.just(Missing("a number"))), st.lists(NUMBERS, min_size=1))
def test_of_numbers(rule: TraitRule, values: list[float | None]) -> None:
    trait = Numbers(np.array([np.nan if value is None else value for value in values]))
    assert rule.holds(trait).tolist() == [told(rule, value) for value in values]


@given(st.one_of(GROUPS, st.just(Missing("order"))), st.lists(TEXTS, min_size=1))
def test_of_texts(rule: TraitRule, values: list[str | None]) -> None:
    assert rule.holds(Texts.of(values)).tolist() == [told(rule, value) for value in values]


@pytest.mark.parametrize(
    ("rule", "trait"), [(Band("x", 1.0), Texts.of(["5", "a"])), (OneOf("x", ("5",)), Numbers(np.array([5.0, 6.0])))]
)
def test_a_rule_of_another_kind_never_holds(rule: TraitRule, trait: Trait) -> None:
    assert rule.holds(trait).tolist() == [False, False]
