"""From when to when a definition is reviewed, and how much sales can answer."""

import pytest

from ripeline.entry.bootstrap.shipped import references
from ripeline.handoff.sales import Sales
from ripeline.usecases.review_asked import ASKED, PUBLISHED, USUAL, InUse, review_asked, weekly_capacity
from ripeline.vocabulary.calendar import DAY_US, UTC_ZONE, instant_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.sales import Hours, Salesperson, read_week
from tests.unit.insight.in_use import plan_of

NOW = 1_790_000_000_000_000
PLAN = plan_of(references().tables())


def in_use(published_us: int | None) -> InUse:
    return InUse("qualification", PLAN, published_us, "f" * 16, None)


def test_then_is_when_it_was_published() -> None:
    asked = review_asked(in_use(NOW - DAY_US), None, None, NOW)
    assert (asked.since_us, asked.as_of_us, asked.how) == (NOW - DAY_US, NOW, PUBLISHED)
    asked = review_asked(in_use(NOW - DAY_US), "2026-03-01T00:00:00Z", "2026-03-02", NOW)
    assert (instant_text(asked.since_us), asked.how) == ("2026-03-01T00:00:00.000000Z", ASKED)
    assert instant_text(asked.as_of_us) == "2026-03-02T23:59:59.999999Z"


def test_or_thirty_days_ago() -> None:
    asked = review_asked(in_use(None), None, None, NOW)
    assert (asked.since_us, asked.how) == (NOW - 30 * DAY_US, USUAL)


def test_then_is_before_now() -> None:
    with pytest.raises(InputError, match=r"when it was published\), which is not before"):
        review_asked(in_use(NOW), None, None, NOW)


def person(capacity: int | None, week: str = "Mon-Fri 09:00-17:00") -> Salesperson:
    return Salesperson("x", "X", "x@x.example", Hours(UTC_ZONE, read_week(week)), capacity=capacity)


@pytest.mark.parametrize(
    ("people", "capacity"),
    [
        ((), None),
        ((person(4), person(2, "Mon 09:00-12:00, 13:00-17:00; Sat 09:00-10:00")), 4 * 5 + 2 * 2),
        ((person(4), person(None)), None),
    ],
)
def test_capacity_of_a_week(people: tuple[Salesperson, ...], capacity: int | None) -> None:
    assert weekly_capacity(Sales(dict(enumerate(people)))) == capacity  # type: ignore[arg-type]
