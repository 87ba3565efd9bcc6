"""All links around some identifiers, and whose these are at an instant."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ripeline.identity.persons import Bond, Identifier, Persons, persons
from ripeline.identity.ties import Belonging, Tie, belongings, within_limits
from ripeline.vocabulary.calendar import EVER, NEVER


@dataclass(frozen=True)
class Links:
    """Links that stand (what was taken back is not among them), and the identifiers they name.

    about: the identifiers whose links are all here; others stand at the far end of some.
    """

    identifiers: Mapping[int, Identifier]
    bonds: Collection[Bond] = ()
    ties: Collection[Tie] = ()
    about: frozenset[int] = frozenset()

    def until(self, as_of_us: int) -> "Whose":
        """Return whose what is at an instant."""
        known = (bond for bond in self.bonds if bond.time_us <= as_of_us)
        return Whose.made(persons(self.identifiers, known), (tie for tie in self.ties if tie.time_us <= as_of_us))

    def keys(self) -> Iterator[int]:
        """Yield the key at every end of a link."""
        for bond in self.bonds:
            yield from (bond.one, bond.other)
        for tie in self.ties:
            yield from (tie.user, tie.device)

    def groups(self) -> Mapping[int, "Links"]:
        """Return by each key the links that have to do with it, however remotely; keys without any are left out."""
        found = _Groups()
        for bond in self.bonds:
            found.join(bond.one, bond.other)
        for tie in self.ties:
            found.join(tie.user, tie.device)
        bonds, ties = defaultdict[int, list[Bond]](list), defaultdict[int, list[Tie]](list)
        for bond in self.bonds:
            bonds[found.of(bond.one)].append(bond)
        for tie in self.ties:
            ties[found.of(tie.user)].append(tie)
        groups = {key: Links(self.identifiers, bonds[key], ties[key]) for key in {*bonds, *ties}}
        return {key: groups[found.of(key)] for key in found.known()}

    def without(self, pairs: Collection[frozenset[int]]) -> "Links":
        """Return them without those between pairs of identifiers."""
        bonds = [bond for bond in self.bonds if frozenset((bond.one, bond.other)) not in pairs]
        ties = [tie for tie in self.ties if frozenset((tie.user, tie.device)) not in pairs]
        return replace(self, bonds=bonds, ties=ties)


class _Groups:
    """Keys that hang together, each group by one of them."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def of(self, key: int) -> int:
        above = self._above.setdefault(key, key)
        while above != (higher := self._above[above]):
            self._above[key] = key = above = higher
        return above

    def join(self, one: int, other: int) -> None:
        self._above[self.of(one)] = self.of(other)

    def known(self) -> Iterable[int]:
        return list(self._above)


@dataclass
class Whose:
    """Persons, and their devices with the times when these were theirs."""

    persons: Persons
    _last: dict[int, int] = field(default_factory=dict)
    _devices: dict[int, list[Belonging]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def made(cls, known: Persons, ties: Iterable[Tie]) -> "Whose":
        """Tie devices to persons: devices that are one, and owners that are one, count as one."""
        whose = cls(known)
        counted = [tie._replace(device=known.of(tie.device), user=known.of(tie.user)) for tie in within_limits(ties)]
        for one in belongings(counted):
            whose._last[one.identifier] = one.person
            whose._devices[one.person].append(one)
        return whose

    def person(self, key: int) -> int:
        """Return the key of the identifier by which an identifier's person is shown: a device's by its last owner."""
        own = self.persons.of(key)
        return self._last.get(own, own)

    def belongings(self, person: int) -> Iterator[Belonging]:
        """Yield what is a person's, and when: their identifiers always, devices as long as they were theirs."""
        yield from (Belonging(key, EVER, NEVER, person) for key in self.persons.members(person))
        for one in self._devices.get(person, ()):
            yield from (one._replace(identifier=key) for key in self.persons.members(one.identifier))
