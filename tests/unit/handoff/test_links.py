"""Links: nothing but what was signed is accepted, and only for as long as it is true."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.handoff.links import ANSWERS, LASTS_US, Link, link_of, links_of, token_of, why_not
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.handoffs import ACCEPTED, OPEN, REJECTED, WAITING, Handoff
from ripeline.vocabulary.people import Name

SECRET = b"s" * 32
GIVEN_US = 1_774_602_000 * 10**6
OPENED = Handoff(
    definition="qualification",
    lead=Name("user", "ada"),
    stage="mql",
    cause="event",
    fingerprint="0" * 16,
    made_us=GIVEN_US,
    state=OPEN,
    owner="maria",
    assigned_us=GIVEN_US,
    accept_due_us=GIVEN_US + DAY_US,
    next_us=GIVEN_US + DAY_US,
    number=7,
)
LINK = Link(7, "maria", GIVEN_US, "accept", GIVEN_US + LASTS_US)

links = st.builds(
    Link,
    number=st.integers(1, 2**40),
    owner=st.text(max_size=30),
    given_us=st.integers(0, 2**60),
    answer=st.sampled_from(ANSWERS),
    until_us=st.integers(0, 2**60),
)
letters = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ %é")


@given(links)
def test_a_token_says_what_was_signed(link: Link) -> None:
    token = token_of(link, SECRET)
    assert link_of(token, SECRET) == link
    assert link_of(token, b"t" * 32) is None
    # It stands in an address as it is.
    assert token.replace("-", "").replace("_", "").replace(".", "").isalnum()


@given(links, st.data())
def test_no_other_token_is_accepted(link: Link, data: st.DataObject) -> None:
    """Whichever letter is another one, is left out, or stands there too: also the last, whose spare bits base64 ignores."""
    token = token_of(link, SECRET)
    at, letter = data.draw(st.integers(0, len(token) - 1)), data.draw(letters)
    for other in (
        token[:at] + letter + token[at + 1 :],
        token[:at] + token[at + 1 :],
        token[:at] + letter + token[at:],
        token + letter,
    ):
        if other != token:
            assert link_of(other, SECRET) is None


@given(st.text(max_size=200))
def test_nothing_made_up_is_accepted(text: str) -> None:
    assert link_of(text, SECRET) is None


@given(links, links)
def test_parts_of_two_tokens_are_none(one: Link, other: Link) -> None:
    (said, _), (_, signed) = (token_of(link, SECRET).split(".") for link in (one, other))
    assert (link_of(f"{said}.{signed}", SECRET) is None) == (one != other)


def test_whoever_is_to_answer_has_one_link_for_each_answer() -> None:
    assert links_of(OPENED)[0] == LINK
    assert [one.answer for one in links_of(OPENED)] == ["accept", "reject", "recycle"]
    assert links_of(replace(OPENED, state=ACCEPTED)) == ()
    assert links_of(replace(OPENED, state=WAITING, owner=None)) == ()


@pytest.mark.parametrize(
    ("now", "at_us", "why"),
    [
        (OPENED, GIVEN_US, None),
        (OPENED, GIVEN_US + LASTS_US - 1, None),
        (OPENED, GIVEN_US + LASTS_US, "This link is too old to answer by."),
        (replace(OPENED, owner="jon"), GIVEN_US, "This lead was given to somebody else"),
        (replace(OPENED, assigned_us=GIVEN_US + 1), GIVEN_US, "or anew"),
        (replace(OPENED, state=WAITING, owner=None), GIVEN_US, "This lead was given to somebody else"),
        (replace(OPENED, state=ACCEPTED), GIVEN_US, "You have accepted this lead already."),
        (replace(OPENED, state=REJECTED), GIVEN_US, "it is rejected."),
        (None, GIVEN_US, "What this link was for is there no more."),
    ],
)
def test_a_link_holds_while_its_owner_has_the_handoff(now: Handoff | None, at_us: int, why: str | None) -> None:
    found = why_not(LINK, now, at_us)
    assert found == why or (why is not None and found is not None and why in found)


def test_what_was_accepted_can_still_be_sent_back() -> None:
    assert why_not(replace(LINK, answer="reject"), replace(OPENED, state=ACCEPTED), GIVEN_US) is None
