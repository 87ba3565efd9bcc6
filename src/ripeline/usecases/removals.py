"""Who is to be on the removal list, and what keeps somebody off it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ripeline.definition.conditions import Condition, Name, names_in
from ripeline.lifecycle.standing import Standing, standing
from ripeline.plan.nodes import Plan
from ripeline.ports.handoffs import HandoffBook
from ripeline.ports.history import History
from ripeline.ports.lifecycle import LeadNow
from ripeline.scoring.truth import Reader
from ripeline.vocabulary.calendar import day_text
from ripeline.vocabulary.handoffs import LIVE
from ripeline.vocabulary.people import Name as Person
from ripeline.vocabulary.removals import REMOVABLE_STAGES, REMOVE, Hold, OtherDay
from ripeline.vocabulary.scores import UNKNOWN_FIT
from ripeline.vocabulary.tasks import UNANSWERED
from ripeline.vocabulary.values import Value

FAR_APART = 8
"""So many days are looked at first: whoever falls out on one of them need not be looked at day by day."""


@dataclass(frozen=True, slots=True)
class RemovalRules:
    """How people are removed.

    never: who is not, whatever their scores, as a condition on traits and as it is written. wait_us: how long somebody
    stands on the list before they are removed without anybody's doing; None where a person confirms.
    """

    never: Condition
    never_text: str
    wait_us: int | None = None

    @property
    def traits(self) -> tuple[str, ...]:
        """The traits that are read."""
        return tuple(dict.fromkeys(name.key for name in names_in(self.never)))

    def removed_from(self, proposed_us: int) -> int | None:
        """Return when somebody is removed who was proposed at an instant; None where a person confirms."""
        return None if self.wait_us is None else proposed_us + self.wait_us


def shown_names(history: History, leads: Sequence[str], at_us: int) -> dict[str, Person]:
    """Return the names that leads are shown by, by what they are asked for by; InputError where nobody is one."""
    kin = history.kin(leads)
    whose = kin.links.until(at_us)
    shown = (kin.identifiers[whose.person(kin.asked[lead])] for lead in leads)
    return {lead: Person(one.kind, one.value) for lead, one in zip(leads, shown, strict=True)}


def names_of(history: History, lead: str, at_us: int) -> list[Person]:
    """Return all names of whoever is behind an identifier, the one shown first; InputError where nobody is."""
    kin = history.kin([lead])
    whose = kin.links.until(at_us)
    person = whose.person(kin.asked[lead])
    own = {one.identifier for one in whose.belongings(person)} - {person}
    return [Person(one.kind, one.value) for one in (kin.identifiers[key] for key in (person, *sorted(own)))]


def days_of(plan: Plan, at_us: int) -> range:
    """Return the local days on all of which a lead has to be one to remove, today among them."""
    today = plan.zone.day(at_us)
    return range(today - plan.definition.stages.remove_after + 1, today + 1)


def days_far_apart(days: range) -> list[int]:
    """Return a few days among others, the first one among them, without the last one, which is today.

    >>> days_far_apart(range(0, 6)), days_far_apart(range(0, 161))
    ([0, 1, 2, 3, 4], [0, 20, 40, 60, 80, 100, 120, 140])
    """
    earlier = days[:-1]
    return list(earlier[:: max(1, -(-len(earlier) // FAR_APART))])


def kept_by(
    book: HandoffBook, rules: RemovalRules, definition: str, plan: Plan, lead: LeadNow, at_us: int
) -> str | None:
    """Return why a lead is not to be removed, whatever its scores; None where nothing of the kind is known."""
    return next(_reasons(book, rules, definition, plan, lead, at_us), None)


def _reasons(
    book: HandoffBook, rules: RemovalRules, definition: str, plan: Plan, lead: LeadNow, at_us: int
) -> Iterator[str]:
    names, day = [one.name for one in lead.owned], plan.zone.day(at_us)

    def lookup(name: Name) -> Value | None:
        return lead.profile.get(name.key)

    yield from (held_text(one, plan) for one in book.removals.holds_of(names))
    if Reader(lookup, plan.zone, day).holds(rules.never):
        yield f"Nobody is removed of whom this is true: {rules.never_text}."
    for handoff in book.handoffs_of(definition, names):
        if handoff.state in LIVE:
            yield f"Sales has to do with it: handoff {handoff.number} is {handoff.state}."
    if plan.definition.per == "account" and lead.account is not None:
        live = book.live_of_account(definition, lead.account)
        yield from (f"Sales has to do with its company: handoff {number}." for number in live)
    for task in book.tasks.of(definition, names):
        if task.state in UNANSWERED:
            yield f"Sales is to see to it: task {task.number} is {task.state}."
    lines = book.lines_of(definition, names)
    yield from _of_stage(standing([line for line in lines if lead.owns(line.lead, line.at_us)]), day)


def _of_stage(stand: Standing, day: int) -> Iterator[str]:
    if stand.stage not in REMOVABLE_STAGES:
        yield f"Its stage is {stand.stage}."
    if stand.rests(day) and stand.head is not None and stand.head.resting_until is not None:
        yield f"Sales sent it back, and it rests until {day_text(stand.head.resting_until)}."


def held_text(one: Hold, plan: Plan) -> str:
    """Return a hold as a sentence."""
    return f"{one.by} put it on hold on {day_text(plan.zone.day(one.at_us))}: {one.reason}"


def kept_by_day(other: OtherDay, definition: str, plan: Plan, today: int) -> str:
    """Return the last day on which a lead was not to be removed as a sentence, with when it may be on the list."""
    when = "today" if other.day == today else f"on {day_text(other.day)}"
    if other.action is None:
        told = f"Nobody knew it {when}"
    elif other.action == REMOVE and other.fit_level == UNKNOWN_FIT:
        told = f"Its fit was unknown {when}, by {definition}"
    else:
        levels = f"{other.fit_level} fit, {other.engagement_level} interest"
        told = f"Its action was {other.action} {when} ({levels}), by {definition}"
    wanted = plan.definition.stages.remove_after
    if wanted == 1:
        return f"{told}."
    return f"{told}; {wanted} days of {REMOVE} in a row are asked for, so not before {day_text(other.day + wanted)}."
