"""Somebody is erased: which identifiers go with them, and what is told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ripeline.identity.links import Whose
from ripeline.identity.persons import Identifier
from ripeline.identity.ties import Belonging
from ripeline.intake.erased import Tombstone, Tombstones
from ripeline.ports.erasures import Erasure
from ripeline.ports.history import History, Kin
from ripeline.vocabulary.calendar import NEVER, instant_text
from ripeline.vocabulary.issues import InputError

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be erased. lead: the identifier shown; alone: what is nobody else's; shared: devices of others too.

    stones: what keeps all of it from coming back.
    """

    lead: str
    alone: tuple[Identifier, ...]
    shared: tuple[Identifier, ...]
    stones: tuple[Tombstone, ...]


def person_of(history: History, lead: str, at_us: int, tombstones: Tombstones) -> Person:
    """Return whoever is behind any identifier, with all there is of them at an instant; InputError where nobody is."""
    return people_of(history, [lead], at_us, tombstones)[0]


def people_of(history: History, leads: Sequence[str], at_us: int, tombstones: Tombstones) -> list[Person]:
    """Return those behind some identifiers, who go together; InputError where nobody is one of them.

    A device that is linked to somebody else too, whether that counts or not, stays theirs: only what was done with it
    while it was these people's goes. What was taken back links nobody.
    """
    kin = history.kin(leads)
    whose = kin.links.until(at_us)
    asked = {whose.person(kin.asked[lead]): lead for lead in reversed(leads)}
    spans = {person: list(whose.belongings(person)) for person in asked}
    shared = _shared(kin, whose, {one.identifier for own in spans.values() for one in own})
    for person, lead in asked.items():
        by = kin.identifiers[kin.asked[lead]]
        # Of a device that was an erased person's too, whoever asks again might mean them.
        several = by.key in shared or tombstones.knows(by.kind, by.value)
        if several and kin.identifiers[person].kind != "anonymous":
            raise InputError(f'"{lead}" is a device of several people; say who is meant by another identifier')
    return [_person(kin, person, spans[person], shared, tombstones, at_us) for person in reversed(asked)]


def _person(
    kin: Kin, person: int, spans: Sequence[Belonging], shared: set[int], tombstones: Tombstones, at_us: int
) -> Person:
    named = sorted((kin.identifiers[key] for key in {one.identifier for one in spans}), key=lambda one: one.precedence)
    lent = (one for one in spans if one.identifier in shared)
    stones = [_stone(tombstones, kin.identifiers[one.identifier], one, at_us) for one in lent]
    stones += [tombstones.of(one.kind, one.value) for one in named if one.key not in shared]
    return Person(
        kin.identifiers[person].value,
        tuple(one for one in named if one.key not in shared),
        tuple(one for one in named if one.key in shared),
        tuple(stones),
    )


def _shared(kin: Kin, whose: Whose, own: set[int]) -> set[int]:
    """Return the devices among all identifiers of people that are somebody else's too, or one with such a device."""
    devices = {key for key in own if kin.identifiers[key].kind == "anonymous"}
    found = {
        device
        for told in kin.told
        for device, other in ((told.one, told.other), (told.other, told.one))
        if told.stands and device in devices and other not in own
    }
    groups = (set(whose.persons.members(device)) for device in found)
    return {key for group in groups for key in group & devices} | found


def _stone(tombstones: Tombstones, device: Identifier, span: Belonging, at_us: int) -> Tombstone:
    """Return the tombstone of a stretch of a device's time; what comes of it after the erasure is the others'."""
    until_us = at_us + 1 if span.until_us == NEVER else span.until_us
    return tombstones.of(device.kind, device.value, span.from_us, until_us)


def person_record(person: Person, removes: Mapping[str, int]) -> Record:
    """Return who would be erased, or was, and how much there is of them, as plain values."""
    return {
        "lead": person.lead,
        "identifiers": [_plain(one, shared=False) for one in person.alone]
        + [_plain(one, shared=True) for one in person.shared],
        "removes": dict(removes),
    }


def erased_record(done: tuple[Person, Erasure] | None, backups: Sequence[str], *, gone: bool) -> Record:
    """Return what was done as plain values; None where somebody had been erased before.

    backups: those known that hold somebody who was erased. gone: no file of the workspace does any more.
    """
    if done is None:
        return preview_record(None) | {"gone": gone, "backups": list(backups)}
    person, erasure = done
    return {
        **person_record(person, erasure.removed),
        "at": instant_text(erasure.at_us),
        "position": erasure.position,
        "gone": gone,
        "backups": list(backups),
    }


def preview_record(person: Record | None) -> Record:
    """Return what would be done; person: as person_record tells it, None where it was erased before."""
    nobody: Record = {"lead": None, "identifiers": [], "removes": {}}
    return (nobody if person is None else person) | {"at": None, "position": None, "gone": False, "backups": []}


def _plain(one: Identifier, *, shared: bool) -> Record:
    return {"kind": one.kind, "value": one.value, "shared": shared}
