"""Telephone numbers are read by their person's country, by both readers alike, whoever stated which of the two and when."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeline.adapters.tables.references import ShippedReferences
from ripeline.ports.scores import Asked
from ripeline.usecases.load_plan import load_plan
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.history import LeadHistory, Statement
from ripeline.vocabulary.values import typed
from tests.how_many import most
from tests.parity.histories import MOMENTS, Link
from tests.parity.values import KNOWN
from tests.parity.workspace import assert_same, both_readings, stored

pytestmark = pytest.mark.engine_duckdb
AS_OF_US = MOMENTS["UTC"][0]
KEYS = ("phone", "country", "phone_valid", "phone_plain", "phone_country")
CONDITIONS = (
    "phone_valid",
    "not phone_valid",
    "phone_valid = true",
    "phone_valid is null",
    "phone_plain = '+4930901820'",
    "phone_plain like '+44%'",
    "lower(phone_plain) = '+4930901820'",
    "phone_country = 'DE'",
    "phone_country <> country",
    "coalesce(phone_plain, phone) = '5'",
)
CRITERIA = "\n".join(
    f'    c{number}: {{when: "{when}", points: {2 ** (number % 13)}{trusted}}}'
    for number, (when, trusted) in enumerate(
        (when, trusted) for trusted in ("", ", trusted: true") for when in CONDITIONS
    )
)
PLANS = [
    load_plan(
        f"version: 1\nrequired: [phone]\nfit:\n  criteria:\n{criteria}\n  levels: {{any: 0}}\nengagement: {{levels: {{any: 0}}}}\n"
        "matrix: {any: {any: handoff}, unknown: {any: handoff}}\n",
        "phones",
        "phones.yaml",
        ShippedReferences(),
    )
    for criteria in (CRITERIA, '    only: {when: "phone_valid", points: 1}', CRITERIA.split("\n")[-3])
]


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    keys = draw(st.lists(st.sampled_from(("phone", "phone", "country", *KEYS)), min_size=1, max_size=3, unique=True))
    traits = {key: typed(draw(st.sampled_from(KNOWN[key]))) for key in keys}
    time_us = draw(st.sampled_from((None, AS_OF_US - 2 * DAY_US, AS_OF_US - DAY_US, AS_OF_US, AS_OF_US + 1)))
    return Statement(traits, time_us, time_us, draw(st.integers(1, 9)), draw(st.booleans()))


LEADS = st.fixed_dictionaries(
    {name: st.lists(statements(), max_size=4, unique_by=lambda one: one.sequence) for name in ("ada", "bob", "d1")}
)


@settings(
    max_examples=most(12), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(LEADS, st.booleans())
def test_both_readers_tell_the_same_of_a_number(found: dict[str, list[Statement]], tied: bool) -> None:
    leads = {name: LeadHistory((), tuple(said)) for name, said in found.items()}
    links = [Link("d1", "ada", AS_OF_US - DAY_US, AS_OF_US - DAY_US, 1)] if tied else []
    with stored(leads, links) as store:
        rows = tuple((name, AS_OF_US - days * DAY_US) for name in ("ada", "bob") for days in (0, 1) if found[name])
        for plan in PLANS:
            assert_same(*both_readings(store, plan, Asked(AS_OF_US)))
            if rows:
                assert_same(*both_readings(store, plan, Asked(AS_OF_US, None, rows)))
