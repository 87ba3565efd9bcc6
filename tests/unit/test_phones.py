"""Telephone numbers: which can exist, and where; every form worked by hand from the numbering plans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.adapters.tables import load_tables
from ripeline.adapters.tables.phones import LONGEST_PHONE
from ripeline.definition.closed_traits import COUNTRIES
from ripeline.vocabulary.phones import PLAIN_PHONE, Phone

READ = load_tables().phones.read
NO_NUMBER = Phone(valid=False)
BERLIN = Phone(valid=True, plain="+4930901820", country="DE")
LONDON = Phone(valid=True, plain="+442079460958", country="GB")


@pytest.mark.parametrize(
    ("text", "country", "phone"),
    [
        ("+49 30 901820", None, BERLIN),
        ("+49 (0)30 / 90 18-20", None, BERLIN),
        ("＋４９ ３０ ９０１８２０", None, BERLIN),
        ("tel:+49-30-901820", None, BERLIN),
        ("030 901820", "DE", BERLIN),
        ("030 901820 ext. 5", "DE", BERLIN),
        ("0049 30 901820", "GB", BERLIN),
        ("011 49 30 901820", "US", BERLIN),  # what leads abroad there
        ("020 7946 0958", "GB", LONDON),
        ("+44 20 7946 0958", "DE", LONDON),
        ("8 701 234 5678", "KZ", Phone(valid=True, plain="+77012345678", country="KZ")),
        ("+1 242 365 1234", "US", Phone(valid=True, plain="+12423651234", country="BS")),
        ("1-800-FLOWERS", "US", Phone(valid=True, plain="+18003569377", country="US")),
        ("+800 1234 5678", "DE", Phone(valid=True, plain="+80012345678")),
        ("+383 38 200 000", None, Phone(valid=True, plain="+38338200000")),
        ("+247 62889", None, Phone(valid=True, plain="+24762889", country="SH")),
    ],
)
def test_a_number_has_one_form_and_a_country(text: str, country: str | None, phone: Phone) -> None:
    assert READ(text, country) == phone


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("n/a", None),
        ("n/a", "DE"),
        ("+", None),
        ("+49", None),
        ("123", "DE"),
        ("0049 30 901820", "US"),
        ("+999 1234567", None),
        ("+44 20 7946 0958 1234", None),
    ],
)
def test_what_can_be_no_number(text: str, country: str | None) -> None:
    assert READ(text, country) == NO_NUMBER


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("030 901820", None),
        ("0049 30 901820", None),
        ("030 901820", "AQ"),  # Antarctica has no plan of its own
        ("+49 30 901820" + " " * LONGEST_PHONE, None),
    ],
)
def test_what_nobody_can_tell(text: str, country: str | None) -> None:
    assert READ(text, country) is None


@given(st.text("+0123456789 ()-/.;=extn#*x٣\u200b", max_size=LONGEST_PHONE), st.sampled_from([None, *COUNTRIES]))
def test_whatever_is_written_tells_a_number_or_nothing(text: str, country: str | None) -> None:
    phone = READ(text, country)
    if phone is None:
        return
    assert phone.valid or phone == NO_NUMBER
    assert phone.country in {*COUNTRIES, None}
    if phone.plain is not None:
        assert PLAIN_PHONE.fullmatch(phone.plain)
        assert READ(phone.plain, None) == phone
