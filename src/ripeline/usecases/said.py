"""What somebody says in answer to a handoff, as it comes in, and as an answer."""

from datetime import date
from typing import Any

import msgspec

from ripeline.handoff.answers import Answer
from ripeline.handoff.routing import Routed
from ripeline.ports.lifecycle import LeadNow
from ripeline.vocabulary.calendar import Zone, day_text
from ripeline.vocabulary.handoffs import Need
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.plain_text import one_line
from ripeline.vocabulary.values import read_date

LONGEST = 2_000
"""Letters of what somebody writes."""

LONGEST_REST = 5 * 365
"""Days until a lead that is recycled may come again: what is later is a year mistyped."""

_WORDS = ("reason", "comment", "competitor", "budget", "need", "fit", "timing")
"""What of an answer is text of its giver's own."""


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes with an answer; each verb needs some of it. until: a date; to: a salesperson."""

    verb: str = ""
    reason: str | None = None
    comment: str | None = None
    until: str | None = None
    competitor: str | None = None
    budget: str | None = None
    need: str | None = None
    fit: str | None = None
    timing: str | None = None
    to: str | None = None


def answer_of(said: Said, by: str, zone: Zone, at_us: int) -> Answer:
    """Return what was said as an answer, given by somebody at an instant; zone: of the definition's days.

    Raises InputError where something of it cannot be read.
    """
    words = {name: words_of(name, getattr(said, name)) for name in _WORDS}
    return Answer(
        verb=said.verb,
        by=by,
        at_us=at_us,
        day=zone.day(at_us),
        reason=words["reason"],
        comment=words["comment"],
        until=None if said.until is None else _resting_until(said.until, zone.day(at_us)),
        competitor=words["competitor"],
        found=Need(words["budget"], words["need"], words["fit"], words["timing"]),
    )


def words_of(name: str, text: str | None) -> str | None:
    """Return what somebody wrote as it is kept: one harmless line, None where it is blank; name: how it is called.

    Raises InputError for more than is kept.
    """
    if text is not None and len(text) > LONGEST:
        raise InputError(f"{name} has {len(text):,} letters; at most {LONGEST:,} are kept")
    return one_line(text or "") or None


def _resting_until(text: str, today: int) -> int:
    day = read_date(text)
    if day is None:
        raise InputError(f'"{text}" is no date; write such as {date(2026, 3, 31)}')
    if day > today + LONGEST_REST:
        last = day_text(today + LONGEST_REST)
        raise InputError(f"a lead rests five years at most, until {last}, not until {text}; for good: disqualify")
    return day


def routed_record(lead: LeadNow, found: Routed) -> dict[str, Any]:
    """Return who would get a lead, and why, as plain values."""
    return {
        "lead": lead.lead.value,
        "account": lead.account,
        "owner": found.owner,
        "team": found.team,
        "why": found.why,
        "passed_over": [{"person": one.name, "why": one.why} for one in found.passed_over],
    }
