"""The removal list, holds, and what was removed, as plain values; which part of the list somebody asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ripeline.ports.erasures import Erasure
from ripeline.ports.handoffs import USUAL
from ripeline.ports.lifecycle import LeadNow
from ripeline.usecases.handoffs_asked import must_be, whole
from ripeline.usecases.nurture import safe_cells
from ripeline.usecases.removals import RemovalRules
from ripeline.vocabulary.calendar import day_text, instant_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.points import points_text
from ripeline.vocabulary.removals import Hold, Proposed, Verdict

Record = dict[str, Any]

MOST = 1_000
"""Leads on a page, or to be removed by one request that names them."""

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class RemovalsAsked:
    """A page of the list."""

    limit: int = USUAL
    offset: int = 0


def removals_asked(parameters: Mapping[str, str]) -> RemovalsAsked:
    """Return which page parameters ask for: `limit=100&offset=0`; InputError for one that takes something else."""
    must_be(parameters, ("limit", "offset", "definition"))
    limit = whole(parameters, "limit", USUAL)
    if not 1 <= limit <= MOST:
        raise InputError(f"limit takes a whole number from 1 to {MOST:,}; read on with offset")
    return RemovalsAsked(limit, whole(parameters, "offset", 0))


def proposed_record(one: Proposed, lead: LeadNow | None, rules: RemovalRules) -> Record:
    """Return a lead on the list; lead: as it is, None where nothing is known of it any more."""
    mail = None if lead is None else lead.profile.get("email")
    return {
        "lead": one.lead.value,
        "email": None if mail is None else mail.text,
        "since": day_text(one.since),
        "proposed_at": instant_text(one.at_us),
        "removed_from": _instant(rules.removed_from(one.at_us)),
        "fit": None if lead is None else points_text(lead.score.fit.micro),
        "engagement": None if lead is None else points_text(lead.score.engagement.micro),
    }


COLUMNS = ("lead", "email", "since", "proposed_at", "removed_from", "fit", "engagement")
"""What is told of each lead, in this order."""

_STATED = COLUMNS[:2]
"""What others said."""


def removal_cells(record: Record) -> list[str]:
    """Return a lead on the list as cells of CSV: what others said is text to whoever opens it, points are numbers."""
    return [*safe_cells(record, _STATED), *(record[name] or "" for name in COLUMNS[len(_STATED) :])]


def why_record(verdict: Verdict, listed: Proposed | None, rules: RemovalRules) -> Record:
    """Return whether a lead is on the list, and what keeps it off, or will."""
    why = verdict.why_not
    if why is None and listed is None:
        why = "Nothing keeps it off the list; it is put there when it is looked at next."
    return {
        "lead": verdict.lead.value,
        "listed": listed is not None and verdict.why_not is None,
        "since": day_text(listed.since if listed is not None else verdict.since) if verdict.why_not is None else None,
        "proposed_at": None if listed is None else instant_text(listed.at_us),
        "removed_from": None if listed is None else _instant(rules.removed_from(listed.at_us)),
        "why_not": why,
    }


def hold_record(one: Hold) -> Record:
    """Return a hold."""
    return {"lead": one.lead.value, "reason": one.reason, "by": one.by, "at": instant_text(one.at_us)}


def reason_of(text: str) -> str:
    """Return a reason for a hold as it is kept, or raise InputError."""
    reason = " ".join(text.split())
    if not 0 < len(reason) <= LONGEST_REASON or not reason.isprintable():
        raise InputError(f"a hold takes a reason of 1 to {LONGEST_REASON} characters")
    return reason


def removed_record(leads: Sequence[str], erasure: Erasure | None, backups: Sequence[str], *, gone: bool) -> Record:
    """Return what was removed; erasure: None where nobody was. backups: those known that hold somebody who is gone."""
    return {
        "removed": list(leads),
        "removes": {} if erasure is None else dict(erasure.removed),
        "at": None if erasure is None else instant_text(erasure.at_us),
        "position": None if erasure is None else erasure.position,
        "gone": gone,
        "backups": list(backups),
    }


def _instant(at_us: int | None) -> str | None:
    return None if at_us is None else instant_text(at_us)
