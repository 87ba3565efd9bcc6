"""The lists that hints are made from agree with the shipped tables."""

from ripeline.adapters.tables import load_tables
from ripeline.definition.closed_traits import COUNTRIES, MEANT, STANDS_ON, VALUES
from ripeline.scoring.profile import RAW_OF
from ripeline.vocabulary.derived_fields import VALUES as FIELD_VALUES


def test_countries_are_those_of_the_table() -> None:
    assert set(COUNTRIES) == set(load_tables().countries.values())


def test_each_derived_trait_names_its_raw_one() -> None:
    assert all(raw in STANDS_ON[name] for name, raw in RAW_OF.items())
    assert set(VALUES) <= set(STANDS_ON)


def test_what_people_mean_is_a_value_that_exists() -> None:
    known = {value for values in (*VALUES.values(), *FIELD_VALUES.values()) for value in values}
    assert set(MEANT.values()) <= known
