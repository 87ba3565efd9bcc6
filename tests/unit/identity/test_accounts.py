"""Which account a person has: the last group link, trusted before all others, else a business mail domain."""

import pytest

from ripeline.identity.accounts import account_of
from ripeline.scoring.profile import Profile
from ripeline.vocabulary.history import GroupLink, Statement
from ripeline.vocabulary.values import Value, typed
from tests.parity.definitions import REFERENCES


def profile(**traits: Value | None) -> Profile:
    return Profile([Statement(dict(traits), None, None, 1)], 100, REFERENCES.tables())


def link(account: str, time_us: int, order: str = "a", *, trusted: bool = True) -> GroupLink:
    return GroupLink(account, time_us, time_us, order, trusted)


def test_the_last_group_link_counts() -> None:
    links = [link("late", 30), link("early", 10), link("middle", 20)]
    assert [account_of(links, profile(), at) for at in (9, 10, 29, 30)] == [None, "early", "middle", "late"]


def test_equal_times_go_by_id_and_what_is_trusted_goes_first() -> None:
    assert account_of([link("a", 10, "2"), link("b", 10, "1")], profile(), 10) == "a"
    assert account_of([link("forged", 20, trusted=False), link("told by us", 10)], profile(), 30) == "told by us"


def test_a_group_link_goes_before_a_mail_domain() -> None:
    mailed = profile(email=typed("ada@Firm.example"))
    assert account_of([link("acme", 10)], mailed, 9) == "firm.example"
    assert account_of([link("acme", 10)], mailed, 10) == "acme"


@pytest.mark.parametrize(
    ("traits", "account"),
    [
        ({"email": "ada@gmail.com"}, None),
        ({"email": "ada@mailinator.com"}, None),
        ({"email": "nobody"}, None),
        ({"email_domain": "Firm.Example."}, "firm.example"),
        ({"email_domain": "n/a"}, None),
        # A given domain stands in only where the address is unknown.
        ({"email_domain": "firm.example", "email": "ada@other.example"}, "other.example"),
        ({"email_domain": "firm.example", "email": "ada@gmail.com"}, None),
        ({}, None),
    ],
)
def test_a_business_mail_domain(traits: dict[str, str], account: str | None) -> None:
    assert account_of([], profile(**{key: typed(text) for key, text in traits.items()}), 0) == account
