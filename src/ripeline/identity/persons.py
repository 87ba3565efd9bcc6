"""Which identifiers are one person: links are replayed in the order of their time, under guards.

Nothing is stored of it. A link that is taken back is not replayed, and everything is as it was before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ripeline.vocabulary.people import RANK, IdentifierKind

MOST: Final[Mapping[IdentifierKind, int]] = {"user": 1, "crm": 5, "email": 10}
"""Identifiers of each kind that a person may have without somebody's own decision."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One name of somebody. key: its number in history; kind: what sort of name."""

    key: int
    kind: IdentifierKind
    value: str

    @property
    def precedence(self) -> tuple[int, bytes]:
        """Less is shown rather than more."""
        return RANK[self.kind], self.value.encode()


class Bond(NamedTuple):
    """Two identifiers belong to one person. id breaks ties of time.

    by_hand: somebody decided it, guards or not; of equals the person is then called by `one`.
    """

    time_us: int
    id: str
    one: int
    other: int
    by_hand: bool = False


@dataclass
class _Person:
    """A person in the making. name: the identifier shown."""

    name: Identifier
    members: list[int]
    counts: dict[IdentifierKind, int]


@dataclass
class Persons:
    """Persons by the keys of their identifiers. refused: bonds that a guard kept out, in order."""

    identifiers: Mapping[int, Identifier]
    refused: list[Bond] = field(default_factory=list)
    _of: dict[int, _Person] = field(default_factory=dict)

    def of(self, key: int) -> int:
        """Return the key of the identifier that somebody is shown by."""
        person = self._of.get(key)
        return key if person is None else person.name.key

    def members(self, key: int) -> tuple[int, ...]:
        """Return the keys of all identifiers of somebody's person."""
        person = self._of.get(key)
        return (key,) if person is None else tuple(sorted(person.members))

    def join(self, bond: Bond) -> None:
        """Make two persons one, if they may be."""
        one, other = self._person(bond.one), self._person(bond.other)
        if one is other:
            return
        counts = {kind: one.counts.get(kind, 0) + other.counts.get(kind, 0) for kind in (*one.counts, *other.counts)}
        if not bond.by_hand and any(count > MOST.get(kind, count) for kind, count in counts.items()):
            self.refused.append(bond)
            return
        one.name = _shown(one.name, other.name, by_hand=bond.by_hand)
        one.counts = counts
        one.members += other.members
        for key in other.members:
            self._of[key] = one

    def _person(self, key: int) -> _Person:
        if key not in self._of:
            identifier = self.identifiers[key]
            self._of[key] = _Person(identifier, [key], {identifier.kind: 1})
        return self._of[key]


def persons(identifiers: Mapping[int, Identifier], bonds: Iterable[Bond]) -> Persons:
    """Return the persons that bonds make of identifiers, in whatever order they are told.

    >>> named = {1: Identifier(1, "user", "u1"), 2: Identifier(2, "user", "u2"), 3: Identifier(3, "email", "a@b.cd")}
    >>> found = persons(named, [Bond(20, "y", 2, 3), Bond(10, "x", 1, 3)])
    >>> found.of(3), found.of(2), [bond.id for bond in found.refused]
    (1, 2, ['y'])
    """
    found = Persons(identifiers)
    for bond in sorted(set(bonds)):
        found.join(bond)
    return found


def _shown(one: Identifier, other: Identifier, *, by_hand: bool) -> Identifier:
    if by_hand and one.kind == other.kind:
        return one
    return min(one, other, key=lambda identifier: identifier.precedence)
