"""What arrived, event by event: what the definition makes of each, or why it does not count."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ripeline.intake.calls import REASONS, Call, RefusedError
from ripeline.intake.erased import ERASED
from ripeline.plan.nodes import Plan
from ripeline.ports.intake import FailedEvent
from ripeline.scoring.evaluate import suppressed_by
from ripeline.scoring.looked_at import Look, looked_at
from ripeline.scoring.profile import Profile
from ripeline.usecases.looked_words import is_idle, is_unnamed, nearest, no_signal_text
from ripeline.usecases.read_requests import Taken
from ripeline.vocabulary.history import EVENT_TYPES, Event, LeadHistory
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.values import typed

State = Literal["counts", "nothing", "facts", "set_aside", "again", "failed", "erased"]

ASIDE = {
    "crawler": "it came from a program that calls itself a bot",
    "prefetch": "a browser asked for it before anybody looked",
    "too_soon": "the mail was hardly there yet: a scanner reads mails so soon",
    "all_links": "every link of a mail at once: a scanner does that",
    "burst": "more in a minute than a person can do",
    "staff": "it is the company's own people's",
}
"""Why rules set events aside, in words."""

Place = tuple[int, int]
"""The position of a request, and which of its events it is."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of events that came.

    failed: by their places. copies: the places of what came before, too. aside: why events are set aside, by their
    ids. leads: what each is called and its history, by the names that events came with.
    """

    failed: Mapping[Place, FailedEvent] = field(default_factory=dict)
    copies: Collection[Place] = ()
    aside: Mapping[str, str] = field(default_factory=dict)
    leads: Mapping[Name, tuple[str, LeadHistory]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One event that came.

    state: counts for some signals, or for nothing; facts: no act, but what is said of somebody; again: a copy. why: in
    words, "" where looks say it. lead: what the person is called, None where nobody is found. failed: its number.
    """

    taken: Taken
    source: str
    state: State
    why: str = ""
    lead: str | None = None
    looks: Sequence[Look] = ()
    failed: int | None = None
    suppressed: str | None = None

    @property
    def call(self) -> Call | None:
        """What it was read as, None where it was not."""
        return self.taken.outcome if isinstance(self.taken.outcome, Call) else None


def name_of_call(call: Call) -> Name:
    """Return the identifier by which an event is somebody's."""
    return Name("anonymous", call.device or "") if call.user is None else Name("user", call.user)


def arrived(plan: Plan, came: Sequence[tuple[Taken, str]], known: Known, at_us: int) -> Iterator[Arrived]:
    """Yield what became of events and the sources they came from, in their order."""
    for taken, source in came:
        failed = known.failed.get((taken.position, taken.place))
        match taken.outcome:
            case RefusedError(reason=reason) if reason == ERASED:
                yield Arrived(taken, source, "erased", "It was of somebody who was erased.")
            case RefusedError() as refused:
                why = failed_text(refused.reason, refused.detail)
                yield Arrived(taken, source, "failed", why, failed=_open(failed))
            case Call() as call if failed is not None:
                why = failed_text(failed.reason, failed.detail)
                yield Arrived(taken, source, "failed", why, _lead(known, call), failed=_open(failed))
            case Call() as call:
                yield _of_call(plan, taken, source, call, known, at_us)


def failed_text(reason: str, detail: str = "") -> str:
    """Return why an event failed.

    >>> failed_text("unknown_type", "trak")
    'The type is none of track, page, screen, identify, group, alias: trak.'
    """
    told = REASONS.get(reason, reason.replace("_", " "))
    return f"{told[:1].upper()}{told[1:]}{f': {detail}' if detail else ''}."


def _open(failed: FailedEvent | None) -> int | None:
    return failed.id if failed is not None and failed.state == "failed" else None


def _lead(known: Known, call: Call) -> str | None:
    found = known.leads.get(name_of_call(call))
    return None if found is None else found[0]


def _of_call(plan: Plan, taken: Taken, source: str, call: Call, known: Known, at_us: int) -> Arrived:
    lead = _lead(known, call)
    if call.kind not in EVENT_TYPES:
        return Arrived(taken, source, "facts", _facts_text(call), lead)
    if (taken.position, taken.place) in known.copies:
        return Arrived(taken, source, "again", "It is a copy: its messageId came before, and counts once.", lead)
    if call.id in known.aside:
        reason = known.aside[call.id]
        return Arrived(taken, source, "set_aside", f"Set aside: {ASIDE.get(reason, reason)}.", lead)
    history = known.leads.get(name_of_call(call), ("", LeadHistory()))[1]
    event = _stored(plan, history, call)
    if event is None:
        why = "It is not among what this lead did: a copy of what came before, or its device is somebody else's by now."
        return Arrived(taken, source, "again", why, lead)
    looks = nearest(looked_at(plan, history, event, at_us))
    counts = any(one.counts and not is_idle(one) for one in looks)
    why = no_signal_text(plan.definition, call.kind, call.name) if is_unnamed(looks) else ""
    day, profile = plan.zone.day(at_us), Profile(history.statements, at_us, plan.tables)
    suppressed = suppressed_by(plan, profile, day)
    return Arrived(taken, source, "counts" if counts else "nothing", why, lead, looks, suppressed=suppressed)


def _stored(plan: Plan, history: LeadHistory, call: Call) -> Event | None:
    """Return the event as it is scored; of several at one instant the one that says the same."""
    told = (call.kind, call.name, call.time_us, call.known_us, call.trusted)
    same = [one for one in history.events if (one.type, one.name, one.time_us, one.known_us, one.trusted) == told]
    said = {key: value for key in plan.fields if (value := typed(call.fields.get(key))) is not None}
    return next((one for one in same if one.fields == said), same[0] if same else None)


def _facts_text(call: Call) -> str:
    match call.kind:
        case "identify":
            told = ", ".join(name.replace("_", " ") for name in list(call.traits())[:12])
            return f"Facts, which count for fit: {told}." if told else "It says who somebody is."
        case "group":
            return f"They belong to the account {call.account}."
        case _:
            return f"They were {call.previous} before."
