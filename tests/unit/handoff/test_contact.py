"""When a lead may be contacted: consent that is known, and so many contacts in any seven days."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeline.definition.condition_text import parse_condition
from ripeline.handoff.contact import WEEK_US, ContactRules, Contacts, wait_for_consent, wait_for_room
from ripeline.vocabulary.calendar import LATEST_US, instant_of

DAY = WEEK_US // 7


def at(day: int, hour: int = 9) -> int:
    return instant_of(datetime(2026, 11, day, hour, tzinfo=UTC))


@pytest.mark.parametrize(
    ("holds", "asked", "also_when_asked", "why"),
    [
        (True, False, False, None),
        (True, True, True, None),
        (None, False, False, "Consent is not known: consent_sales = true."),
        (False, False, False, "Consent is not given: consent_sales = true."),
        (None, True, False, None),
        (False, True, False, None),
        (None, True, True, "Consent is not known: consent_sales = true."),
    ],
)
def test_consent(holds: bool | None, asked: bool, also_when_asked: bool, why: str | None) -> None:
    consent = parse_condition("consent_sales = true")
    rules = ContactRules(consent=consent, consent_told="consent_sales = true", also_when_asked=also_when_asked)
    wait = wait_for_consent(rules, holds=holds, asked=asked)
    assert (wait and wait.why) == why
    if wait is not None:
        # Nothing but something new makes consent known.
        assert wait.until_us == LATEST_US


def test_no_consent_is_needed_unless_it_is_said() -> None:
    assert wait_for_consent(ContactRules(), holds=None, asked=False) is None


def test_three_touches_a_week() -> None:
    """Touched on the 16th, 18th and 20th: on the 23rd at 09:00 the first is a week ago, and counts no more."""
    touched = Contacts([at(20), at(16), at(18)])
    wait = wait_for_room(ContactRules(touches=3), touched, at(23, 8), asked=False)
    assert wait is not None
    assert wait.until_us == at(23)
    assert wait.why == (
        "Was contacted by sales 3 times since 2026-11-16 09:00; from 2026-11-23 09:00 UTC on there is room again."
    )
    assert wait_for_room(ContactRules(touches=3), touched, at(23), asked=False) is None
    assert wait_for_room(ContactRules(touches=3), touched, at(22), asked=True) is None


def test_where_there_were_more_than_may_be_several_have_to_pass() -> None:
    """Four on the 16th to 19th where two may be: on the 25th one is left, the 19th."""
    wait = wait_for_room(ContactRules(touches=2), Contacts([at(day) for day in range(16, 20)]), at(20), asked=False)
    assert wait is not None
    assert wait.until_us == at(25)


def test_touches_and_mails_are_counted_apart_and_both_must_have_room() -> None:
    contacts = Contacts([at(17)], [at(18), at(19)])
    assert wait_for_room(ContactRules(touches=2, mails=3), contacts, at(20), asked=False) is None
    both = wait_for_room(ContactRules(touches=1, mails=2), contacts, at(20), asked=False)
    assert both is not None
    assert both.why == "Was sent 2 mails since 2026-11-18 09:00; from 2026-11-25 09:00 UTC on there is room again."
    one = wait_for_room(ContactRules(touches=1, mails=3), contacts, at(20), asked=False)
    assert one is not None
    assert one.why.startswith("Was contacted by sales once since 2026-11-17 09:00;")


@given(
    touches=st.lists(st.integers(0, 30 * DAY), max_size=12),
    mails=st.lists(st.integers(0, 30 * DAY), max_size=12),
    most=st.tuples(st.none() | st.integers(1, 4), st.none() | st.integers(1, 4)),
    at_us=st.integers(0, 40 * DAY),
)
def test_there_is_room_when_it_was_promised_and_not_before(
    touches: list[int], mails: list[int], most: tuple[int | None, int | None], at_us: int
) -> None:
    """If nothing comes meanwhile; and while there is room, no week holds more than it may, with one contact now."""
    rules = ContactRules(touches=most[0], mails=most[1])
    known = Contacts([one for one in touches if one <= at_us], [one for one in mails if one <= at_us])
    wait = wait_for_room(rules, known, at_us, asked=False)
    if wait is not None:
        assert at_us < wait.until_us <= at_us + WEEK_US
        assert wait_for_room(rules, known, wait.until_us, asked=False) is None
        assert wait_for_room(rules, known, wait.until_us - 1, asked=False) is not None
        return
    for limit, all_of in ((most[0], known.touches_us), (most[1], known.mails_us)):
        if limit is not None:
            assert len([one for one in all_of if one > at_us - WEEK_US]) < limit
