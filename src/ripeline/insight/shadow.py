"""Our MQLs beside those that the company's CRM called MQL: who is in both, who was earlier, what became of them.

Ours are the persons whose first move to MQL lies between two days; theirs are those named by the CRM. Whoever the CRM
names, and we called MQL at any time, is in both.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ripeline.insight.journey import Journey
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.rates import Rate
from ripeline.vocabulary.stages import QUIET

EXAMPLES: Final = 5
"""How many leads of each group are named."""

OURS, THEIRS, BOTH, ONLY_OURS, ONLY_THEIRS = "ours", "theirs", "both", "only_ours", "only_theirs"
GROUPS: Final = (OURS, THEIRS, BOTH, ONLY_OURS, ONLY_THEIRS)


@dataclass(frozen=True, slots=True)
class Called:
    """The CRM called somebody MQL. accepted: whether sales took them on, None where it does not say."""

    lead: str
    at_us: int
    accepted: bool | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """One person. ours_us, theirs_us: when each first called them MQL; cause, why: of our move; stage: by the log."""

    lead: str
    ours_us: int | None
    theirs_us: int | None
    cause: str | None
    why: str | None
    stage: str | None
    accepted: bool | None
    won: bool


@dataclass(slots=True)
class Group:
    """What became of some persons. accepted: of those of whom it is known; won: of all, so far."""

    leads: int = 0
    accepted: Rate = field(default_factory=Rate)
    won: Rate = field(default_factory=Rate)
    causes: Counter[str] = field(default_factory=Counter)
    examples: list[Compared] = field(default_factory=list)

    def add(self, one: Compared) -> None:
        """Count a person."""
        self.leads += 1
        self.won = Rate(self.won.count + one.won, self.won.of + 1)
        if one.accepted is not None:
            self.accepted = Rate(self.accepted.count + one.accepted, self.accepted.of + 1)
        if one.cause is not None:
            self.causes[one.cause] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(one)


@dataclass(frozen=True, slots=True)
class Shadow:
    """The groups by GROUPS, and by how many days we were earlier with each of both: negative where we were later.

    Those are left out whom we did not call MQL because of what they did: their day says when history came to us.
    """

    groups: Mapping[str, Group]
    days_earlier: Sequence[int]


def shadow(
    journeys: Mapping[int, Journey], called: Mapping[int, Called], from_us: int, until_us: int, zone: Zone
) -> Shadow:
    """Compare ours with theirs. journeys: of everybody of both, by any key; called: by the same keys."""
    groups, days = {name: Group() for name in GROUPS}, list[int]()
    for one in sorted(_compared(journeys, called), key=lambda one: (_first(one), one.lead)):
        own_time = one.ours_us is not None and from_us <= one.ours_us <= until_us
        for name in _groups(one, own_time=own_time):
            groups[name].add(one)
        if one.ours_us is not None and one.theirs_us is not None and one.cause not in QUIET:
            days.append(zone.day(one.theirs_us) - zone.day(one.ours_us))
    return Shadow(groups, sorted(days))


def first_called(rows: Iterable[tuple[int, Called]]) -> dict[int, Called]:
    """Return of each person when the CRM called them MQL first; accepted once is accepted."""
    found = dict[int, Called]()
    for key, one in rows:
        before = found.get(key, one)
        words = {before.accepted, one.accepted}
        accepted = True if True in words else False if False in words else None
        found[key] = Called(before.lead, min(before.at_us, one.at_us), accepted)
    return found


def _compared(journeys: Mapping[int, Journey], called: Mapping[int, Called]) -> Iterable[Compared]:
    for key, journey in journeys.items():
        ours, theirs = journey.first_mql, called.get(key)
        times = [one.at_us for one in (ours, theirs) if one is not None]
        yield Compared(
            lead=journey.lead,
            ours_us=None if ours is None else ours.at_us,
            theirs_us=None if theirs is None else theirs.at_us,
            cause=None if ours is None else ours.cause,
            why=None if ours is None else ours.why,
            stage=journey.stage,
            accepted=journey.accepted if theirs is None or theirs.accepted is None else theirs.accepted,
            won=bool(times) and journey.won_since(min(times)),
        )


def _groups(one: Compared, *, own_time: bool) -> Sequence[str]:
    if one.theirs_us is None:
        return (OURS, ONLY_OURS) if own_time else ()
    if one.ours_us is None:
        return (THEIRS, ONLY_THEIRS)
    return (OURS, THEIRS, BOTH)


def _first(one: Compared) -> int:
    return min(at_us for at_us in (one.ours_us, one.theirs_us, 2**63) if at_us is not None)
