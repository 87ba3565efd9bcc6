"""What the signals of a plan make of one event: what it gives now, or why it gives nothing.

All of it is asked of the reader that scores: what matches, what a condition reads, what a signal comes to.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from ripeline.definition.conditions import And, Condition, names_in
from ripeline.definition.model import Accrual, EventMatch, Frequency, Signal, TraitUnits
from ripeline.definition.render import condition_text
from ripeline.plan.nodes import Plan, SignalPlan
from ripeline.scoring.evaluate import Observed, age, event_reader, observe, signal_lines, trait_reader
from ripeline.scoring.measure import Mismatch, mismatch
from ripeline.scoring.profile import Profile
from ripeline.scoring.truth import Reader
from ripeline.vocabulary.history import Event, LeadHistory

Counted = Literal[
    "counts", "gives", "no_points", "full", "adds_nothing", "too_few", "stopped", "stops", "too_old", "later"
]
"""What becomes of an event that a signal looks at; counts: of that nothing more is told."""

Found = Counted | Mismatch | Literal["closed"]

MOST_EVENTS: Final = 2_000
"""Of a lead of whom points of single events are told: each is found by counting all of them twice."""

NOT_COUNTED: Final[tuple[Found, ...]] = ("type", "name", "untrusted", "where", "closed")


@dataclass(frozen=True, slots=True)
class PartRead:
    """A part of a condition that does not hold. answer: False, or None for unknown; values: what it read, by name."""

    text: str
    answer: bool | None
    values: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What a signal makes of an event.

    micro: how much more the signal gives now because of it than by what came before it; limits of groups come later.
    parts: of what does not hold. units: where there are too few, how many there were when it came.
    """

    signal: Signal
    found: Found
    micro: int = 0
    parts: tuple[PartRead, ...] = ()
    units: int = 0

    @property
    def counts(self) -> bool:
        """Say whether the signal looks at the event at all."""
        return self.found not in NOT_COUNTED


@dataclass(frozen=True, slots=True)
class _Moment:
    plan: Plan
    profile: Profile
    day: int
    as_of_us: int


def looked_at(plan: Plan, history: LeadHistory, event: Event, as_of_us: int) -> tuple[Look, ...]:
    """Return what each signal that reads events makes of one event of a lead, as of an instant."""
    moment = _Moment(plan, Profile(history.statements, as_of_us, plan.tables), plan.zone.day(as_of_us), as_of_us)
    firsts = [(one, look) for one in plan.signals if (look := _first(moment, one.signal, event)) is not None]
    counting = tuple(one for one, look in firsts if look.counts)
    if not counting or len(history.events) > MOST_EVENTS:
        return tuple(look for _, look in firsts)
    # What others make of it is nothing: without them a long history is gone through far sooner.
    before, then = (observe(replace(plan, signals=counting), one, as_of_us) for one in _around(history, event))
    return tuple(_counted(moment, one, event, (before, then), look) if look.counts else look for one, look in firsts)


def _around(history: LeadHistory, event: Event) -> tuple[LeadHistory, LeadHistory]:
    """Return a history as it was before one of its events, and with it."""
    ordered = sorted(history.events, key=lambda one: (one.time_us, one.known_us))
    place = ordered.index(event)
    before, then = (tuple(ordered[:until]) for until in (place, place + 1))
    return replace(history, events=before), replace(history, events=then)


# ---- whether a signal looks at it --------------------------------------------------------------------------------


def _first(moment: _Moment, signal: Signal, event: Event) -> Look | None:
    """Return a look without points, None for a signal that reads no events."""
    form = signal.form
    if isinstance(form, TraitUnits):
        return None
    found = _look(moment, signal, form.match, event)
    if found.counts or not isinstance(form, Frequency) or form.without is None:
        return found
    return replace(found, found="stops") if _look(moment, signal, form.without, event).counts else found


def _look(moment: _Moment, signal: Signal, match: EventMatch, event: Event) -> Look:
    where, trusted = match.where, signal.trusted
    if where is None:
        wrong = mismatch(event, match, lambda _: True, trusted=trusted)
        return Look(signal, wrong) if wrong else _gated(moment, signal)
    reads = event_reader(moment.plan, where, moment.profile, moment.day, trusted=trusted)
    wrong = mismatch(event, match, lambda one: reads(one).holds(where), trusted=trusted)
    if wrong is None:
        return _gated(moment, signal)
    return Look(signal, wrong, parts=tuple(_not_so(where, reads(event))) if wrong == "where" else ())


def _gated(moment: _Moment, signal: Signal) -> Look:
    reader = trait_reader(moment.plan, moment.profile, moment.day, trusted=signal.trusted)
    if signal.gate is None or reader.holds(signal.gate) is True:
        return Look(signal, "counts")
    return Look(signal, "closed", parts=tuple(_not_so(signal.gate, reader)))


def _not_so(condition: Condition, reader: Reader) -> Iterator[PartRead]:
    """Yield the parts of a condition, of those that all have to hold, that do not."""
    for part in condition.args if isinstance(condition, And) else (condition,):
        if (answer := reader.holds(part)) is not True:
            read = ((name.key, reader.value(name)) for name in dict.fromkeys(names_in(part)))
            values = tuple((key, None if value is None else value.plain) for key, value in read)
            yield PartRead(condition_text(part), answer, values)


# ---- what it gives -----------------------------------------------------------------------------------------------


def _counted(moment: _Moment, one: SignalPlan, event: Event, around: tuple[Observed, Observed], look: Look) -> Look:
    before, then = around
    was, is_now = (sum(line.micro for line in signal_lines(one, seen, moment.day)) for seen in around)
    found: Found = "stops" if look.found == "stops" else _why_nothing(moment, one, event, before, then)
    if is_now != was and found != "stops":
        found = "gives"
    return replace(look, found=found, micro=is_now - was, units=_units(one, then, moment.day))


def _why_nothing(moment: _Moment, one: SignalPlan, event: Event, before: Observed, then: Observed) -> Counted:
    """Return what is the matter with an event that a signal looks at, if it turns out to give nothing."""
    form, at = one.signal.form, moment.plan.zone.day(event.time_us)
    if event.time_us > moment.as_of_us:
        return "later"
    if one.signal.points == 0:
        return "no_points"
    if not isinstance(form, Accrual | Frequency):
        return "adds_nothing"  # there is no silence that it could end
    if age(moment.day, at) >= one.horizon:
        return "too_old"
    if isinstance(form, Frequency) and _units(one, then, moment.day) < form.at_least:
        return "too_few"
    seen = then.signals[one.name]
    if isinstance(form, Frequency) and seen.without is not None and age(moment.day, seen.without) < form.window:
        return "stopped"
    was, is_now = (told.signals[one.name].days.measured.get(at, 0) for told in (before, then))
    return "adds_nothing" if was == is_now and form.measure.kind in {"sum", "minutes"} else "full"


def _units(one: SignalPlan, seen: Observed, day: int) -> int:
    """Return how many units count that are young enough."""
    counted = seen.signals[one.name].days.counted
    return sum(units for at, units in counted.items() if age(day, at) < one.horizon)
