"""The lists that hints are made from agree with the shipped tables."""

from pathlib import Path

import pytest

from ripeline.adapters.tables import load_tables
from ripeline.definition.closed_traits import COUNTRIES, MEANT, STANDS_ON, VALUES
from ripeline.scoring.profile import RAW_OF
from ripeline.vocabulary.channels import CLICK_IDS
from ripeline.vocabulary.derived_fields import FIELDS
from ripeline.vocabulary.derived_fields import VALUES as FIELD_VALUES

DOCS = Path(__file__).parents[3] / "docs"


def test_countries_are_those_of_the_table() -> None:
    assert set(COUNTRIES) == set(load_tables().countries.values())


def test_each_derived_trait_names_its_raw_one() -> None:
    assert all(raw in STANDS_ON[name] for name, raw in RAW_OF.items())
    assert set(VALUES) <= set(STANDS_ON)


def test_what_people_mean_is_a_value_that_exists() -> None:
    known = {value for values in (*VALUES.values(), *FIELD_VALUES.values()) for value in values}
    assert set(MEANT.values()) <= known


def test_derived_fields_are_documented_with_all_their_values() -> None:
    told = (DOCS / "derived-fields.md").read_text("utf-8")
    words = [*FIELDS, *(value for values in FIELD_VALUES.values() for value in values)]
    assert [word for word in words if f"`{word}`" not in told] == []
    assert [name for name in CLICK_IDS if f"`{name}`" not in told.lower()] == []


@pytest.mark.parametrize("name", STANDS_ON)
def test_derived_traits_are_documented(name: str) -> None:
    assert f"`{name}`" in (DOCS / "derived-traits.md").read_text("utf-8")
