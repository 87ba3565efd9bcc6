"""When a message is tried again, and when no more."""

import pytest

from ripeline.handoff.retry import Answer, Following, asked_seconds, following, outcome_of_http, rests_until

MINUTE, HOUR = 60, 3_600
FAILED = Answer("failed", 500)


def test_ten_attempts_over_three_days() -> None:
    """The Standard Webhooks specification's ladder: time since the first attempt, in its own words and sums."""
    since, at_us = [], 0
    for tried in range(1, 10):
        then = following(FAILED, tried, at_us)
        assert then.state == "waiting"
        assert then.due_us is not None
        at_us = then.due_us
        since.append(at_us // 1_000_000)
    assert since == [
        5,
        5 * MINUTE + 5,
        35 * MINUTE + 5,
        2 * HOUR + 35 * MINUTE + 5,
        7 * HOUR + 35 * MINUTE + 5,
        17 * HOUR + 35 * MINUTE + 5,
        31 * HOUR + 35 * MINUTE + 5,
        51 * HOUR + 35 * MINUTE + 5,
        75 * HOUR + 35 * MINUTE + 5,
    ]
    assert following(FAILED, 10, at_us) == Following("dead")


def test_what_asks_for_patience_is_waited_for_within_bounds() -> None:
    def after(asked_s: int, tried: int) -> int | None:
        return following(Answer("failed", 429, asked_s=asked_s), tried, 0).due_us

    assert after(60, 1) == 60 * 10**6
    # Never sooner than the ladder: the third attempt comes 5 minutes after the second.
    assert after(1, 2) == 300 * 10**6
    assert after(10**9, 1) == 24 * HOUR * 10**6


@pytest.mark.parametrize(
    ("answer", "then"),
    [
        (Answer("delivered", 200), Following("delivered")),
        (Answer("refused", 410), Following("dead")),
        (Answer("uncertain"), Following("uncertain")),
    ],
)
def test_what_ends_at_once(answer: Answer, then: Following) -> None:
    assert following(answer, 1, 0) == then


def test_statuses() -> None:
    assert [one for one in range(100, 600) if outcome_of_http(one) == "delivered"] == list(range(200, 300))
    assert [one for one in range(100, 600) if outcome_of_http(one) == "refused"] == [410]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("0", 0),
        (" 30 ", 30),
        ("9" * 5_000, 24 * HOUR),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30),  # now is 12:00:00
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("Sun, 22 Nov 2099 12:00:00 GMT", 24 * HOUR),
        ("Sun, 99 Nov 2026 12:00:00 GMT", None),
        ("\u0663", None),  # a digit, but none of HTTP's
    ],
)
def test_retry_after(header: str | None, seconds: int | None) -> None:
    noon_us = 1_795_348_800 * 10**6  # 2026-11-22T12:00:00Z
    assert asked_seconds(header, noon_us) == seconds


def test_a_destination_rests_when_it_says_that_too_much_came() -> None:
    assert rests_until(Answer("failed", 429, asked_s=30), 0) == 30 * 10**6
    assert rests_until(Answer("failed", 503, asked_s=10**6), 0) == 300 * 10**6
    assert rests_until(Answer("failed", 429), 0) is None
    assert rests_until(Answer("failed", 404, asked_s=30), 0) is None
