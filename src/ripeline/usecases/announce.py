"""Who is told what happens: webhooks at once, people by mail and chat from what is known of the lead."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from ripeline.handoff.chat_text import Link, chat_text
from ripeline.handoff.destinations import ChatKind, OutboxSettings, fan_out
from ripeline.handoff.links import links_of, token_of
from ripeline.handoff.packet import Packet, line
from ripeline.handoff.sales import Sales
from ripeline.ports.definitions import Published
from ripeline.ports.scores import LevelChange
from ripeline.usecases.packet_text import packet_text
from ripeline.usecases.packet_words import headline, sections, verdict
from ripeline.usecases.page import packet_page
from ripeline.usecases.salespeople import local_text
from ripeline.vocabulary.calendar import Zone, instant_text
from ripeline.vocabulary.handoffs import ACCEPTED, Handoff
from ripeline.vocabulary.happenings import (
    DEFINITION_PUBLISHED,
    HANDOFF_BREACHED,
    HANDOFF_CREATED,
    HANDOFF_UNATTENDED,
    HANDOFF_WARNED,
    HANDOFF_WITHDRAWN,
    LEVEL_CHANGED,
    Happening,
    Telling,
)
from ripeline.vocabulary.messages import Message, MessageKind
from ripeline.vocabulary.sales import Salesperson

BY_MAIL: Final = frozenset({HANDOFF_CREATED, HANDOFF_WARNED, HANDOFF_BREACHED, HANDOFF_WITHDRAWN, HANDOFF_UNATTENDED})
BY_CHAT: Final = frozenset({HANDOFF_CREATED, HANDOFF_BREACHED})
"""What people are told of, besides webhooks."""

SAYS: Final[Mapping[str, str]] = {"accept": "Accept", "reject": "Reject", "recycle": "Not now"}
"""What the button of each answer says."""


@dataclass(frozen=True, slots=True)
class Outside:
    """How the outside is reached. url: of our own pages, None where nobody said it: then nothing is linked to."""

    outbox: OutboxSettings
    sales: Sales
    url: str | None = None


def webhooks(settings: OutboxSettings, happening: Happening, sequence: int) -> list[Message]:
    """Return what webhooks are told of a happening."""
    told = {
        "type": happening.type,
        "timestamp": instant_text(happening.at_us),
        "sequence": sequence,
        "data": happening.data,
    }
    body, about = msgspec.json.encode(told), about_of(happening)
    return [
        Message("", "webhook", name, about, sequence, happening.type, body, happening.at_us)
        for name in fan_out(settings, happening.type)
    ]


def level_happening(change: LevelChange, version: str, at_us: int) -> Happening:
    """Return what happened where levels of a lead changed. version: of the definition, as name@fingerprint."""
    levels = {
        part: {"from": before, "to": after}
        for part, (before, after) in (("fit", change.fit), ("engagement", change.engagement))
    }
    data = {"lead": change.lead.value, "definition": version, "at": instant_text(at_us), **levels}
    return Happening(LEVEL_CHANGED, at_us, data, change.lead)


def published_happening(new: Published, instead_of: Published) -> Happening:
    """Return what happened where a version took the place of another one."""
    data = {
        "name": new.name,
        "fingerprint": new.fingerprint,
        "instead_of": instead_of.fingerprint,
        "comment": new.comment,
        "published_at": instant_text(new.at_us),
    }
    return Happening(DEFINITION_PUBLISHED, new.at_us, data)


def about_of(happening: Happening) -> str:
    """Return the lead that a happening is told of, "" for none."""
    return "" if happening.lead is None else happening.lead.value


def telling(outside: Outside, happening: Happening, sequence: int) -> Telling | None:
    """Return what people have to be told of a happening, None where nobody has."""
    settings, of = outside.outbox, happening.type
    mailed = happening.to if settings.mail is not None and of in BY_MAIL else ()
    chats = settings.chats and of in BY_CHAT
    if happening.number is None or not (mailed or chats):
        return None
    return Telling(of, happening.number, happening.at_us, sequence, mailed)


# ---- to people ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Occasion:
    """What people are told of a handoff, with all that it is told by, as it is by now.

    packet: None where it cannot be made. zone: whose clocks times are told by. secret: what links are signed with.
    """

    outside: Outside
    telling: Telling
    handoff: Handoff
    packet: Packet | None
    zone: Zone
    secret: bytes

    @property
    def who(self) -> str:
        """How people call the lead."""
        return line(self.handoff.lead.value) if self.packet is None else self.packet.person.called

    @property
    def links(self) -> tuple[Link, ...]:
        """What the owner may answer by."""
        if self.outside.url is None:
            return ()
        address = f"{self.outside.url}/answer/"
        return tuple((SAYS[one.answer], address + token_of(one, self.secret)) for one in links_of(self.handoff))


def messages(of: Occasion) -> list[Message]:
    """Return the mails and chat messages that tell people.

    Who was given a lead that is not theirs any more is not told that it is.
    """
    telling = of.telling
    if telling.type == HANDOFF_CREATED and (of.handoff.closed_us is not None or _went_on(of)):
        return []
    people = [of.outside.sales.people[name] for name in telling.to if name in of.outside.sales.people]
    mails = [_message("mail", one.mail, of, _mail(of, one)) for one in people]
    told = of.outside.outbox.chats if telling.type in BY_CHAT else {}
    return mails + [_message("chat", name, of, _chat(of, chat.kind)) for name, chat in told.items()]


def _went_on(of: Occasion) -> bool:
    return bool(of.telling.to) and of.handoff.owner not in of.telling.to


def _mail(by: Occasion, to: Salesperson) -> bytes:
    """Return what somebody is mailed, times by their own clocks."""
    of = replace(by, zone=to.hours.zone)
    links = of.links if of.handoff.owner == to.name else ()
    lead_in, other = [_why(of), *_verdict(of)], _other_ways(of) if not links else []
    shown = [] if of.packet is None or of.telling.type == HANDOFF_WITHDRAWN else sections(of.packet, of.zone)
    subject, ways = _subject(of), [f"{said}: {address}" for said, address in links]
    text = packet_text(subject, [*lead_in, *ways, *other], shown)
    page = packet_page(subject, [*lead_in, *other], shown, links)
    return msgspec.json.encode({"to": to.mail, "subject": subject, "text": text, "html": page})


def _chat(of: Occasion, kind: ChatKind) -> bytes:
    owner = of.outside.sales.people.get(of.handoff.owner or "")
    whose = [f"It is {owner.label}'s."] if owner is not None else []
    other = [] if of.links else _other_ways(of)
    return chat_text(kind, "\n".join([_subject(of), *_verdict(of), *whose, _why(of), *other]), of.links)


def _subject(of: Occasion) -> str:
    match of.telling.type:
        case "handoff.created":
            return f"New lead: {of.who if of.packet is None else headline(of.packet)}"
        case "handoff.warned":
            return f"Soon due: {of.who}"
        case "handoff.breached":
            return f"Overdue: {of.who}"
        case "handoff.unattended":
            return f"Nobody attends to: {of.who}"
        case _:
            return f"Taken back: {of.who}"


def _why(of: Occasion) -> str:
    """Return what happened, in a sentence, by how the handoff stands."""
    one = of.handoff
    due_us = one.touch_due_us if one.state == ACCEPTED else one.accept_due_us
    when = "" if due_us is None else f" until {local_text(due_us, of.zone)} ({of.zone.name})"
    match of.telling.type:
        case "handoff.created":
            return f"Please answer{when}."
        case "handoff.warned":
            return f"{'Be in touch' if one.state == ACCEPTED else 'Please answer'}{when}: that time is nearly over."
        case "handoff.unattended":
            owner = of.outside.sales.people.get(one.owner or "")
            whose = f"{one.owner} works it, and is none" if owner is None else f"{owner.label} works it, and is absent"
            return f"{whose}{' of the salespeople any more' if owner is None else ''}. Give it to somebody else?"
        case "handoff.breached":
            return f"It was not seen to in time. It is {one.state}, and {one.owner or 'nobody'} has it."
        case _:
            return line(one.why)


def _verdict(of: Occasion) -> list[str]:
    return [] if of.packet is None else [verdict(of.packet)]


def _other_ways(of: Occasion) -> list[str]:
    """Return how to answer without a link, where there is something to answer."""
    if of.handoff.closed_us is not None:
        return []
    return [f"To answer: ripeline handoffs accept {of.handoff.number}, or by the API; reject and recycle likewise."]


def _message(kind: MessageKind, to: str, of: Occasion, body: bytes) -> Message:
    about, telling = of.handoff.lead.value, of.telling
    return Message("", kind, to, about, telling.sequence, telling.type, body, telling.at_us)
