"""Settings in ripeline.toml."""

import pytest

from ripeline.entry.settings import patterns
from ripeline.intake.patterns import is_staff
from ripeline.vocabulary.addresses import address_of
from ripeline.vocabulary.issues import InputError


@pytest.mark.parametrize("domain", ["Müller.example", "@xn--mller-kva.example", "müller.example."])
def test_own_domains_are_known_however_they_are_written(domain: str) -> None:
    own = patterns({"staff_domains": [domain]})
    address = address_of("Kim@sales.MÜLLER.example")
    assert address is not None
    assert is_staff(address, own)


@pytest.mark.parametrize("domain", ["own", "kim@own.example", "own.example;", "10.0.0.1"])
def test_what_is_no_domain_is_refused(domain: str) -> None:
    with pytest.raises(InputError, match="is none"):
        patterns({"staff_domains": [domain]})
