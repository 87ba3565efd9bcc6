"""When a message is tried again, and when no more: pure decisions on what a destination answered."""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final, Literal

SECOND_US: Final = 1_000_000
LADDER_S: Final = (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before each attempt, since the one before it: those that the Standard Webhooks specification proposes."""

LONGEST_ASKED_S: Final = 86_400
"""A destination may ask for a day's patience, and no more."""

LONGEST_REST_S: Final = 300
"""How long the other messages to a destination wait at most when it says that too much came."""

GONE: Final = 410
TOO_MUCH: Final = frozenset({429, 502, 503, 504})
"""What a destination says that has too much to do."""

Outcome = Literal["delivered", "failed", "refused", "uncertain"]
State = Literal["waiting", "sending", "delivered", "dead", "uncertain", "held"]
STATES: Final[tuple[State, ...]] = ("waiting", "sending", "delivered", "dead", "uncertain", "held")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one attempt came to.

    outcome: failed may go well later, refused never will, uncertain: it may have arrived, and must not be sent twice.
    status: of HTTP or SMTP, None where nothing was answered. error: what went wrong, in words that hold no secret.
    asked_s: how long the destination asks to be left alone.
    """

    outcome: Outcome
    status: int | None = None
    error: str = ""
    asked_s: int | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """What becomes of a message. due_us: when it is tried again, None where it is not."""

    state: State
    due_us: int | None = None


def following(answer: Answer, tried: int, at_us: int) -> Following:
    """Return what follows an answer. tried: how many attempts there were, this one too; at_us: when it was made.

    A destination that asks for patience is waited for as long as it asks, but never less than the ladder says.

    >>> following(Answer("failed", 500), tried=1, at_us=0)
    Following(state='waiting', due_us=5000000)
    >>> following(Answer("failed", 429, asked_s=60), tried=1, at_us=0)
    Following(state='waiting', due_us=60000000)
    >>> following(Answer("failed", 500), tried=10, at_us=0)
    Following(state='dead', due_us=None)
    """
    match answer.outcome:
        case "delivered" | "uncertain":
            return Following(answer.outcome)
        case "refused":
            return Following("dead")
        case "failed":
            if tried >= len(LADDER_S):
                return Following("dead")
            wait_s = max(LADDER_S[tried], min(answer.asked_s or 0, LONGEST_ASKED_S))
            return Following("waiting", at_us + wait_s * SECOND_US)


def rests_until(answer: Answer, at_us: int) -> int | None:
    """Return until when nothing else is sent there either, None where nothing speaks against it."""
    if answer.outcome != "failed" or answer.status not in TOO_MUCH or not answer.asked_s:
        return None
    return at_us + min(answer.asked_s, LONGEST_REST_S) * SECOND_US


def outcome_of_http(status: int) -> Outcome:
    """Return what a status of HTTP comes to: a redirect is not followed, so it is a failure like others.

    >>> outcome_of_http(204), outcome_of_http(302), outcome_of_http(410), outcome_of_http(500)
    ('delivered', 'failed', 'refused', 'failed')
    """
    if 200 <= status < 300:  # noqa: PLR2004 - as HTTP has it
        return "delivered"
    return "refused" if status == GONE else "failed"


def outcome_of_smtp(status: int) -> Outcome:
    """Return what a status comes to by which a mail was not taken: 5 in front is for good, all else for now.

    >>> outcome_of_smtp(451), outcome_of_smtp(550)
    ('failed', 'refused')
    """
    return "refused" if 500 <= status < 600 else "failed"  # noqa: PLR2004 - as SMTP has it


def asked_seconds(retry_after: str | None, at_us: int) -> int | None:
    """Return for how many seconds a Retry-After asks, None where it says nothing that can be read.

    >>> asked_seconds("120", 0), asked_seconds("Thu, 01 Jan 1970 00:01:00 GMT", 0), asked_seconds("soon", 0)
    (120, 60, None)
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), LONGEST_ASKED_S)
    try:
        asked_us = int(parsedate_to_datetime(text).timestamp() * SECOND_US)
    except (ValueError, OverflowError, OSError):
        return None
    return min(max(0, -((at_us - asked_us) // SECOND_US)), LONGEST_ASKED_S)
