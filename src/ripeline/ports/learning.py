"""History as learning asks for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ripeline.learning.acts import Acts
from ripeline.learning.arrays import Flags, Floats
from ripeline.learning.people import People
from ripeline.learning.sample import Trait
from ripeline.learning.snapshots import Snapshots
from ripeline.plan.nodes import Plan


@dataclass(frozen=True, slots=True)
class Then:
    """What was known at snapshots. undated: traits that hold at all times, since nobody noted when they came."""

    traits: Mapping[str, Trait]
    acts: Acts | None
    undated: Sequence[str]


@dataclass(frozen=True, slots=True)
class NearClosing:
    """An event: how many there are, and how many of them near the outcome of their lead, in minutes."""

    type: str
    name: str
    events: int
    near: int


@dataclass(frozen=True, slots=True)
class Scored:
    """What a definition says of snapshots. points: fit and engagement together; handed: whether sales is told."""

    points: Floats
    handed: Flags


class Past(Protocol):
    """What was known when."""

    def traits(self) -> Sequence[str]:
        """Return the names of all traits, derived ones too."""

    def stated(self) -> Collection[str]:
        """Return the names of the traits that were stated."""

    def made_from(self, traits: Collection[str]) -> Collection[str]:
        """Return these traits, and those that are derived from them."""

    def events(self) -> Sequence[str]:
        """Return the names of all events."""

    def people(self, plan: Plan, as_of_us: int) -> People:
        """Return everybody of whom something is known by an instant, and the outcomes known by then."""

    def keys(self, leads: Sequence[str]) -> Mapping[str, int]:
        """Return the key of each lead by any of its identifiers; InputError where nobody has one."""

    def then(self, plan: Plan, snapshots: Snapshots, ignored: Sequence[str]) -> Then:
        """Return what was known at each snapshot, less traits and events that are ignored."""

    def near_closing(self, plan: Plan, people: People, as_of_us: int) -> Sequence[NearClosing]:
        """Return which events there are, and how near they are to the first outcome of their lead."""

    def scored(self, plan: Plan, snapshots: Snapshots) -> Scored:
        """Return what a definition says of each snapshot, by what was known then."""

    def units(self, plan: Plan, snapshots: Snapshots) -> Mapping[str, Floats]:
        """Return what each rule of a definition counted at each snapshot, in units of its points; see own.Own."""
