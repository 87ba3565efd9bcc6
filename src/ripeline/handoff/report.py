"""How sales answers: how much is accepted, why not, how soon, and how often as promised.

A handoff counts for whoever has it, or had it last. Who let it lapse before has that counted, and the promise that was
broken, and nothing else. Times are working time of who answered, from when it was given to them.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ripeline.handoff.hours import worked
from ripeline.handoff.sales import Sales
from ripeline.vocabulary.handoffs import (
    ACCEPTED,
    DISQUALIFIED,
    LOST,
    RECYCLED,
    REJECTED,
    UNANSWERED,
    WITHDRAWN,
    WON,
    Handoff,
)
from ripeline.vocabulary.rates import Rate
from ripeline.vocabulary.sales import Hours
from ripeline.vocabulary.scores import Contribution, given_by

RAISED, BY_LOT, BY_MATRIX = "hand_raise", "lot", "matrix"
_Times = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Handled:
    """A handoff that somebody was given, or took.

    first_us: when that was first. times: how often it was given to somebody. breached: a promise was broken on the way.
    signal: which one gave most of the interest when it was made, or was the raised hand; channel: by which the lead
    first came. None where it is not known.
    """

    handoff: Handoff
    first_us: int
    times: int = 1
    breached: bool = False
    signal: str | None = None
    channel: str | None = None


Keys = Callable[[Handled, Sales], str | None]
GROUPS: Final[Mapping[str, Keys]] = {
    "owner": lambda one, _: one.handoff.owner,
    "team": lambda one, sales: one.handoff.team or _team_of(one, sales),
    "definition": lambda one, _: f"{one.handoff.definition}@{one.handoff.fingerprint}",
    "way": lambda one, _: _way_of(one.handoff),
    "signal": lambda one, _: one.signal,
    "channel": lambda one, _: one.channel,
    "reason": lambda one, _: one.handoff.reason if one.handoff.state == REJECTED else None,
}
"""What handoffs can be told apart by."""


def strongest(lines: Sequence[tuple[str, int]]) -> str | None:
    """Return the signal that gave most points under its cap, of the lines (name, micro-points) of an engagement score.

    >>> strongest([("hit", 3), ("trial", 9), ("limit:trial", -2)])
    'trial'
    >>> strongest([("hit", 3), ("page", 9), ("limit:page", -7)])
    'hit'
    """
    points = [one for one in given_by(Contribution(*line) for line in lines) if one.micro > 0]
    return max(points, key=lambda one: one.micro).name if points else None


@dataclass(slots=True)
class Answers:
    """What became of some handoffs, counted one by one.

    states: how many by how they stand. rejected: by reason. accepting, touching: how many promises to answer, and to be
    in touch, were kept, and how many of them are over. accept_times, touch_times: working microseconds, unsorted.
    breached: with a promise broken on the way; reassigned: given to a second one; lapsed: times that it was let lapse.
    """

    states: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    accepting: Rate = field(default_factory=Rate)
    touching: Rate = field(default_factory=Rate)
    accept_times: "array[int]" = field(default_factory=lambda: array("q"))
    touch_times: "array[int]" = field(default_factory=lambda: array("q"))
    breached: int = 0
    reassigned: int = 0
    lapsed: int = 0

    @property
    def given(self) -> int:
        """All of them."""
        return self.states.total()

    @property
    def accepted(self) -> int:
        """Those that somebody works, or worked until a deal was won or lost."""
        return self.states[ACCEPTED] + self.states[WON] + self.states[LOST]

    @property
    def still_open(self) -> int:
        """Those that nobody has answered yet."""
        return sum(self.states[state] for state in UNANSWERED)

    @property
    def acceptance(self) -> Rate:
        """How many were accepted of those that were answered; what was accepted and then sent back is sent back."""
        back = sum(self.states[state] for state in (REJECTED, RECYCLED, DISQUALIFIED))
        return Rate(self.accepted, self.accepted + back)

    def add(self, one: Handled, times: _Times, as_of_us: int) -> None:
        """Count a handoff."""
        handoff = one.handoff
        self.states[handoff.state] += 1
        if handoff.state == REJECTED:
            self.rejected[handoff.reason or ""] += 1
        self.breached += one.breached
        self.reassigned += one.times > 1
        self.accepting = _with(self.accepting, handoff.accept_due_us, *_answered(handoff, as_of_us))
        self.touching = _with(self.touching, handoff.touch_due_us, *_touched(handoff, as_of_us))
        for known, time in zip((self.accept_times, self.touch_times), times, strict=True):
            if time is not None:
                known.append(time)

    def add_lapse(self) -> None:
        """Count that a handoff was let lapse: a promise was broken."""
        self.lapsed += 1
        self.accepting = Rate(self.accepting.count, self.accepting.of + 1)


@dataclass(frozen=True, slots=True)
class SlaReport:
    """What became of handoffs: of all, and of those that something tells apart, by what that is."""

    total: Answers
    groups: Mapping[str | None, Answers]


def sla_report(handled: Iterable[Handled], by: str | None, sales: Sales, as_of_us: int) -> SlaReport:
    """Return how handoffs were answered by an instant, in one pass; by: of GROUPS, None for all together."""
    total, groups = Answers(), dict[str | None, Answers]()
    for one in handled:
        rows = [total]
        if by is not None:
            rows.append(groups.setdefault(GROUPS[by](one, sales), Answers()))
        times = _times(one.handoff, sales)
        for row in rows:
            row.add(one, times, as_of_us)
        for name in one.handoff.lapsed:
            total.add_lapse()
            if by is not None:
                (groups.setdefault(name, Answers()) if by == "owner" else rows[-1]).add_lapse()
    if by == "reason":
        groups.pop(None, None)  # what was not rejected has none
    return SlaReport(total, groups)


def _way_of(one: Handoff) -> str:
    if one.hand_raise:
        return RAISED
    return BY_MATRIX if one.by_lot is None else BY_LOT


def _team_of(one: Handled, sales: Sales) -> str | None:
    team = sales.team_of(one.handoff.owner or "")
    return None if team is None else team.name


def _answered(one: Handoff, as_of_us: int) -> tuple[int | None, int]:
    """Return when somebody answered, and until when it could be seen that nobody did."""
    at_us = one.accepted_us if one.accepted_us is not None or one.state == WITHDRAWN else one.closed_us
    return at_us, as_of_us if one.closed_us is None else one.closed_us


def _touched(one: Handoff, as_of_us: int) -> tuple[int | None, int]:
    """The same of being in touch. Who won or lost a deal was in touch, and nobody noted when."""
    until_us = as_of_us if one.closed_us is None else one.closed_us
    unknown = one.touched_us is None and one.state in {WON, LOST}
    return one.touched_us, one.touch_due_us or 0 if unknown else until_us


def _with(before: Rate, due_us: int | None, at_us: int | None, until_us: int) -> Rate:
    """Return a rate with one promise more: kept, broken, or left out where it is not over yet."""
    if due_us is None or (at_us is None and until_us <= due_us):
        return before
    return Rate(before.count + (at_us is not None and at_us <= due_us), before.of + 1)


def _times(one: Handoff, sales: Sales) -> _Times:
    """Return the working time until it was accepted, and until somebody was in touch; hours are those set up now."""
    owner = sales.people.get(one.owner or "")
    hours = sales.hours if owner is None else owner.hours
    return _time(hours, one.assigned_us, one.accepted_us), _time(hours, one.assigned_us, one.touched_us)


def _time(hours: Hours, from_us: int | None, until_us: int | None) -> int | None:
    return None if from_us is None or until_us is None else worked(hours, from_us, until_us)
