"""Learn from deals won and lost what a definition should be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ripeline.learning.leaks.check import Leak, clocks_of, leaks_of
from ripeline.learning.own import Begin
from ripeline.learning.people import People
from ripeline.learning.sample import Sample
from ripeline.learning.snapshots import Horizon, Now, Snapshots, When, snapshots_of, some_of
from ripeline.learning.study import Looked, Study, Wanted, studied
from ripeline.plan.nodes import Plan
from ripeline.ports.learning import NearClosing, Past
from ripeline.ports.scores import Progress
from ripeline.usecases.learn_asked import AN_HOUR_AFTER, EVERY_WEEK, LearnAsked, names_asked
from ripeline.usecases.starting import begin_of
from ripeline.vocabulary.issues import InputError, did_you_mean

ALWAYS_NEAR, OFTEN_NEAR = 0.9, 0.5
"""Of an event that goes with the outcome: share of them within minutes of it, for sure, and perhaps."""

LEAST_EVENTS: Final = 20


@dataclass(frozen=True)
class Learned:
    """What came of it, and what it was learned from. plan: the company's own definition.

    begin: its rules, where it is started from.
    """

    asked: LearnAsked
    when: When
    people: People
    looked: Looked
    study: Study
    leaks: Sequence[Leak]
    clocks: Sequence[Leak]
    undated: Sequence[str]
    is_dated: bool
    plan: Plan
    begin: Begin | None = None


def learn(past: Past, plan: Plan, asked: LearnAsked, progress: Progress) -> Learned:
    """Learn from everything that was known by an instant.

    plan: the company's own definition, to be compared with, and to be started from where that is asked.
    """
    asked = _known(past, asked)
    progress("reading history", None)
    people = past.people(plan, asked.as_of_us)
    events = past.near_closing(plan, people, asked.as_of_us)
    when = _when(people, asked, has_events=bool(events))
    snapshots = _snapshots(people, when, plan, asked)
    is_dated = not isinstance(when, Now)
    near = _near_leaks(events) if is_dated and not asked.repeats else []
    out = [leak.name for leak in near if leak.name not in asked.kept]
    then = past.then(plan, snapshots, [*asked.ignored, *out])
    weight = snapshots.weight()
    sample = Sample(snapshots.won, then.traits, then.acts, weight, snapshots.place, leads=snapshots.leads)
    leaks = _leaks(sample, past) if len(sample) else []
    clocks = clocks_of(sample, snapshots.is_later()) if is_dated and len(sample) else []
    doubted = past.made_from({leak.name for leak in leaks if leak.name not in asked.kept})
    looked = Looked(sample.without(doubted), snapshots, past.scored(plan, snapshots).points if len(snapshots) else None)
    begin = None
    if asked.starts and len(snapshots):
        units = past.units(plan, snapshots)
        begin = begin_of(plan, units, {*doubted, *out, *asked.ignored})
        looked = replace(looked, sample=replace(looked.sample, own=units))
    study = studied(looked, Wanted(asked.most, asked.seed, is_dated, asked.is_ordered, begin), progress)
    return Learned(asked, when, people, looked, study, [*near, *leaks], clocks, then.undated, is_dated, plan, begin)


def _leaks(sample: Sample, past: Past) -> list[Leak]:
    """Return stated traits that may know the outcome; those that are made from them are as good as they are."""
    stated = past.stated()
    return leaks_of(sample.without([name for name in sample.traits if name not in stated]))


def _known(past: Past, asked: LearnAsked) -> LearnAsked:
    """Return what is asked with the names that there are; InputError where one is not."""
    known = [*past.traits(), *past.events()]
    return replace(asked, ignored=_names(asked.ignored, known), kept=_names(asked.kept, known))


def _names(told: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return names of options, each of one name, which may hold commas, or of several with commas between them."""
    names = [part for one in told for part in ([one.strip()] if one.strip() in known else names_asked([one]))]
    for name in names:
        if name not in known:
            raise InputError(
                f'"{name}" is no trait and no event of this history; {did_you_mean(name, known)}'.rstrip("; ")
            )
    return tuple(names)


def _when(people: People, asked: LearnAsked, *, has_events: bool) -> When:
    """Return the moments that are asked for, or those that suit the history."""
    if not people.is_dated:
        if asked.within_days is not None:
            raise InputError("outcomes have no times, so nobody knows who was won within days; leave out --win-within")
        if asked.when is not None:
            raise InputError("outcomes have no times, so no moment lies before them; leave out --score-at")
        return Now()
    return asked.when or (EVERY_WEEK if has_events else AN_HOUR_AFTER)


def _snapshots(people: People, when: When, plan: Plan, asked: LearnAsked) -> Snapshots:
    horizon = Horizon(asked.as_of_us, asked.within_days, asked.repeats)
    return some_of(snapshots_of(people, when, horizon, plan.zone), asked.seed)


def _near_leaks(events: Sequence[NearClosing]) -> list[Leak]:
    """Return events that go with the outcome, and so cannot foretell it."""
    found = []
    for one in events:
        share = one.near / one.events
        if one.events >= LEAST_EVENTS and share >= OFTEN_NEAR:
            why = f"{share:.0%} of these events came within 10 minutes of the outcome."
            found.append(Leak(one.name, "block" if share >= ALWAYS_NEAR else "ask", why))
    return found
