"""Events that do not count: which there are, setting aside and restoring by hand, and by patterns."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ripeline.intake.calls import event_id
from ripeline.intake.decisions import MOST_JUDGED, Judged, Judgement
from ripeline.intake.patterns import STAFF, Patterns, crowded, scanned
from ripeline.ports.acts import Acts, ActsAsked, SetAside, Touched
from ripeline.vocabulary.calendar import instant_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.plain_text import one_line

Record = dict[str, Any]
LONGEST_REASON = 200
SHORTEST_AGENT = 4
_EVENT = re.compile("[0-9a-f]{32}")
MOST_NAMED = 100
"""Identifiers that are told of those whose events are judged."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Events chosen by hand, as judgements, and the identifiers they came with."""

    judgements: Sequence[Judgement]
    events: int
    identifiers: Sequence[str]


def acts_asked(
    events: Sequence[str] | None,
    source: str | None,
    messages: Sequence[str] | None,
    lead: str | None,
    user_agent: str | None,
) -> ActsAsked:
    """Return which events are meant; messages are those of a source.

    Raises InputError for what cannot be an id, and where nothing is said.
    """
    ids = [one.replace("-", "").lower() for one in events or ()]
    if wrong := next((one for one, read in zip(events or (), ids, strict=True) if not _EVENT.fullmatch(read)), None):
        raise InputError(f'"{wrong[:40]}" is no id of an event: 32 digits and letters a to f')
    if (source is None) != (not messages):
        raise InputError("messages are told with their source, and a source with messages")
    if user_agent is not None and len(user_agent) < SHORTEST_AGENT:
        raise InputError(f"a user agent is told by at least {SHORTEST_AGENT} letters of it")
    ids += [event_id(source, one) for one in messages or () if source is not None]
    if not ids and lead is None and user_agent is None:
        raise InputError("say which events: by their ids, by source and messages, by a lead, or by a user agent")
    return ActsAsked(tuple(dict.fromkeys(ids)) or None, lead, user_agent)


def chosen_by_hand(acts: Acts, asked: ActsAsked, kind: str, reason: str, at_us: int) -> Choice:
    """Return what somebody chose to set aside or to restore.

    Raises InputError where nothing is as asked for, or something cannot be judged so.
    """
    told = one_line(reason[: LONGEST_REASON + 1])
    if not told or len(reason) > LONGEST_REASON:
        raise InputError(f"say why in 1 to {LONGEST_REASON} letters")
    found = acts.chosen(asked, at_us, aside=kind == "restore")
    wrong = "is set aside" if kind == "restore" else "counts"
    if missing := [event for event in asked.events or () if event not in found]:
        raise InputError(f"no event {missing[0]} {wrong} here, as asked for; nothing was done")
    if not found:
        raise InputError(f"no event that {wrong} is as asked for")
    judgements = list(_judgements(dict.fromkeys(found, told), kind, at_us, by_hand=True))
    return Choice(judgements, len(found), sorted(set(found.values())))


def by_patterns(acts: Acts, patterns: Patterns, touched: Touched | None, at_us: int) -> list[Judgement]:
    """Return what patterns set aside, of everybody or of those who were touched; nothing that was judged before."""
    found: dict[str, str] = {}
    for of_one in acts.in_numbers(patterns, touched):
        found |= crowded(of_one, patterns)
    for of_one in acts.on_mails(patterns, touched, at_us):
        found |= scanned(of_one, patterns)
    found |= dict.fromkeys(acts.of_staff(patterns, touched, at_us), STAFF)
    judged = acts.judged(found) if found else set()
    new = {event: why for event, why in found.items() if event not in judged}
    return list(_judgements(new, "set_aside", at_us, by_hand=False))


def _judgements(reasons: Mapping[str, str], kind: str, at_us: int, *, by_hand: bool) -> Iterator[Judgement]:
    by_reason = defaultdict[str, list[str]](list)
    for event in sorted(reasons):
        by_reason[reasons[event]].append(event)
    for reason, events in sorted(by_reason.items()):
        for start in range(0, len(events), MOST_JUDGED):
            some = tuple(events[start : start + MOST_JUDGED])
            yield Judgement(kind, at_us, Judged(some, reason, by_hand=by_hand))


def choice_record(choice: Choice, position: int | None) -> Record:
    """Return a choice as plain values; position: where it stands in the inbox, None where it was not made."""
    return {"events": choice.events, "identifiers": list(choice.identifiers[:MOST_NAMED]), "position": position}


def judged_record(judgements: Sequence[Judgement], position: int | None) -> Record:
    """Return what patterns set aside as plain values: how many events for which reason."""
    reasons = defaultdict[str, int](int)
    for one in judgements:
        reasons[one.judged.reason] += len(one.judged.events)
    return {"reasons": dict(sorted(reasons.items())), "position": position}


def set_aside_record(total: int, found: Sequence[SetAside]) -> Record:
    """Return a page of events that are set aside as plain values."""
    return {"total": total, "set_aside": [_record(one) for one in found]}


def _record(one: SetAside) -> Record:
    return {
        "id": one.id,
        "identifier": one.identifier,
        "type": one.type,
        "name": one.name,
        "time": instant_text(one.time_us),
        "source": one.source,
        "reason": one.reason,
        "by": "hand" if one.by_hand else "rule",
        "judged_at": instant_text(one.judged_us),
    }
