"""A packet in words: sections of lines, from which the terminal, the mail and the page are made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ripeline.definition.told import share_text
from ripeline.handoff.packet import BuyingGroup, Packet, Side, Visit, line
from ripeline.usecases.salespeople import local_text
from ripeline.vocabulary.calendar import Zone, day_text
from ripeline.vocabulary.handoffs import OPEN, Handoff
from ripeline.vocabulary.points import shown_text

Line = tuple[str, str]
"""What a line is about, "" for nothing of its own, and what it says."""


NOBODY: Final[Mapping[str, str]] = MappingProxyType({})
"""No salesperson is called otherwise than they are named."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a packet."""

    title: str
    lines: tuple[Line, ...]


def headline(packet: Packet) -> str:
    """Return who it is about, in a line: the subject of a mail."""
    company = packet.company.called
    who = f"{packet.person.called} ({company})" if company else packet.person.called
    if packet.hand_raise:
        return f"{who} asked to talk to sales"
    return f"{who} is ripe" if packet.handoff.by_lot is None else f"{who} was drawn by lot"


def verdict(packet: Packet) -> str:
    """Return why it is given to sales, in a sentence."""
    group = packet.group
    levels = (
        f"{packet.fit.level} fit, {packet.interest.level} interest"
        if group is None
        else f"the account: {group.fit} fit, {group.interest} interest"
    )
    rated = f", rated {line(packet.handoff.rating)}" if packet.handoff.rating else ""
    asked = f"; asked: {packet.hand_raise.label}" if packet.hand_raise else ""
    told = f"{levels}{rated}{asked}."
    return told[:1].upper() + told[1:] + drawn_text(packet.handoff.by_lot)


def drawn_text(share: int | None) -> str:
    """Return that a lead was drawn by lot, in a sentence behind others; nothing where it was not.

    >>> drawn_text(2_500), drawn_text(None)
    (' Drawn by lot: 2.5% of such leads go to sales, so that it is known what becomes of them.', '')
    """
    if share is None:
        return ""
    return f" Drawn by lot: {share_text(share)} of such leads go to sales, so that it is known what becomes of them."


def sections(packet: Packet, zone: Zone, people: Mapping[str, str] = NOBODY) -> list[Section]:
    """Return a packet in words, times by the clocks of a zone; sections that have nothing to say are left out.

    people: what salespeople are called.
    """
    found = {
        "Answer": _promised(packet.handoff, zone, people),
        "A way to begin": [("", packet.opening)],
        "Who": _who(packet),
        "Asked for": _asked(packet),
        **_group(packet),
        f"Interest: {_level(packet.interest)}": _reasons(packet.interest),
        f"Fit: {_level(packet.fit)}": _reasons(packet.fit),
        f"What they did, times in {zone.name}": [one for visit in packet.visits for one in _visit(visit, zone)],
        "Looked at most": [(_times(count), page) for page, count in packet.pages],
        "Open questions": [(name, told or "not known") for name, told in packet.questions.items()],
        "Consent": [(name.replace("_", " "), told) for name, told in packet.consent]
        or [("", "not known: nothing says what they allow")],
        "Before": [_before(one, zone, people) for one in packet.before],
        "If nothing happens": _falls(packet),
    }
    told = (Section(title, tuple(lines)) for title, lines in found.items())
    return [one for one in told if one.lines]


def _promised(one: Handoff, zone: Zone, people: Mapping[str, str]) -> Iterator[Line]:
    if one.state != OPEN:
        yield "state", f"{one.state}{f' ({people.get(one.owner, one.owner)})' if one.owner else ''}"
    if one.state == OPEN and one.accept_due_us is not None:
        yield "accept by", f"{local_text(one.accept_due_us, zone)} ({zone.name})"
    if one.touched_us is None and one.closed_us is None and one.touch_due_us is not None:
        yield "be in touch by", f"{local_text(one.touch_due_us, zone)} ({zone.name})"
    yield ("why you" if one.owner else "why nobody yet"), line(one.why)


def _who(packet: Packet) -> Iterator[Line]:
    person, company = packet.person, packet.company
    told = {
        "name": person.name,
        "title": person.title,
        "mail": person.email,
        "phone": person.phone,
        "lead": person.lead,
        "company": company.name,
        "account": company.account,
    }
    yield from ((name, text) for name, text in told.items() if text)
    yield from company.facts


def _group(packet: Packet) -> dict[str, Iterator[Line]]:
    group = packet.group
    if group is None:
        return {}
    return {f"Buying group: {group.fit} fit, {group.interest} interest": _colleagues(group)}


def _colleagues(group: BuyingGroup) -> Iterator[Line]:
    for one in group.people:
        told = (one.person.title, f"{one.fit} fit, {one.interest} interest", one.stage.replace("_", " "))
        yield one.person.called, "; ".join(filter(None, told))
    if group.more:
        yield "", f"and {group.more:,} more"
    if not group.people:
        yield "", "nobody else is known of this account"


def _asked(packet: Packet) -> Iterator[Line]:
    if packet.hand_raise is not None:
        yield packet.hand_raise.label, packet.hand_raise.evidence


def _level(side: Side) -> str:
    return f"{side.level}, {shown_text(side.micro)} points"


def _reasons(side: Side) -> Iterator[Line]:
    if not side.reasons:
        yield ("+0.0" if side.against else ""), "nothing speaks for it"
    for one in (*side.reasons, *side.against):
        sign = "+" if one.micro > 0 else ""
        yield f"{sign}{shown_text(one.micro)}", f"{one.label}: {one.evidence}" if one.evidence else one.label


def _visit(visit: Visit, zone: Zone) -> Iterator[Line]:
    when = local_text(visit.from_us, zone)
    if visit.more:
        yield when, f"{visit.more} more before"
        when = ""
    for did in visit.did:
        yield when, did
        when = ""


def _before(one: Handoff, zone: Zone, people: Mapping[str, str]) -> Line:
    parts = [f"{one.state} by {people.get(one.owner, one.owner)}" if one.owner else one.state]
    parts += [line(part.replace("_", " ")) for part in (one.reason, one.competitor) if part]
    parts += [f"“{line(one.comment)}”"] if one.comment else []
    parts += [f"was in touch {local_text(one.touched_us, zone)}"] if one.touched_us is not None else []
    return local_text(one.made_us, zone), "; ".join(parts)


def _falls(packet: Packet) -> Iterator[Line]:
    fall = packet.fall
    if fall is not None:
        yield "", f"{fall.fit} fit and {fall.engagement} interest on {day_text(fall.day)}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")
